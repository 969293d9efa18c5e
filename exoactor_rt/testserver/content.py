"""Sends a clip: whole or from an offset, with ETag and digest; or wrongly, as a fault says."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
import struct
from pathlib import Path

from aiohttp import web

from exoactor_rt.testserver.faults import Fault, Faults

_RANGE = re.compile(r"bytes=(\d+)-")
_CHUNK_BYTES = 1 << 14
_DRIP_S = 0.1
_DRAIN_S = 0.02
_FASTER = 1.5


class Clip:
    """The bytes of one answer."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        digest = hashlib.sha256(content).digest()
        self.etag = f'"{digest.hex()[:16]}"'
        self.repr_digest = f"sha-256=:{base64.b64encode(digest).decode()}:"


async def send_clip(
    request: web.Request, path: Path, faults: Faults, serial: int
) -> web.StreamResponse:
    """Answers a GET for the clip at `path`; `serial` differs from request to request."""
    content = await asyncio.to_thread(path.read_bytes)
    if faults.strikes(Fault.WRONG_FPS):
        content = faster(content, _FASTER)
    if faults.strikes(Fault.PARTIAL_FILE):
        content = content[: len(content) // 2]
    if faults.strikes(Fault.CHANGING_FILE):
        content += struct.pack(">I4sI", 12, b"free", serial)
    clip = Clip(content)
    offset = _offset(request, clip)
    body = content[offset:]
    response = web.StreamResponse(status=206 if offset else 200)
    response.content_type = "video/mp4"
    response.headers["ETag"] = clip.etag
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Repr-Digest"] = clip.repr_digest
    if offset:
        size = len(content)
        response.headers["Content-Range"] = f"bytes {offset}-{size - 1}/{size}"
    if faults.strikes(Fault.WRONG_DIGEST):
        response.headers["Repr-Digest"] = Clip(content + b"\0").repr_digest
    if faults.strikes(Fault.HUGE):
        return await _send_for_ever(request, response, body)
    extra = _CHUNK_BYTES if faults.strikes(Fault.WRONG_LENGTH) else 0
    response.content_length = len(body) + extra
    await response.prepare(request)
    if faults.strikes(Fault.DRIP):
        for index in range(len(body)):
            await response.write(body[index : index + 1])
            await asyncio.sleep(_DRIP_S)
    breaks = faults.strikes(Fault.RESET)
    await _write(response, body[: len(body) // 2] if breaks else body)
    if breaks or extra:
        await asyncio.sleep(_DRAIN_S)
        if request.transport is not None:
            request.transport.abort() if breaks else request.transport.close()
        return response
    await response.write_eof()
    return response


def _offset(request: web.Request, clip: Clip) -> int:
    """Where to begin: 0 unless a range of this very file is asked for."""
    found = _RANGE.fullmatch(request.headers.get("Range", ""))
    if found is None or request.headers.get("If-Range", clip.etag) != clip.etag:
        return 0
    offset = int(found[1])
    if offset >= len(clip.content):
        raise web.HTTPRequestRangeNotSatisfiable
    return offset


async def _write(response: web.StreamResponse, body: bytes) -> None:
    for begin in range(0, len(body), _CHUNK_BYTES):
        await response.write(body[begin : begin + _CHUNK_BYTES])


async def _send_for_ever(
    request: web.Request, response: web.StreamResponse, body: bytes
) -> web.StreamResponse:
    await response.prepare(request)
    await _write(response, body)
    while request.transport is not None and not request.transport.is_closing():
        await response.write(bytes(_CHUNK_BYTES))
    return response


def faster(content: bytes, factor: float) -> bytes:
    """An MP4 file whose tracks play `factor` times as fast: their clocks tick so much faster.

    The time scale of every `mdhd` box of version 0 is replaced (ISO/IEC 14496-12, 8.4.2).
    """
    patched = bytearray(content)
    at = patched.find(b"mdhd")
    while at >= 0:
        place = at + 16
        (scale,) = struct.unpack_from(">I", patched, place)
        struct.pack_into(">I", patched, place, round(scale * factor))
        at = patched.find(b"mdhd", at + 4)
    return bytes(patched)
