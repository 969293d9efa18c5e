"""Walks the bytes of a log, whole or damaged: every chunk whose checksum is right, and the damage.

Needs no index, so it reads what a killed writer left. Behind a damaged place it goes on at the next
chunk whose checksum is right. Format: https://mcap.dev/spec.
"""

from __future__ import annotations

import mmap
import struct
import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import lz4.frame

from exoactor_rt.errors import LogError

MAGIC = b"\x89MCAP0\r\n"
_HEADER, _FOOTER, _SCHEMA, _CHANNEL, _MESSAGE, _CHUNK = 0x01, 0x02, 0x03, 0x04, 0x05, 0x06
_MESSAGE_INDEX, _ATTACHMENT, _METADATA, _DATA_END = 0x07, 0x09, 0x0C, 0x0F
_BEFORE_DATA_END = {_HEADER, _CHUNK, _MESSAGE_INDEX, _ATTACHMENT, _METADATA, _DATA_END}
_RECORD = struct.Struct("<BQ")
_MESSAGE_HEAD = struct.Struct("<HIQQ")
_CHUNK_HEAD = struct.Struct("<QQQII")
_FOOTER_BODY = struct.Struct("<QQI")
_LZ4 = struct.pack("<I3s", 3, b"lz4")
_LZ4_OFFSET = _RECORD.size + _CHUNK_HEAD.size - 4
"""Of a chunk's compression name, with its length, from the chunk's first byte."""

_MAX_CHUNK_BYTES = 64 << 20
_CRC_PIECE_BYTES = 1 << 20
_KEPT_BYTES = 16 << 20
"""How much of what was walked may still be in memory."""


class Channel(NamedTuple):
    """A topic of the log, its ROS 2 type's name and definition."""

    topic: str
    type_name: str
    definition: str


class RawMessage(NamedTuple):
    """One message: `payload` is CDR with its encapsulation header."""

    channel: Channel
    stamp_ns: int
    payload: bytes


