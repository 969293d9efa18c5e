"""Reading of a TFLite flatbuffer into plain tensors and operators."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import tflite

from exoactor_rt.assets.tflite_to_onnx.sparsity import (
    CompressedLevel,
    DenseLevel,
    SparseFormat,
    densify,
)
from exoactor_rt.errors import AssetError

_DTYPES: dict[int, type[np.generic]] = {
    tflite.TensorType.FLOAT32: np.float32,
    tflite.TensorType.FLOAT16: np.float16,
    tflite.TensorType.INT32: np.int32,
    tflite.TensorType.UINT8: np.uint8,
    tflite.TensorType.INT64: np.int64,
    tflite.TensorType.INT8: np.int8,
}
_INDEX_VECTORS: dict[int, Any] = {
    tflite.SparseIndexVector.Int32Vector: tflite.Int32Vector,
    tflite.SparseIndexVector.Uint16Vector: tflite.Uint16Vector,
    tflite.SparseIndexVector.Uint8Vector: tflite.Uint8Vector,
}
_OPTIONS: dict[str, Any] = {
    "ADD": tflite.AddOptions,
    "CONCATENATION": tflite.ConcatenationOptions,
    "CONV_2D": tflite.Conv2DOptions,
    "DEPTHWISE_CONV_2D": tflite.DepthwiseConv2DOptions,
    "DEPTH_TO_SPACE": tflite.DepthToSpaceOptions,
    "FULLY_CONNECTED": tflite.FullyConnectedOptions,
    "MAX_POOL_2D": tflite.Pool2DOptions,
    "MEAN": tflite.ReducerOptions,
    "RESIZE_BILINEAR": tflite.ResizeBilinearOptions,
    "STRIDED_SLICE": tflite.StridedSliceOptions,
}
_OPERATOR_NAMES = {
    code: name for name, code in vars(tflite.BuiltinOperator).items() if not name.startswith("_")
}


@dataclass(frozen=True)
class Tensor:
    """A tensor of the graph; `constant` holds its dense value where the file stores one."""

    name: str
    shape: tuple[int, ...]
    constant: npt.NDArray[np.generic] | None


@dataclass(frozen=True)
class Operator:
    """An operator: its TFLite name, the indices of its tensors (-1: absent) and its options."""

    kind: str
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    options: Any


@dataclass(frozen=True)
class Graph:
    """The first subgraph of a TFLite file, operators in execution order."""

    tensors: tuple[Tensor, ...]
    operators: tuple[Operator, ...]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]

    def pruned_to(self, outputs: Iterable[int]) -> Graph:
        """The same graph without what `outputs` do not need."""
        kept_outputs = tuple(outputs)
        needed = set(kept_outputs)
        kept: list[Operator] = []
        for operator in reversed(self.operators):
            if needed.intersection(operator.outputs):
                kept.append(operator)
                needed.update(operator.inputs)
        return Graph(self.tensors, tuple(reversed(kept)), self.inputs, kept_outputs)


def _index_vector(kind: int, table: Any) -> npt.NDArray[np.int64]:
    vector = _INDEX_VECTORS[kind]()
    vector.Init(table.Bytes, table.Pos)
    return np.asarray(vector.ValuesAsNumpy()).astype(np.int64)


def _sparse_format(sparsity: Any) -> SparseFormat:
    levels: list[DenseLevel | CompressedLevel] = []
    for index in range(sparsity.DimMetadataLength()):
        level = sparsity.DimMetadata(index)
        if level.Format() == tflite.DimensionType.DENSE:
            levels.append(DenseLevel(level.DenseSize()))
        else:
            levels.append(
                CompressedLevel(
                    _index_vector(level.ArraySegmentsType(), level.ArraySegments()),
                    _index_vector(level.ArrayIndicesType(), level.ArrayIndices()),
                )
            )
    block_map = sparsity.BlockMapAsNumpy() if sparsity.BlockMapLength() else ()
    return SparseFormat(
        tuple(int(i) for i in sparsity.TraversalOrderAsNumpy()),
        tuple(int(i) for i in block_map),
        tuple(levels),
    )


def _tensor(model: Any, raw: Any) -> Tensor:
    shape = tuple(int(n) for n in raw.ShapeAsNumpy()) if raw.ShapeLength() else ()
    buffer = model.Buffers(raw.Buffer())
    constant: npt.NDArray[np.generic] | None = None
    if buffer.DataLength():
        values = np.frombuffer(buffer.DataAsNumpy().tobytes(), _DTYPES[raw.Type()])
        sparsity = raw.Sparsity()
        constant = (
            values.reshape(shape)
            if sparsity is None
            else densify(values, shape, _sparse_format(sparsity))
        )
    return Tensor(raw.Name().decode(), shape, constant)


def _operator(model: Any, raw: Any) -> Operator:
    code = model.OperatorCodes(raw.OpcodeIndex())
    kind = _OPERATOR_NAMES[max(code.BuiltinCode(), code.DeprecatedBuiltinCode())]
    options = None
    if kind in _OPTIONS:
        options = _OPTIONS[kind]()
        options.Init(raw.BuiltinOptions().Bytes, raw.BuiltinOptions().Pos)
    return Operator(
        kind,
        tuple(int(i) for i in raw.InputsAsNumpy()),
        tuple(int(i) for i in raw.OutputsAsNumpy()),
        options,
    )


def read_graph(data: bytes, name: str) -> Graph:
    """Reads the first subgraph of a TFLite file; float16 and sparse constants stay as stored.

    Args:
        data: The file's content.
        name: What to call the file in errors.

    Raises:
        AssetError: The content is not a TFLite model that can be read.
    """
    if data[4:8] != b"TFL3":
        raise AssetError(f"model {name}: not a TFLite file (no TFL3 mark); not converted")
    try:
        model = tflite.Model.GetRootAsModel(data, 0)
        subgraph = model.Subgraphs(0)
        return Graph(
            tuple(_tensor(model, subgraph.Tensors(i)) for i in range(subgraph.TensorsLength())),
            tuple(
                _operator(model, subgraph.Operators(i)) for i in range(subgraph.OperatorsLength())
            ),
            tuple(int(i) for i in subgraph.InputsAsNumpy()),
            tuple(int(i) for i in subgraph.OutputsAsNumpy()),
        )
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, struct.error) as error:
        raise AssetError(f"model {name}: unreadable TFLite content ({error})") from error
