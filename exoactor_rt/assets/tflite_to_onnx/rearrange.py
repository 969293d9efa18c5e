"""Handlers of operators that resize, cut, join or reshape tensors."""

from __future__ import annotations

import numpy as np

from exoactor_rt.assets.tflite_to_onnx.builder import OnnxBuilder
from exoactor_rt.assets.tflite_to_onnx.flatbuffer import Operator

_NCHW_AXIS_OF_NHWC = (0, 2, 3, 1)


def resize_bilinear(builder: OnnxBuilder, operator: Operator) -> None:
    """RESIZE_BILINEAR in any of TFLite's three pixel conventions."""
    options = operator.options
    source, target = operator.inputs[0], operator.outputs[0]
    ratio = np.divide(builder.shape(target)[1:3], builder.shape(source)[1:3])
    if options.AlignCorners():
        convention = "align_corners"
    else:
        convention = "half_pixel" if options.HalfPixelCenters() else "asymmetric"
    scales = builder.initializer(np.array([1.0, 1.0, *ratio], np.float32))
    builder.emit(
        "Resize",
        [builder.tensor_name(source), "", scales],
        target,
        nchw=True,
        mode="linear",
        coordinate_transformation_mode=convention,
    )


def depth_to_space(builder: OnnxBuilder, operator: Operator) -> None:
    """DEPTH_TO_SPACE."""
    builder.emit(
        "DepthToSpace",
        [builder.tensor_name(operator.inputs[0])],
        operator.outputs[0],
        nchw=True,
        blocksize=operator.options.BlockSize(),
        mode="DCR",
    )


def reshape(builder: OnnxBuilder, operator: Operator) -> None:
    """RESHAPE, whose result is held in TFLite's order."""
    target = operator.outputs[0]
    shape = builder.initializer(np.array(builder.shape(target), np.int64))
    builder.emit(
        "Reshape", [builder.in_tflite_order(operator.inputs[0]), shape], target, nchw=False
    )


def concatenation(builder: OnnxBuilder, operator: Operator) -> None:
    """CONCATENATION of tensors held in the same layout."""
    target = operator.outputs[0]
    layouts = {builder.is_nchw(tensor) for tensor in operator.inputs}
    if len(layouts) != 1:
        raise builder.error("CONCATENATION of tensors in different layouts")
    nchw = layouts.pop()
    axis = operator.options.Axis() % len(builder.shape(target))
    builder.emit(
        "Concat",
        [builder.tensor_name(tensor) for tensor in operator.inputs],
        target,
        nchw=nchw,
        axis=_NCHW_AXIS_OF_NHWC[axis] if nchw else axis,
    )


def strided_slice(builder: OnnxBuilder, operator: Operator) -> None:
    """STRIDED_SLICE of an image, with begin and end masks."""
    options = operator.options
    source = operator.inputs[0]
    if not builder.is_nchw(source) or options.ShrinkAxisMask():
        raise builder.error("STRIDED_SLICE of this kind is not supported")
    begin, end, stride = (builder.int_constant(tensor) for tensor in operator.inputs[1:4])
    dimensions = np.arange(len(builder.shape(source)))
    begin = np.where(options.BeginMask() >> dimensions & 1, 0, begin)
    end = np.where(options.EndMask() >> dimensions & 1, builder.shape(source), end)
    bounds = (begin, end, np.array(_NCHW_AXIS_OF_NHWC), stride)
    builder.emit(
        "Slice",
        [
            builder.tensor_name(source),
            *(builder.initializer(bound.astype(np.int64)) for bound in bounds),
        ],
        operator.outputs[0],
        nchw=True,
    )