@dataclass
class LogScan:
    """One pass over a log file; `messages()` fills the rest as it goes.

    Attributes:
        path: of the file.
        attachments: name -> data, of those whose checksum is right.
        metadata: of the whole log.
        channels: met so far.
        damages: where the file is not as it was written, in words.
        done_bytes: how far the pass has come.
        size_bytes: of the file.
    """

    path: Path
    attachments: dict[str, bytes] = field(default_factory=dict)
    metadata: dict[str, str] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    damages: list[str] = field(default_factory=list)
    done_bytes: int = 0
    size_bytes: int = 0

    def messages(self, topics: Collection[str] | None = None) -> Iterator[list[RawMessage]]:
        """Yields the messages of each whole chunk, in the order of the file.

        Args:
            topics: those wanted; all when None.

        Raises:
            LogError: the file cannot be read, or is no MCAP.
        """
        try:
            with self.path.open("rb") as file:
                self.size_bytes = file.seek(0, 2)
                if not self.size_bytes:
                    raise LogError(f"log {self.path}: empty; not read")
                with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
                    yield from self._walk(data, topics)
        except OSError as error:
            raise LogError(f"log {self.path}: {error.strerror}; not read") from error

    def _walk(self, data: mmap.mmap, topics: Collection[str] | None) -> Iterator[list[RawMessage]]:
        if data[: len(MAGIC)] != MAGIC:
            self._damage(0, "does not begin as an MCAP file")
            if self._next_chunk(data, 0) is None:
                raise LogError(f"log {self.path}: no MCAP file; not read")
        at: int | None = len(MAGIC) if not self.damages else self._next_chunk(data, 0)
        schemas = self._from_index(data)
        walked, crc = 0, zlib.crc32(MAGIC)
        while at is not None:
            self.done_bytes = at
            if at - walked > _KEPT_BYTES:
                walked = _forget(data, walked, at)
            after: int | None
            if at == len(data):
                self._damage(at, "cut short: no end of data")
                return
            try:
                code, body, after = _record_at(data, at)
                if code == _DATA_END:
                    self._check_end(data, crc, body, after)
                    return
                crc = zlib.crc32(body, zlib.crc32(data[at : at + _RECORD.size], crc))
                if code == _CHUNK:
                    yield self._chunk(_inflate(body), schemas, topics)
                elif code == _ATTACHMENT:
                    self._attachment(body)
                elif code == _METADATA:
                    self._metadata(body)
            except (ValueError, struct.error, UnicodeDecodeError, KeyError) as error:
                after = self._skip(data, at, str(error))
            at = after

    def _from_index(self, data: mmap.mmap) -> dict[int, tuple[str, str]]:
        """Schemas and channels as the index repeats them, for a log whose first chunk is damaged.

        A log without an index, or with an altered one, has them in its chunks only.
        """
        schemas: dict[int, tuple[str, str]] = {}
        footer = len(data) - len(MAGIC) - _RECORD.size - _FOOTER_BODY.size
        if footer < len(MAGIC) or data[footer] != _FOOTER:
            return schemas
        start, _, crc = _FOOTER_BODY.unpack_from(data, footer + _RECORD.size)
        if not len(MAGIC) <= start <= footer or _crc(data, start, len(data) - 12) != crc:
            return schemas
        at = start
        while at + _RECORD.size <= footer:
            code, size = _RECORD.unpack_from(data, at)
            at += _RECORD.size
            if code in (_SCHEMA, _CHANNEL):
                self._declare(code, data[at : at + size], schemas)
            at += size
        return schemas

    def _declare(self, code: int, body: bytes, schemas: dict[int, tuple[str, str]]) -> None:
        """Takes a schema or a channel."""
        if code == _SCHEMA:
            (schema_id,) = struct.unpack_from("<H", body)
            name, place = _string(body, 2)
            _, place = _string(body, place)
            definition, _ = _string(body, place)
            schemas[schema_id] = (name, definition)
        else:
            channel_id, schema_id = struct.unpack_from("<HH", body)
            topic, _ = _string(body, 4)
            self.channels[channel_id] = Channel(topic, *schemas[schema_id])

    def _skip(self, data: mmap.mmap, at: int, what: str) -> int | None:
        """Where to go on behind the damaged record at `at`; None at the end."""
        following = self._next_chunk(data, at + 1)
        if following is None:
            self._damage(at, f"{what}; nothing readable behind")
        else:
            self._damage(at, f"{what}; {following - at} bytes skipped")
        return following

    def _damage(self, at: int, what: str) -> None:
        self.damages.append(f"byte {at}: {what}")

    def _chunk(
        self,
        records: bytes,
        schemas: dict[int, tuple[str, str]],
        topics: Collection[str] | None,
    ) -> list[RawMessage]:
        messages = []
        at, end = 0, len(records)
        channels = self.channels
        while at < end:
            code, size = _RECORD.unpack_from(records, at)
            at += _RECORD.size
            if at + size > end:
                raise ValueError("record longer than its chunk")
            if code == _MESSAGE:
                channel_id, _, stamp_ns, _ = _MESSAGE_HEAD.unpack_from(records, at)
                if channel_id not in channels:
                    raise ValueError(f"message of channel {channel_id}, which nothing declares")
                channel = channels[channel_id]
                if topics is None or channel.topic in topics:
                    payload = records[at + _MESSAGE_HEAD.size : at + size]
                    messages.append(RawMessage(channel, stamp_ns, payload))
            elif code in (_SCHEMA, _CHANNEL):
                self._declare(code, records[at : at + size], schemas)
            at += size
        return messages

    def _attachment(self, body: bytes) -> None:
        (crc,) = struct.unpack_from("<I", body, len(body) - 4)
        if crc and zlib.crc32(body[:-4]) != crc:
            raise ValueError("attachment altered")
        name, place = _string(body, 16)
        _, place = _string(body, place)
        (size,) = struct.unpack_from("<Q", body, place)
        self.attachments[name] = body[place + 8 : place + 8 + size]

    def _metadata(self, body: bytes) -> None:
        _, place = _string(body, 0)
        (size,) = struct.unpack_from("<I", body, place)
        place, end = place + 4, place + 4 + size
        while place < end:
            key, place = _string(body, place)
            self.metadata[key], place = _string(body, place)

    def _check_end(self, data: mmap.mmap, walked_crc: int, body: bytes, after: int) -> None:
        """Compares the checksums of data and summary; they cover what no chunk's covers."""
        at, self.done_bytes = self.done_bytes, len(data)
        (crc,) = struct.unpack_from("<I", body)
        if not self.damages and crc and walked_crc != crc:
            self._damage(at, "a record outside of the chunks was altered")
        footer = len(data) - len(MAGIC) - _RECORD.size - _FOOTER_BODY.size
        if footer < after or data[-len(MAGIC) :] != MAGIC or data[footer] != _FOOTER:
            self._damage(after, "cut short in the index")
            return
        start, _, summary_crc = _FOOTER_BODY.unpack_from(data, footer + _RECORD.size)
        if start != after or _crc(data, after, len(data) - len(MAGIC) - 4) != summary_crc:
            self._damage(after, "the index was altered")

    def _next_chunk(self, data: mmap.mmap, start: int) -> int | None:
        """Where the next chunk with a right checksum begins, from `start` on."""
        found = start
        while (found := data.find(_LZ4, found + 1)) >= 0:
            at = found - _LZ4_OFFSET
            if at < start or data[at] != _CHUNK:
                continue
            try:
                _inflate(_record_at(data, at)[1])
            except (ValueError, struct.error):
                continue
            return at
        return None


