"""Writes a log from a queue in a thread of its own, never from the control thread."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType

from mcap.writer import CompressionType, Writer

from exoactor_rt.errors import LogError
from exoactor_rt.recorder.schemas import TOPICS

CHUNK_BYTES = 256 * 1024
_QUEUE_LENGTH = 65536
_JOIN_S = 30.0

_Job = Callable[[Writer], None]


class LogWriter:
    """An MCAP file being written: lz4, 256 KiB chunks, checksums over chunks and the whole.

    A context manager. What was queued before a crash of the process and filled a chunk is on disk.

    Attributes:
        path: of the file; an existing one is replaced.
    """

    def __init__(self, path: Path, metadata: Mapping[str, str] | None = None):
        """Opens the file and starts the thread.

        Args:
            path: where to write.
            metadata: of the whole log, e.g. versions and hashes.

        Raises:
            LogError: the file cannot be made.
        """
        self.path = path
        self._error: Exception | None = None
        self._closed = False
        try:
            self._file = path.open("wb")
        except OSError as error:
            raise LogError(f"log {path}: {error.strerror}; no log") from error
        self._jobs: queue.Queue[_Job | None] = queue.Queue(_QUEUE_LENGTH)
        self._channels: dict[str, int] = {}
        self._thread = threading.Thread(target=self._run, name="log-writer", daemon=True)
        self._metadata = dict(metadata or {})
        self._thread.start()

    def __enter__(self) -> LogWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def add(self, topic: str, stamp_ns: int, payload: bytes) -> None:
        """Queues a message of one of `schemas.TOPICS`; waits while the queue is full.

        Raises:
            LogError: no such topic, or writing failed before; the message is not written.
        """
        if topic not in TOPICS:
            raise LogError(
                f"log {self.path}: unknown topic {topic}, known {', '.join(TOPICS)}; "
                "message not written"
            )
        channel = self._channels

        def job(writer: Writer) -> None:
            writer.add_message(channel[topic], stamp_ns, payload, stamp_ns)

        self._put(job)

    def attach(self, name: str, media_type: str, data: bytes) -> None:
        """Queues a file to be kept inside the log, e.g. a configuration or the plan."""
        self._put(lambda writer: writer.add_attachment(0, 0, name, media_type, data))

    def flush(self) -> None:
        """Lets the chunk in progress be written although it is not full."""
        self._put(lambda writer: writer.flush())

    def close(self) -> None:
        """Writes what is queued and the index.

        Raises:
            LogError: something could not be written; what the file holds can still be read.
        """
        if self._closed:
            return
        self._closed = True
        self._jobs.put(None)
        self._thread.join(_JOIN_S)
        if self._thread.is_alive():
            raise LogError(f"log {self.path}: not written within {_JOIN_S:.0f} s; log incomplete")
        self._raise_error()

    def _put(self, job: _Job) -> None:
        self._raise_error()
        if self._closed:
            raise LogError(f"log {self.path}: already closed; nothing written")
        self._jobs.put(job)

    def _raise_error(self) -> None:
        if self._error is not None:
            reason = getattr(self._error, "strerror", None) or str(self._error)
            raise LogError(f"log {self.path}: {reason}; log incomplete") from self._error

    def _run(self) -> None:
        try:
            with self._file as file:
                writer = Writer(
                    file,
                    chunk_size=CHUNK_BYTES,
                    compression=CompressionType.LZ4,
                    enable_crcs=True,
                    enable_data_crcs=True,
                )
                self._begin(writer)
                while (job := self._jobs.get()) is not None:
                    job(writer)
                writer.finish()
        except Exception as error:
            self._error = error
            self._discard()

    def _begin(self, writer: Writer) -> None:
        writer.start(profile="ros2", library="exoactor_rt")
        if self._metadata:
            writer.add_metadata("exoactor_rt", self._metadata)
        schemas: dict[str, int] = {}
        for topic, kind in TOPICS.items():
            if kind.name not in schemas:
                schemas[kind.name] = writer.register_schema(
                    kind.name, "ros2msg", kind.definition.encode()
                )
            self._channels[topic] = writer.register_channel(topic, "cdr", schemas[kind.name])

    def _discard(self) -> None:
        """Empties the queue after a failure until closed, so that nobody waits for ever."""
        while self._jobs.get() is not None:
            pass
