"""Reading NumPy archives that may be damaged or hostile: bounded in size, one kind of error."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

MAX_BYTES = 256 * 1024 * 1024


def read_npz(source: Path | BinaryIO, max_bytes: int = MAX_BYTES) -> dict[str, npt.NDArray[Any]]:
    """All arrays of an npz file, by name; nothing is unpickled.

    Args:
        source: the file, or one opened for reading.
        max_bytes: bound on what the file unpacks to, so that a small file cannot fill the memory.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is no npz, damaged or too large; one line says which.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > max_bytes:
            raise ValueError(f"it unpacks to {unpacked} bytes > {max_bytes} bytes allowed")
        if not isinstance(source, Path):
            source.seek(0)
        with np.load(source, allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}
    except (OSError, ValueError):
        raise
    except Exception as error:
        # A damaged archive makes zip, zlib, tokenizer and allocator each fail in their own way.
        reason = " ".join(str(error).split()) or type(error).__name__
        raise ValueError(f"not a readable npz file: {reason}") from error