def _record_at(data: mmap.mmap, at: int) -> tuple[int, bytes, int]:
    """(opcode, body, offset behind) of the record at `at`; raises ValueError."""
    if at + _RECORD.size > len(data):
        raise ValueError("cut short in a record")
    code, size = _RECORD.unpack_from(data, at)
    body = at + _RECORD.size
    if code not in _BEFORE_DATA_END:
        raise ValueError(f"unknown record 0x{code:02x}")
    if body + size > len(data):
        raise ValueError("cut short in a record, or its length altered")
    return code, data[body : body + size], body + size


def _inflate(body: bytes) -> bytes:
    """The records of a chunk; raises ValueError unless the checksum is right."""
    _, _, size, crc, name_bytes = _CHUNK_HEAD.unpack_from(body)
    place = _CHUNK_HEAD.size + name_bytes + 8
    name = body[_CHUNK_HEAD.size : _CHUNK_HEAD.size + name_bytes]
    if name != b"lz4" or size > _MAX_CHUNK_BYTES or len(body) < place:
        raise ValueError("chunk head altered")
    try:
        unpacker = lz4.frame.LZ4FrameDecompressor()
        records: bytes = unpacker.decompress(body[place:], max_length=size + 1)
    except RuntimeError as error:
        raise ValueError("chunk altered: it does not unpack") from error
    if len(records) != size or zlib.crc32(records) != crc:
        raise ValueError("chunk altered: checksum")
    return records


def _string(data: bytes, at: int) -> tuple[str, int]:
    (size,) = struct.unpack_from("<I", data, at)
    if at + 4 + size > len(data):
        raise ValueError("text longer than its record")
    return data[at + 4 : at + 4 + size].decode(), at + 4 + size


def _crc(data: mmap.mmap, start: int, end: int) -> int:
    crc = 0
    for at in range(start, end, _CRC_PIECE_BYTES):
        after = min(end, at + _CRC_PIECE_BYTES)
        crc = zlib.crc32(data[at:after], crc)
        _forget(data, at, after)
    return crc


def _forget(data: mmap.mmap, start: int, end: int) -> int:
    """Lets go of the memory of whole pages; how far. They are read again where they are asked for.

    A long log would else be in memory as a whole.
    """
    first, last = (at - at % mmap.PAGESIZE for at in (start, end))
    if last > first:
        data.madvise(mmap.MADV_DONTNEED, first, last - first)
    return last
