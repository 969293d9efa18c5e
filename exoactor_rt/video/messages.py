"""How the decoding process talks to its parent: a length, one JSON object, then raw bytes.

A message is 4 bytes (big-endian length of the JSON), the JSON object, and as many bytes of body as
the reader of that kind expects. Kinds: `info` (once, first), `frame` (body: RGB), `end`, `error`.
"""

from __future__ import annotations

import json
import struct
from typing import Any, BinaryIO

MAX_HEADER_BYTES = 65536
_LENGTH = struct.Struct(">I")
LENGTH_BYTES = _LENGTH.size

Message = dict[str, Any]


def send(pipe: BinaryIO, message: Message, body: bytes | memoryview = b"") -> None:
    """Write one message; blocks while the reader is behind.

    Raises:
        BrokenPipeError: the reader is gone.
    """
    text = json.dumps(message).encode()
    pipe.write(_LENGTH.pack(len(text)) + text)
    if body:
        pipe.write(body)
    pipe.flush()


def header_length(data: bytes) -> int:
    """Length of the JSON object that follows.

    Raises:
        ValueError: it is longer than any message of ours.
    """
    (length,) = _LENGTH.unpack(data)
    if length > MAX_HEADER_BYTES:
        raise ValueError(f"message of {length} bytes > {MAX_HEADER_BYTES}")
    return int(length)
