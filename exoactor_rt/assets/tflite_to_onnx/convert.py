"""The conversion itself: operator by operator through a table of handlers."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import onnx

from exoactor_rt.assets.tflite_to_onnx import convolution, elementwise, rearrange
from exoactor_rt.assets.tflite_to_onnx.builder import OnnxBuilder
from exoactor_rt.assets.tflite_to_onnx.flatbuffer import Graph, Operator, read_graph
from exoactor_rt.errors import AssetError

Handler = Callable[[OnnxBuilder, Operator], None]

HANDLERS: Mapping[str, Handler] = {
    "ADD": elementwise.add,
    "CONCATENATION": rearrange.concatenation,
    "CONV_2D": convolution.convolution,
    "DENSIFY": elementwise.stored_weights,
    "DEPTHWISE_CONV_2D": convolution.convolution,
    "DEPTH_TO_SPACE": rearrange.depth_to_space,
    "DEQUANTIZE": elementwise.stored_weights,
    "FULLY_CONNECTED": convolution.fully_connected,
    "LOGISTIC": elementwise.logistic,
    "MAX_POOL_2D": convolution.max_pool,
    "MEAN": convolution.mean,
    "PAD": convolution.pad,
    "PRELU": elementwise.prelu,
    "RESHAPE": rearrange.reshape,
    "RESIZE_BILINEAR": rearrange.resize_bilinear,
    "STRIDED_SLICE": rearrange.strided_slice,
}


def convert_graph(graph: Graph, name: str, outputs: Mapping[str, str]) -> onnx.ModelProto:
    """Converts a graph with image inputs; see `convert`."""
    index_of = {graph.tensors[i].name: i for i in graph.outputs}
    missing = [wanted for wanted in outputs.values() if wanted not in index_of]
    if missing:
        raise AssetError(f"model {name}: no output {missing}, has {sorted(index_of)}")
    graph = graph.pruned_to(index_of[tensor_name] for tensor_name in outputs.values())
    builder = OnnxBuilder(graph, name)
    inputs = [builder.add_input(tensor) for tensor in graph.inputs]
    for operator in graph.operators:
        handler = HANDLERS.get(operator.kind)
        if handler is None:
            raise builder.error(f"operator {operator.kind} is not supported")
        handler(builder, operator)
    output_infos = [
        builder.add_output(tensor, output)
        for tensor, output in zip(graph.outputs, outputs, strict=True)
    ]
    return builder.model(inputs, output_infos)


def convert(data: bytes, name: str, outputs: Mapping[str, str]) -> onnx.ModelProto:
    """Converts a TFLite model with one image input to ONNX.

    The input is `input`, NCHW float32; weights become float32 and dense; outputs keep TFLite's
    order. Whatever the chosen outputs do not need is left out.

    Args:
        data: The TFLite file's content.
        name: What to call the model, also in errors.
        outputs: ONNX output name -> TFLite output tensor name.

    Raises:
        AssetError: The file is not TFLite, lacks an output, or uses an operator not in the table.
    """
    return convert_graph(read_graph(data, name), name, outputs)
