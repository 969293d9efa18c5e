"""An ONNX network run deterministically on one CPU thread."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime

from exoactor_rt.errors import PolicyError

_MAX_BYTES = 512 * 1024 * 1024


@dataclass(frozen=True)
class Tensor:
    """An input or output: its element type, and its shape with None where it is free."""

    element: str
    shape: tuple[int | None, ...]

    @property
    def width(self) -> int | None:
        """Entries of the last dimension of a [1, width] tensor; None for other shapes."""
        batch_of_one = len(self.shape) == 2 and self.shape[0] in (1, None)
        return self.shape[1] if batch_of_one else None


class Network:
    """The network of one ONNX file.

    Attributes:
        sha256: of the file.
        inputs: by name.
        outputs: by name.
        metadata: the file's own key-value texts.
    """

    def __init__(self, path: Path):
        """Reads the file once; hash and network are of the same bytes.

        Raises:
            PolicyError: the file cannot be read or run.
        """
        try:
            content = path.read_bytes()
        except OSError as error:
            raise PolicyError(f"{path}: cannot be read: {error.strerror}; no policy") from error
        if len(content) > _MAX_BYTES:
            raise PolicyError(f"{path}: {len(content)} bytes > {_MAX_BYTES}; no policy")
        self.sha256 = hashlib.sha256(content).hexdigest()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
        options.use_deterministic_compute = True
        options.log_severity_level = 4
        try:
            self._session: Any = onnxruntime.InferenceSession(
                content, options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:
            cause = " ".join(str(error).split())[:200]
            raise PolicyError(f"{path}: not a network ONNX Runtime can run ({cause})") from error
        self.inputs = _tensors(self._session.get_inputs())
        self.outputs = _tensors(self._session.get_outputs())
        self.metadata = dict(self._session.get_modelmeta().custom_metadata_map)

    def run(
        self, output: str, inputs: Mapping[str, npt.NDArray[np.float32]]
    ) -> npt.NDArray[np.float32]:
        """One output for named inputs."""
        return np.asarray(self._session.run([output], dict(inputs))[0], dtype=np.float32)


def _tensors(ports: list[Any]) -> dict[str, Tensor]:
    return {
        port.name: Tensor(
            str(port.type), tuple(n if isinstance(n, int) else None for n in port.shape)
        )
        for port in ports
    }
