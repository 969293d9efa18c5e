"""Growing an ONNX graph: nodes, initializers, names and the layout of each tensor."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from exoactor_rt.assets.tflite_to_onnx.flatbuffer import Graph
from exoactor_rt.errors import AssetError

NCHW_FROM_NHWC = (0, 3, 1, 2)
NHWC_FROM_NCHW = (0, 2, 3, 1)
_OPSET = 17
_IR_VERSION = 8
_NO_ACTIVATION, _RELU, _RELU6 = 0, 1, 3


class OnnxBuilder:
    """An ONNX graph under construction for one TFLite graph.

    Four-dimensional activations are held as NCHW; tensors that TFLite reshaped are held in its own
    order. `is_nchw` tells which.
    """

    def __init__(self, graph: Graph, name: str) -> None:
        self.graph = graph
        self.name = name
        self._nodes: list[Any] = []
        self._initializers: list[Any] = []
        self._constants: dict[int, npt.NDArray[np.generic]] = {}
        self._nchw: set[int] = set()
        self._count = 0

    def error(self, what: str) -> AssetError:
        """An error about this model, to raise."""
        return AssetError(f"model {self.name}: {what}; not converted")

    def shape(self, tensor: int) -> tuple[int, ...]:
        """TFLite's shape of a tensor (NHWC where it has four dimensions)."""
        return self.graph.tensors[tensor].shape

    def constant(self, tensor: int) -> npt.NDArray[np.generic] | None:
        """The stored or folded value of a tensor, None for an activation."""
        if tensor in self._constants:
            return self._constants[tensor]
        return self.graph.tensors[tensor].constant

    def float_constant(self, tensor: int) -> npt.NDArray[np.float32]:
        """The value of a tensor that must be constant, as float32."""
        value = self.constant(tensor)
        if value is None:
            raise self.error(f"tensor {self.graph.tensors[tensor].name} is not constant")
        return value.astype(np.float32)

    def int_constant(self, tensor: int) -> npt.NDArray[np.int64]:
        """The value of a tensor that must be constant, as int64."""
        value = self.constant(tensor)
        if value is None:
            raise self.error(f"tensor {self.graph.tensors[tensor].name} is not constant")
        return value.astype(np.int64)

    def fold(self, tensor: int, value: npt.NDArray[np.generic]) -> None:
        """Records that a tensor is constant with `value`."""
        self._constants[tensor] = value

    def is_nchw(self, tensor: int) -> bool:
        """Whether the tensor is held as NCHW rather than in TFLite's order."""
        return tensor in self._nchw

    def tensor_name(self, tensor: int) -> str:
        """The ONNX name of an activation in the layout it is held in."""
        return f"t{tensor}"

    def in_tflite_order(self, tensor: int) -> str:
        """The ONNX name of an activation in TFLite's own order, transposed where needed."""
        if not self.is_nchw(tensor):
            return self.tensor_name(tensor)
        return self.intermediate("Transpose", [self.tensor_name(tensor)], perm=NHWC_FROM_NCHW)

    def initializer(self, value: npt.NDArray[np.generic]) -> str:
        """Stores a constant and returns its name."""
        self._count += 1
        name = f"c{self._count}"
        self._initializers.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, kind: str, inputs: list[str], output: str, **attributes: Any) -> None:
        """Adds a node with one output."""
        name = f"{kind}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, inputs, [output], name=name, **attributes))

    def intermediate(self, kind: str, inputs: list[str], **attributes: Any) -> str:
        """Adds a node whose output has no counterpart in the TFLite graph; returns its name."""
        self._count += 1
        output = f"x{self._count}"
        self.node(kind, inputs, output, **attributes)
        return output

    def emit(
        self,
        kind: str,
        inputs: list[str],
        tensor: int,
        *,
        nchw: bool,
        activation: int = _NO_ACTIVATION,
        **attributes: Any,
    ) -> None:
        """Adds the node that makes a TFLite tensor, with its fused activation."""
        output = self.tensor_name(tensor)
        if nchw:
            self._nchw.add(tensor)
        if activation == _NO_ACTIVATION:
            self.node(kind, inputs, output, **attributes)
        elif activation == _RELU:
            self.node("Relu", [self.intermediate(kind, inputs, **attributes)], output)
        elif activation == _RELU6:
            linear = self.intermediate(kind, inputs, **attributes)
            bounds = [self.initializer(np.array(v, np.float32)) for v in (0.0, 6.0)]
            self.node("Clip", [linear, *bounds], output)
        else:
            raise self.error(f"fused activation {activation} is not supported")

    def add_input(self, tensor: int) -> Any:
        """Declares an image input, NHWC in TFLite, as the NCHW ONNX input `input`."""
        batch, height, width, channels = self.shape(tensor)
        self._nchw.add(tensor)
        self.node("Identity", ["input"], self.tensor_name(tensor))
        return helper.make_tensor_value_info(
            "input", TensorProto.FLOAT, [batch, channels, height, width]
        )

    def add_output(self, tensor: int, name: str) -> Any:
        """Declares an output under `name`, in TFLite's own order."""
        self.node("Identity", [self.in_tflite_order(tensor)], name)
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, self.shape(tensor))

    def model(self, inputs: list[Any], outputs: list[Any]) -> onnx.ModelProto:
        """Closes the graph and checks it.

        Raises:
            AssetError: ONNX's checker or shape inference refuses the graph.
        """
        graph = helper.make_graph(self._nodes, self.name, inputs, outputs, self._initializers)
        model = helper.make_model(
            graph,
            opset_imports=[helper.make_opsetid("", _OPSET)],
            producer_name="exoactor tflite_to_onnx",
        )
        model.ir_version = _IR_VERSION
        try:
            onnx.checker.check_model(model, full_check=True)
        except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError) as error:
            first_line = str(error).strip().splitlines()[0]
            raise self.error(f"the ONNX checker refuses the graph ({first_line})") from error
        return model
