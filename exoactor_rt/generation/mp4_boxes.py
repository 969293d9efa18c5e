"""Whether an MP4 file is whole: its boxes fill it to the last byte, and none of three is missing.

Only the outermost boxes are read (ISO/IEC 14496-12, 4.2). A file that is still being written, or
was cut, fails here; whether its pictures can be decoded is for the gate of the video room.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import BinaryIO

_HEADER = struct.Struct(">I4s")
_LONG = struct.Struct(">Q")
_NEEDED = frozenset({b"ftyp", b"moov", b"mdat"})
_MAX_BOXES = 100_000


def find_damage(path: Path) -> str:
    """What is wrong with a file; empty if it is a whole MP4 file.

    Raises:
        OSError: it cannot be read.
    """
    size = path.stat().st_size
    found: set[bytes] = set()
    with path.open("rb") as file:
        offset = 0
        for _ in range(_MAX_BOXES):
            if offset == size:
                missing = sorted(box.decode() for box in _NEEDED - found)
                return f"it has no {', '.join(missing)} box" if missing else ""
            file.seek(offset)
            length, kind = _read_box(file, size - offset)
            if not found and kind != b"ftyp":
                return f"it begins with {kind.hex(' ')}, not as an MP4 file does"
            if length > size - offset:
                short = offset + length - size
                return f"it is cut: box {kind.decode(errors='replace')} lacks {short} bytes"
            found.add(kind)
            offset += length
    return f"it has more than {_MAX_BOXES} boxes"


def _read_box(file: BinaryIO, left: int) -> tuple[int, bytes]:
    """Length of the box, header included, and its type; a length beyond `left` if it is cut."""
    header = file.read(_HEADER.size)
    if len(header) < _HEADER.size:
        return left + _HEADER.size - len(header), header[4:]
    length, kind = _HEADER.unpack(header)
    if length == 0:
        return left, kind
    if length == 1:
        long = file.read(_LONG.size)
        if len(long) < _LONG.size:
            return left + 1, kind
        (length,) = _LONG.unpack(long)
        return max(length, _HEADER.size + _LONG.size), kind
    return max(length, _HEADER.size), kind
