"""Handlers of operators that slide or reduce over the image: convolution, pooling, dense."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import tflite

from exoactor_rt.assets.tflite_to_onnx.builder import NCHW_FROM_NHWC, OnnxBuilder
from exoactor_rt.assets.tflite_to_onnx.flatbuffer import Operator


def _onnx_pads(
    padding: int,
    *,
    input_hw: Sequence[int],
    output_hw: Sequence[int],
    kernel_hw: Sequence[int],
    stride_hw: Sequence[int],
    dilation_hw: Sequence[int] = (1, 1),
) -> list[int]:
    """ONNX pads (top, left, bottom, right) of TFLite's padding; SAME puts the odd pixel last."""
    if padding == tflite.Padding.VALID:
        return [0, 0, 0, 0]
    begin, end = [], []
    for axis in (0, 1):
        reach = (kernel_hw[axis] - 1) * dilation_hw[axis] + 1
        total = max((output_hw[axis] - 1) * stride_hw[axis] + reach - input_hw[axis], 0)
        begin.append(total // 2)
        end.append(total - total // 2)
    return begin + end


def convolution(builder: OnnxBuilder, operator: Operator) -> None:
    """CONV_2D and DEPTHWISE_CONV_2D."""
    options = operator.options
    source, target = operator.inputs[0], operator.outputs[0]
    weights = builder.float_constant(operator.inputs[1])
    groups = 1
    if operator.kind == "DEPTHWISE_CONV_2D":
        weights = weights.transpose(3, 0, 1, 2)
        groups = builder.shape(source)[3]
        if options.DepthMultiplier() * groups != weights.shape[0]:
            raise builder.error(f"{weights.shape[0]} depthwise filters for {groups} channels")
    else:
        weights = weights.transpose(0, 3, 1, 2)
    inputs = [builder.tensor_name(source), builder.initializer(weights)]
    if len(operator.inputs) > 2 and operator.inputs[2] >= 0:
        inputs.append(builder.initializer(builder.float_constant(operator.inputs[2])))
    kernel = list(weights.shape[2:])
    strides = [options.StrideH(), options.StrideW()]
    dilations = [options.DilationHFactor(), options.DilationWFactor()]
    builder.emit(
        "Conv",
        inputs,
        target,
        nchw=True,
        activation=options.FusedActivationFunction(),
        kernel_shape=kernel,
        strides=strides,
        dilations=dilations,
        group=groups,
        pads=_onnx_pads(
            options.Padding(),
            input_hw=builder.shape(source)[1:3],
            output_hw=builder.shape(target)[1:3],
            kernel_hw=kernel,
            stride_hw=strides,
            dilation_hw=dilations,
        ),
    )


def max_pool(builder: OnnxBuilder, operator: Operator) -> None:
    """MAX_POOL_2D."""
    options = operator.options
    source, target = operator.inputs[0], operator.outputs[0]
    kernel = [options.FilterHeight(), options.FilterWidth()]
    strides = [options.StrideH(), options.StrideW()]
    builder.emit(
        "MaxPool",
        [builder.tensor_name(source)],
        target,
        nchw=True,
        activation=options.FusedActivationFunction(),
        kernel_shape=kernel,
        strides=strides,
        pads=_onnx_pads(
            options.Padding(),
            input_hw=builder.shape(source)[1:3],
            output_hw=builder.shape(target)[1:3],
            kernel_hw=kernel,
            stride_hw=strides,
        ),
    )


def pad(builder: OnnxBuilder, operator: Operator) -> None:
    """PAD with zeros."""
    amounts = builder.int_constant(operator.inputs[1])[list(NCHW_FROM_NHWC)]
    builder.emit(
        "Pad",
        [
            builder.tensor_name(operator.inputs[0]),
            builder.initializer(amounts.T.reshape(-1)),
            builder.initializer(np.array(0.0, np.float32)),
        ],
        operator.outputs[0],
        nchw=True,
        mode="constant",
    )


def mean(builder: OnnxBuilder, operator: Operator) -> None:
    """MEAN over height and width."""
    source, target = operator.inputs[0], operator.outputs[0]
    axes = sorted(int(axis) for axis in builder.int_constant(operator.inputs[1]).ravel())
    if axes != [1, 2] or not builder.is_nchw(source):
        raise builder.error(f"MEAN over axes {axes}, only height and width are supported")
    keep = bool(operator.options.KeepDims())
    channels = builder.shape(source)[3]
    shape = [1, channels, 1, 1] if keep else list(builder.shape(target))
    pooled = builder.intermediate("GlobalAveragePool", [builder.tensor_name(source)])
    builder.emit(
        "Reshape",
        [pooled, builder.initializer(np.array(shape, np.int64))],
        target,
        nchw=keep,
    )


def fully_connected(builder: OnnxBuilder, operator: Operator) -> None:
    """FULLY_CONNECTED on a flattened input."""
    source, target = operator.inputs[0], operator.outputs[0]
    weights = builder.float_constant(operator.inputs[1])
    flat = builder.intermediate(
        "Reshape",
        [
            builder.in_tflite_order(source),
            builder.initializer(np.array([-1, weights.shape[1]], np.int64)),
        ],
    )
    inputs = [flat, builder.initializer(weights)]
    if len(operator.inputs) > 2 and operator.inputs[2] >= 0:
        inputs.append(builder.initializer(builder.float_constant(operator.inputs[2])))
    builder.emit(
        "Gemm",
        inputs,
        target,
        nchw=False,
        activation=operator.options.FusedActivationFunction(),
        transB=1,
    )
