"""Running a network: the one interface behind which ONNX Runtime (or TensorRT) stands."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt
import onnxruntime

from exoactor_rt.errors import PerceptionError

Float32Array = npt.NDArray[np.float32]


class Engine(Protocol):
    """A loaded network with static shapes. `run` may be called from any one thread at a time."""

    @property
    def input_shapes(self) -> Mapping[str, tuple[int, ...]]:
        """Shape of each input."""

    @property
    def output_shapes(self) -> Mapping[str, tuple[int, ...]]:
        """Shape of each output."""

    def run(self, inputs: Mapping[str, Float32Array]) -> dict[str, Float32Array]:
        """Maps inputs to outputs, by name.

        Raises:
            PerceptionError: The engine failed.
        """


class OnnxEngine:
    """A network on ONNX Runtime's CPU provider: one thread, no spinning, so that stages overlap."""

    def __init__(self, path: Path) -> None:
        """Loads the model.

        Args:
            path: Of an ONNX file with static shapes.

        Raises:
            PerceptionError: The file cannot be loaded.
        """
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._name = path.stem
        try:
            self._session = onnxruntime.InferenceSession(
                str(path), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:
            raise self._failure("cannot be loaded", error) from error
        self._inputs = {entry.name: tuple(entry.shape) for entry in self._session.get_inputs()}
        self._outputs = {entry.name: tuple(entry.shape) for entry in self._session.get_outputs()}

    def _failure(self, what: str, error: Exception) -> PerceptionError:
        lines = str(error).strip().splitlines()
        return PerceptionError(f"model {self._name}: {what} ({lines[0] if lines else error!r})")

    @property
    def input_shapes(self) -> Mapping[str, tuple[int, ...]]:
        """Shape of each input."""
        return self._inputs

    @property
    def output_shapes(self) -> Mapping[str, tuple[int, ...]]:
        """Shape of each output."""
        return self._outputs

    def run(self, inputs: Mapping[str, Float32Array]) -> dict[str, Float32Array]:
        """Maps inputs to outputs, by name."""
        names = list(self._outputs)
        try:
            values = self._session.run(names, dict(inputs))
        except Exception as error:
            raise self._failure("failed", error) from error
        return dict(zip(names, values, strict=True))
