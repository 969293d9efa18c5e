"""One MCAP file being written, by one thread."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import numpy as np
import numpy.typing as npt
from mcap.writer import CompressionType, Writer

from exoactor_rt.recorder.schemas import ROW_TYPE_NAMES, TOPICS
from exoactor_rt.recorder.tick_table import STAMP, definition_of

CHUNK_BYTES = 64 * 1024
_ENCAPSULATION = b"\x00\x01\x00\x00"
METADATA_NAME = "exoactor_rt"


class _Sink:
    """A file that never keeps half of a record: what fails to be written is taken back."""

    def __init__(self, path: Path):
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        self._size = 0
        self._kept = 0
        self._closed = False

    def write(self, data: bytes) -> int:
        view = memoryview(data)
        while view:
            written = os.write(self._descriptor, view)
            self._size += written
            view = view[written:]
        return len(data)

    def tell(self) -> int:
        return self._size

    def flush(self) -> None:
        """Nothing is held back."""

    def keep(self) -> None:
        """What was written up to here is whole."""
        self._kept = self._size

    def close(self) -> None:
        """Takes back what is not whole and closes."""
        if self._closed:
            return
        self._closed = True
        if self._size != self._kept:
            with suppress(OSError):
                os.ftruncate(self._descriptor, self._kept)
        os.close(self._descriptor)


class Segment:
    """A self-contained log file: lz4, 64 KiB chunks, checksums over chunks and the whole.

    Every method raises OSError when the disk does; then `abandon` leaves a file that ends with its
    last whole chunk.

    Attributes:
        path: of the file; an existing one is replaced.
        unwritten_rows: rows that were handed over and are not on disk.
    """

    def __init__(self, path: Path, metadata: Mapping[str, str]):
        self.path = path
        self.unwritten_rows = 0
        self._sink = _Sink(path)
        self._writer = Writer(
            self._sink,
            chunk_size=1 << 30,
            compression=CompressionType.LZ4,
            enable_crcs=True,
            enable_data_crcs=True,
        )
        self._pending_bytes = 0
        self._channels: dict[str, int] = {}
        self._schemas: dict[str, int] = {}
        try:
            self._begin(metadata)
        except BaseException:
            self._sink.close()
            raise

    @property
    def size_bytes(self) -> int:
        """Of the file so far."""
        return self._sink.tell()

    def add(self, topic: str, stamp_ns: int, payload: bytes) -> None:
        """Adds a message of one of `schemas.TOPICS`."""
        self._writer.add_message(self._channels[topic], stamp_ns, payload, stamp_ns)
        self._pending_bytes += len(payload)
        if self._pending_bytes >= CHUNK_BYTES:
            self.flush()

    def add_rows(self, topic: str, rows: npt.NDArray[np.void]) -> None:
        """Adds the rows of `tick_table.to_rows`, on one topic all of one type."""
        if topic not in self._channels:
            self._open_channel(topic, ROW_TYPE_NAMES[topic], definition_of(rows.dtype))
        size = rows.dtype.itemsize
        data = rows.tobytes()
        for index, stamp_ns in enumerate(rows[STAMP].tolist()):
            self.unwritten_rows += 1
            row = data[index * size : (index + 1) * size]
            try:
                self.add(topic, max(0, stamp_ns), _ENCAPSULATION + row)
            except OSError:
                self.unwritten_rows += len(rows) - index - 1
                raise

    def attach(self, name: str, data: bytes) -> None:
        """Keeps a file inside the log."""
        self._writer.flush()
        self._writer.add_attachment(0, 0, name, "application/octet-stream", data)
        self._keep()

    def add_metadata(self, values: Mapping[str, str]) -> None:
        """Adds to the metadata of the whole log."""
        self._writer.flush()
        self._writer.add_metadata(METADATA_NAME, dict(values))
        self._keep()

    def flush(self) -> None:
        """Writes the chunk in progress although it is not full."""
        self._writer.flush()
        self._keep()

    def finish(self) -> None:
        """Writes the index and closes the file."""
        self._writer.finish()
        self._keep()
        self._sink.close()

    def abandon(self) -> None:
        """Closes the file behind its last whole chunk, without an index."""
        self._sink.close()

    def _begin(self, metadata: Mapping[str, str]) -> None:
        self._writer.start(profile="ros2", library="exoactor_rt")
        if metadata:
            self._writer.add_metadata(METADATA_NAME, dict(metadata))
        for topic, kind in TOPICS.items():
            self._open_channel(topic, kind.name, kind.definition)
        self._sink.keep()

    def _open_channel(self, topic: str, name: str, definition: str) -> None:
        if name not in self._schemas:
            self._schemas[name] = self._writer.register_schema(name, "ros2msg", definition.encode())
        self._channels[topic] = self._writer.register_channel(topic, "cdr", self._schemas[name])

    def _keep(self) -> None:
        self._sink.keep()
        self._pending_bytes = 0
        self.unwritten_rows = 0
