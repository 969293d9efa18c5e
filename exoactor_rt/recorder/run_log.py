"""The log of a run: a running loop's drain thread feeds it, a thread of its own writes it."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import numpy.typing as npt

from exoactor_rt.errors import LogError
from exoactor_rt.recorder.messages import Severity
from exoactor_rt.recorder.rotation import Rotation
from exoactor_rt.recorder.schemas import TICK_TOPIC
from exoactor_rt.recorder.segment_writer import SegmentWriter
from exoactor_rt.recorder.tick_table import STAMP, Columns, row_type, to_rows

FLUSH_S = 0.05
"""A chunk is written at the latest this long after its first tick came."""

QUEUE_BYTES = 64 << 20
_JOIN_S = 30.0

_Job = Callable[[SegmentWriter], None]


class RunLog:
    """A log being written. Nothing that feeds it waits for the disk, unless it asks to.

    What does not fit into the queue, or meets a disk that is full, is dropped, counted, and told in
    the log as soon as that can be written again. Killed at any moment, the log loses what came in
    the last FLUSH_S and what was still queued. A context manager; several threads may feed it.

    Attributes:
        path: of the first file.
    """

    def __init__(
        self,
        path: Path,
        *,
        metadata: Mapping[str, str] | None = None,
        attachments: Mapping[str, bytes] | None = None,
        robot_description: str = "",
        rotation: Rotation | None = None,
        queue_bytes: int = QUEUE_BYTES,
    ):
        """Opens the first file and starts the thread.

        Args:
            path: where to write; an existing file is replaced.
            metadata: of the log, e.g. versions and hashes; repeated in every file.
            attachments: name -> data, e.g. the configuration; repeated in every file.
            robot_description: text for the topic of that name.
            rotation: bounds on sizes; none when None.
            queue_bytes: what may wait for the disk.

        Raises:
            LogError: the file cannot be made.
        """
        self.path = path
        self._queue: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._room = threading.Condition()
        self._room_bytes = queue_bytes
        self._queue_bytes = queue_bytes
        self._row_types: dict[str, np.dtype[Any]] = {}
        self._closed = False
        self._segments = SegmentWriter(
            path, metadata or {}, attachments or {}, robot_description, rotation or Rotation()
        )
        self._thread = threading.Thread(target=self._run, name="run-log", daemon=True)
        self._thread.start()

    def __enter__(self) -> RunLog:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def dropped_ticks(self) -> int:
        """Records of any topic that are not in the log and never will be."""
        return self._segments.drops.total

    @property
    def fault(self) -> str:
        """Why nothing can be written at the moment; empty while all is well."""
        return self._segments.fault

    def append(self, columns: Columns, *, topic: str = TICK_TOPIC, wait: bool = False) -> bool:
        """Queues rows, oldest first; the arrays are copied.

        Args:
            columns: as `RecordRing.take()` gives them; a topic's first batch fixes names and
                shapes.
            topic: tick records, or `schemas.INPUT_TOPIC`.
            wait: for room in the queue, for a producer that is not driven by a clock.

        Returns:
            Whether they were queued; False when the queue is full: dropped and counted.

        Raises:
            LogError: the log is closed, or the columns are not those of the first batch.
        """
        self._require_open()
        if topic not in self._row_types:
            self._row_types[topic] = row_type(columns)
        rows = to_rows(columns, self._row_types[topic])
        if not len(rows):
            return True
        size = rows.nbytes

        def write(segments: SegmentWriter) -> None:
            try:
                segments.add_rows(topic, rows)
            finally:
                self._give_room(size)

        if not self._take_room(size, wait):
            self._segments.drops.add(rows[STAMP], "the queue was full, the disk too slow")
            return False
        self._queue.put(write)
        return True

    def event(self, stamp_ns: int, severity: Severity, text: str, source: str = "exoactor") -> None:
        """Queues an event."""
        self._require_open()
        self._queue.put(lambda segments: segments.add_event(stamp_ns, severity, text, source))

    def count_lost(self, stamps_ns: npt.NDArray[np.int64], reason: str) -> None:
        """Counts records that were lost before they came here, e.g. in a full RecordRing.

        Args:
            stamps_ns: their times as far as they are known, rising; one for each record.
            reason: for the log.
        """
        self._segments.drops.add(stamps_ns, reason)

    def attach(self, name: str, data: bytes, *, repeat: bool = True) -> None:
        """Queues a file to be kept inside the log, in every file from here on or only once."""
        self._require_open()
        self._queue.put(lambda segments: segments.attach(name, data, repeat))

    def close(self) -> None:
        """Writes what is queued and the index; does not raise for ticks that were dropped.

        Raises:
            LogError: the disk did not take it within 30 s.
        """
        if self._closed:
            return
        self._closed = True
        self._queue.put(None)
        self._thread.join(_JOIN_S)
        if self._thread.is_alive():
            raise LogError(f"log {self.path}: not written within {_JOIN_S:.0f} s; log incomplete")

    def _require_open(self) -> None:
        if self._closed:
            raise LogError(f"log {self.path}: already closed; nothing written")

    def _take_room(self, size: int, wait: bool) -> bool:
        with self._room:
            if wait and size <= self._queue_bytes:
                self._room.wait_for(lambda: self._room_bytes >= size)
            if self._room_bytes < size:
                return False
            self._room_bytes -= size
            return True

    def _give_room(self, size: int) -> None:
        with self._room:
            self._room_bytes += size
            self._room.notify_all()

    def _run(self) -> None:
        flushed_s = time.monotonic()
        while True:
            try:
                job = self._queue.get(timeout=FLUSH_S)
            except queue.Empty:
                job = SegmentWriter.flush
            if job is None:
                break
            job(self._segments)
            if time.monotonic() - flushed_s >= FLUSH_S:
                self._segments.flush()
                flushed_s = time.monotonic()
        self._segments.finish()
