"""Segment after segment: rotation, retention, and going on after the disk was full."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from exoactor_rt.errors import LogError
from exoactor_rt.recorder.drop_count import DropCount
from exoactor_rt.recorder.messages import Severity, pack_log, pack_string
from exoactor_rt.recorder.rotation import Rotation, delete_oldest, segment_path
from exoactor_rt.recorder.schemas import TICK_TOPIC
from exoactor_rt.recorder.segment import Segment
from exoactor_rt.recorder.tick_table import STAMP
from exoactor_rt.recorder.viewer_messages import ViewerFeed

RETRY_S = 1.0
"""How long a disk that failed is left alone."""

LOG_ID = "log_id"
"""Name in the metadata: the same in all files of one log, and in no other."""

SEGMENT_NUMBER = "segment"
"""Name in the metadata: the file's place in its log, from 0."""

_SOURCE = "exoactor_rt.recorder"


class SegmentWriter:
    """Writes one log, used by one thread; the disk's errors end here.

    Attributes:
        drops: ticks lost; producers may count theirs here too.
        fault: why nothing can be written at the moment; empty while all is well.
    """

    def __init__(
        self,
        path: Path,
        metadata: Mapping[str, str],
        attachments: Mapping[str, bytes],
        robot_description: str,
        rotation: Rotation,
    ):
        """Opens the first file.

        Raises:
            LogError: it cannot be made.
        """
        self.drops = DropCount()
        self.fault = ""
        self._path = path
        self._number = 0
        self._metadata = {**metadata, LOG_ID: secrets.token_hex(8)}
        self._attachments = dict(attachments)
        self._robot_description = robot_description
        self._rotation = rotation
        self._viewers = ViewerFeed()
        self._described = False
        self._newest_ns = 0
        self._recent: list[npt.NDArray[np.int64]] = []
        self._retry_at_s = 0.0
        self._segment: Segment | None = None
        try:
            self._segment = self._open()
        except OSError as error:
            raise LogError(f"log {path}: {error.strerror}; no log") from error

    def add_rows(self, topic: str, rows: npt.NDArray[Any]) -> None:
        """Writes rows of `schemas.ROW_TYPE_NAMES`, or counts them as dropped."""
        segment = self._ready()
        stamps = rows[STAMP]
        if segment is None:
            self.drops.add(stamps, self.fault)
            return
        self._newest_ns = max(self._newest_ns, int(stamps[-1]))
        self._recent.append(stamps)
        try:
            self._describe(segment, int(stamps[0]))
            segment.add_rows(topic, rows)
            if topic == TICK_TOPIC:
                for shown, stamp_ns, payload in self._viewers.messages(rows):
                    segment.add(shown, stamp_ns, payload)
        except OSError as error:
            self._fail(error)
        else:
            self._tidy(segment)

    def add_event(
        self, stamp_ns: int, severity: Severity, text: str, source: str = _SOURCE
    ) -> None:
        """Writes an event; lost when the disk takes nothing."""
        segment = self._ready()
        if segment is None:
            return
        try:
            stamp_ns = max(0, stamp_ns)
            segment.add("/rosout", stamp_ns, pack_log(stamp_ns, severity, source, text))
        except OSError as error:
            self._fail(error)

    def attach(self, name: str, data: bytes, repeat: bool) -> None:
        """Keeps a file inside this segment, and inside all following ones when it is to repeat."""
        if repeat:
            self._attachments[name] = data
        segment = self._ready()
        if segment is None:
            return
        try:
            segment.attach(name, data)
        except OSError as error:
            self._fail(error)

    def flush(self) -> None:
        """Writes the chunk in progress, and what was dropped."""
        segment = self._ready()
        if segment is None:
            return
        drop = self.drops.take()
        try:
            if drop is not None:
                stamp_ns = max(0, drop.last_ns)
                segment.add("/rosout", stamp_ns, pack_log(stamp_ns, "warning", _SOURCE, str(drop)))
            segment.flush()
        except OSError as error:
            if drop is not None:
                self.drops.give_back(drop)
            self._fail(error)
        else:
            self._recent.clear()

    def finish(self) -> None:
        """Ends the log with its index."""
        self.flush()
        if self._segment is None:
            return
        try:
            if self.drops.total:
                self._segment.add_metadata({"dropped_ticks": str(self.drops.total)})
            self._segment.finish()
        except OSError as error:
            self._fail(error)
        self._segment = None

    def _ready(self) -> Segment | None:
        """The segment to write to; opens the next one once a disk that failed may be tried."""
        if self._segment is None and time.monotonic() >= self._retry_at_s:
            try:
                self._segment = self._open()
                self.fault = ""
            except OSError as error:
                self._fail(error)
        return self._segment

    def _open(self) -> Segment:
        """The next file; a name is used up only when its file holds something."""
        number = {SEGMENT_NUMBER: str(self._number)}
        segment = Segment(segment_path(self._path, self._number), {**self._metadata, **number})
        try:
            for name, data in self._attachments.items():
                segment.attach(name, data)
        except BaseException:
            segment.abandon()
            raise
        self._number += 1
        self._described = False
        return segment

    def _describe(self, segment: Segment, stamp_ns: int) -> None:
        if self._robot_description and not self._described:
            segment.add(
                "/robot_description", max(0, stamp_ns), pack_string(self._robot_description)
            )
        self._described = True

    def _tidy(self, segment: Segment) -> None:
        """Begins the next file where this one is full, and deletes the oldest."""
        limit, keep = self._rotation.segment_bytes, self._rotation.keep_bytes
        if limit is None or segment.size_bytes <= limit:
            return
        self.flush()
        if self._segment is not segment:
            return
        try:
            segment.finish()
            self._segment = self._open()
        except OSError as error:
            self._fail(error)
            return
        if keep is not None:
            current = self._segment.path
            for path in delete_oldest(current.parent, max(0, keep - limit), current):
                self.add_event(self._newest_ns, "info", f"log: {path.name} deleted to make room")

    def _fail(self, error: OSError) -> None:
        """Ends the segment behind its last whole chunk; what came after it is lost."""
        self.fault = error.strerror or type(error).__name__
        self._retry_at_s = time.monotonic() + RETRY_S
        if self._segment is not None:
            lost = np.concatenate(self._recent) if self._recent else np.zeros(0, np.int64)
            unwritten = self._segment.unwritten_rows
            self.drops.add(lost[len(lost) - unwritten :], self.fault)
            with suppress(OSError):
                self._segment.abandon()
        self._recent.clear()
        self._segment = None
