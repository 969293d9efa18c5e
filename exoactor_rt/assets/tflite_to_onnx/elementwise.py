"""Handlers of operators that work value by value, and of stored weights."""

from __future__ import annotations

import numpy as np

from exoactor_rt.assets.tflite_to_onnx.builder import NCHW_FROM_NHWC, OnnxBuilder
from exoactor_rt.assets.tflite_to_onnx.flatbuffer import Operator


def stored_weights(builder: OnnxBuilder, operator: Operator) -> None:
    """DEQUANTIZE (float16 -> float32) and DENSIFY of constants, folded away."""
    builder.fold(operator.outputs[0], builder.float_constant(operator.inputs[0]))


def add(builder: OnnxBuilder, operator: Operator) -> None:
    """ADD of two activations, or of an activation and a constant."""
    names: list[str] = []
    layouts: set[bool] = set()
    for tensor in operator.inputs:
        value = builder.constant(tensor)
        if value is None:
            names.append(builder.tensor_name(tensor))
            layouts.add(builder.is_nchw(tensor))
            continue
        addend = value.astype(np.float32)
        if addend.ndim == 4:
            addend = addend.transpose(NCHW_FROM_NHWC)
        elif addend.ndim == 1 and addend.size > 1:
            addend = addend.reshape(-1, 1, 1)
        names.append(builder.initializer(addend))
    if len(layouts) != 1:
        raise builder.error("ADD of tensors in different layouts")
    builder.emit(
        "Add",
        names,
        operator.outputs[0],
        nchw=layouts.pop(),
        activation=operator.options.FusedActivationFunction(),
    )


def prelu(builder: OnnxBuilder, operator: Operator) -> None:
    """PRELU with one slope a channel."""
    slope = builder.float_constant(operator.inputs[1])
    if slope.size != slope.shape[-1]:
        raise builder.error(f"PRELU slope of shape {slope.shape}, only one a channel is supported")
    builder.emit(
        "PRelu",
        [builder.tensor_name(operator.inputs[0]), builder.initializer(slope.reshape(-1, 1, 1))],
        operator.outputs[0],
        nchw=True,
    )


def logistic(builder: OnnxBuilder, operator: Operator) -> None:
    """LOGISTIC."""
    source = operator.inputs[0]
    builder.emit(
        "Sigmoid",
        [builder.tensor_name(source)],
        operator.outputs[0],
        nchw=builder.is_nchw(source),
    )
