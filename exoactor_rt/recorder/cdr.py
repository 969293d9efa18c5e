"""Packs messages into CDR (OMG DDS-XTYPES 7.4, plain, little-endian), as ROS 2 does."""

from __future__ import annotations

import struct
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

_ENCAPSULATION = b"\x00\x01\x00\x00"


class CdrWriter:
    """Appends fields in order; alignment counts from behind the encapsulation header."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def payload(self) -> bytes:
        """The message with its header."""
        return _ENCAPSULATION + bytes(self._buffer)

    def uint8(self, *values: int) -> CdrWriter:
        """Bytes, one by one or as a fixed array."""
        self._buffer += bytes(values)
        return self

    def int32(self, value: int) -> CdrWriter:
        """A signed 32-bit integer."""
        return self._pack("<i", 4, value)

    def uint32(self, value: int) -> CdrWriter:
        """An unsigned 32-bit integer."""
        return self._pack("<I", 4, value)

    def float64(self, values: npt.ArrayLike) -> CdrWriter:
        """One number, or a fixed array of them."""
        self._align(8)
        self._buffer += np.asarray(values, dtype="<f8").tobytes()
        return self

    def float64_sequence(self, values: npt.ArrayLike) -> CdrWriter:
        """An array of variable length."""
        array = np.asarray(values, dtype="<f8")
        self.uint32(array.size)
        return self.float64(array) if array.size else self

    def string(self, text: str) -> CdrWriter:
        """UTF-8 with a final zero."""
        data = text.encode() + b"\0"
        self.uint32(len(data))
        self._buffer += data
        return self

    def string_sequence(self, texts: Sequence[str]) -> CdrWriter:
        """A list of strings."""
        self.uint32(len(texts))
        for text in texts:
            self.string(text)
        return self

    def time(self, stamp_ns: int) -> CdrWriter:
        """builtin_interfaces/Time."""
        seconds, nanoseconds = divmod(stamp_ns, 1_000_000_000)
        return self.int32(seconds).uint32(nanoseconds)

    def header(self, stamp_ns: int, frame_id: str) -> CdrWriter:
        """std_msgs/Header."""
        return self.time(stamp_ns).string(frame_id)

    def _align(self, size: int) -> None:
        self._buffer += b"\0" * (-len(self._buffer) % size)

    def _pack(self, code: str, size: int, value: int) -> CdrWriter:
        self._align(size)
        self._buffer += struct.pack(code, value)
        return self
