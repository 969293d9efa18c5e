"""Reads a log back, also one whose writer was killed or that was damaged since."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from exoactor_rt.errors import LogError
from exoactor_rt.progress import ReportProgress
from exoactor_rt.recorder.log_scan import LogScan, RawMessage
from exoactor_rt.recorder.messages import Severity, unpack_log
from exoactor_rt.recorder.rotation import segment_path
from exoactor_rt.recorder.schemas import INPUT_TOPIC, TICK_TOPIC
from exoactor_rt.recorder.segment_writer import LOG_ID, SEGMENT_NUMBER
from exoactor_rt.recorder.tick_table import STAMP, type_of

DAMAGE = "damage"
"""Name in the metadata of a recovered log: what was wrong with the log it was made from."""

_ENCAPSULATION_BYTES = 4
_BATCH_ROWS = 2000
_EVENT_TOPIC = "/rosout"


@dataclass
class Log:
    """Every message of a log, as bytes.

    Attributes:
        messages: in the order of writing.
        attachments: name -> data.
        metadata: of the whole log.
        damages: where the file is not as it was written, in words; empty for a whole log.
    """

    messages: list[RawMessage] = field(default_factory=list)
    attachments: dict[str, bytes] = field(default_factory=dict)
    metadata: dict[str, str] = field(default_factory=dict)
    damages: tuple[str, ...] = ()

    def on_topic(self, topic: str) -> list[RawMessage]:
        """The messages of one topic, in order."""
        return [message for message in self.messages if message.channel.topic == topic]


@dataclass(frozen=True)
class LogEvent:
    """A line of /rosout."""

    stamp_ns: int
    severity: Severity
    text: str


@dataclass(frozen=True)
class RunRecord:
    """A run as its log tells it.

    Attributes:
        path: of the log.
        ticks: column -> [N] or [N, k], one row a control tick.
        inputs: as `ticks`, one row a tick that something new reached; empty in a log without them.
        events: in order.
        attachments: name -> data.
        metadata: of the whole log.
        damages: what is wrong with the file, or was with the one it was recovered from.
    """

    path: Path
    ticks: dict[str, npt.NDArray[Any]]
    inputs: dict[str, npt.NDArray[Any]]
    events: tuple[LogEvent, ...]
    attachments: dict[str, bytes]
    metadata: dict[str, str]
    damages: tuple[str, ...]


def read_log(path: Path) -> Log:
    """Reads every whole chunk of a log, in the order of its bytes; needs no index.

    Raises:
        LogError: no such file, or no MCAP.
    """
    scan = LogScan(path)
    messages = [message for chunk in scan.messages() for message in chunk]
    return Log(messages, scan.attachments, scan.metadata, tuple(scan.damages))


def read_run(
    path: Path, columns: Collection[str] | None = None, progress: ReportProgress | None = None
) -> RunRecord:
    """Reads the tick records and events of a log, with the files that continue it.

    Args:
        path: of the log's first file, or of any file to read only that.
        columns: those wanted, beside `now_ns`; all when None. Those that lack are left out.
        progress: called now and then with (done, total) in bytes.

    Raises:
        LogError: no such file, no MCAP, or it holds no tick.
    """
    tables = {TICK_TOPIC: _Table(columns), INPUT_TOPIC: _Table(None)}
    events: list[LogEvent] = []
    scans = [_scan(LogScan(path), tables, events, progress)]
    while (following := _following(path, scans)) is not None:
        scans.append(_scan(following, tables, events, progress))
    damages = [damage for scan in scans for damage in _damages(scan, named=len(scans) > 1)]
    ticks = tables[TICK_TOPIC].columns()
    if not ticks:
        told = f" ({'; '.join(damages)})" if damages else ""
        raise LogError(f"log {path}: it holds no control tick{told}; nothing to read")
    attachments = {name: data for scan in scans for name, data in scan.attachments.items()}
    metadata = {name: text for scan in scans for name, text in scan.metadata.items()}
    for name in (LOG_ID, SEGMENT_NUMBER):
        metadata.pop(name, None)
    return RunRecord(
        path,
        ticks,
        tables[INPUT_TOPIC].columns(),
        tuple(events),
        attachments,
        metadata,
        tuple(damages),
    )


def _scan(
    scan: LogScan,
    tables: Mapping[str, _Table],
    events: list[LogEvent],
    progress: ReportProgress | None,
) -> LogScan:
    for chunk in scan.messages({*tables, _EVENT_TOPIC}):
        for message in chunk:
            table = tables.get(message.channel.topic)
            if table is not None:
                table.add(message)
            else:
                try:
                    events.append(LogEvent(*unpack_log(message.payload)))
                except ValueError as error:
                    scan.damages.append(str(error))
        if progress is not None:
            progress(scan.done_bytes, scan.size_bytes)
    return scan


def _following(path: Path, scans: list[LogScan]) -> LogScan | None:
    """The file that continues the log that began at `path`, found by its metadata."""
    first = scans[0].metadata
    following = segment_path(path, len(scans))
    if first.get(SEGMENT_NUMBER) != "0" or not following.exists():
        return None
    scan = LogScan(following)
    for _ in scan.messages():
        break
    same = scan.metadata.get(LOG_ID) == first.get(LOG_ID)
    return LogScan(following) if same else None


def _damages(scan: LogScan, named: bool) -> list[str]:
    """The damages of one file, with its name where the log has several."""
    before = [scan.metadata[DAMAGE]] if DAMAGE in scan.metadata else []
    prefix = f"{scan.path.name} " if named else ""
    return [f"{prefix}{damage}" for damage in [*before, *scan.damages]]


class _Table:
    """Collects rows of fixed size and turns them into columns, some rows at a time.

    A column grows in one buffer: pieces to be joined at the end would need the memory twice.
    """

    def __init__(self, wanted: Collection[str] | None):
        self._wanted = wanted
        self._definition = ""
        self._type: np.dtype[Any] | None = None
        self._payloads: list[bytes] = []
        self._buffers: dict[str, bytearray] = {}

    def add(self, message: RawMessage) -> None:
        if self._type is None:
            self._definition = message.channel.definition
            self._begin(type_of(self._definition))
        elif message.channel.definition != self._definition:
            raise LogError("log: ticks of two different definitions; not read")
        assert self._type is not None
        if len(message.payload) != self._type.itemsize:
            got, expected = len(message.payload), self._type.itemsize
            raise LogError(f"log: tick of {got} bytes, expected {expected}")
        self._payloads.append(message.payload)
        if len(self._payloads) == _BATCH_ROWS:
            self._convert()

    def columns(self) -> dict[str, npt.NDArray[Any]]:
        """Takes all that was collected."""
        if self._type is None:
            return {}
        self._convert()
        taken = {}
        for name in list(self._buffers):
            field = self._type[name]
            values = np.frombuffer(self._buffers.pop(name), field.base)
            taken[name] = values.reshape(-1, *field.shape)
        return taken

    def _begin(self, row: np.dtype[Any]) -> None:
        self._type = _behind_encapsulation(row)
        for name in row.names or ():
            if self._wanted is None or name == STAMP or name in self._wanted:
                self._buffers[name] = bytearray()

    def _convert(self) -> None:
        rows = np.frombuffer(b"".join(self._payloads), self._type)
        self._payloads.clear()
        for name in self._buffers:
            self._buffers[name] += np.ascontiguousarray(rows[name]).data


def _behind_encapsulation(row: np.dtype[Any]) -> np.dtype[Any]:
    """The type of a whole payload: CDR's header, then the row."""
    fields = {name: field[:2] for name, field in (row.fields or {}).items()}
    return np.dtype(
        {
            "names": list(fields),
            "formats": [kind for kind, _ in fields.values()],
            "offsets": [_ENCAPSULATION_BYTES + offset for _, offset in fields.values()],
            "itemsize": _ENCAPSULATION_BYTES + row.itemsize,
        }
    )
