"""What the control process records of its ticks, when it is told where."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

import numpy as np

from exoactor_rt._core.safety import GuardLimits
from exoactor_rt.link import Event, LoadedFile, TaskKind
from exoactor_rt.recorder import Rotation, RunLog
from exoactor_rt.recorder.messages import LEVELS, Severity
from exoactor_rt.recorder.schemas import COMMAND_TOPIC, INPUT_TOPIC, SIDE_TOPICS, STATE_TOPIC
from exoactor_rt.recorder.tick_setup import (
    LIMITS_ATTACHMENT,
    pack_limits,
    plan_attachment,
    provenance_attachment,
    setup_metadata,
    tracking_attachments,
)
from exoactor_rt.recorder.tick_table import STAMP, Columns
from exoactor_rt.robots import g1
from exoactor_rt.tracker import Policy
from exoactor_rt.tracker.bundle import bundle_text

SEGMENT_BYTES = 256_000_000

_SEVERITIES: dict[str, Severity] = {name: name for name in LEVELS}
_LOG = logging.getLogger(__name__)


class TickRecord:
    """A RunLog of one control process, or nothing; never waits for the disk."""

    def __init__(self, log: RunLog | None):
        self._log = log
        self._newest_ns = 0
        self._dropped = 0
        self._raw_dropped = 0
        self._fault = ""

    @classmethod
    def open(
        cls, path: Path | None, keep_bytes: int, limits: GuardLimits, policy: Policy | None = None
    ) -> TickRecord:
        """Opens the log at `path`, if any.

        Args:
            path: of the log's first file; None records nothing.
            keep_bytes: of all logs in the folder together, at least two files' worth.
            limits: the guard's.
            policy: that trackings use.

        Raises:
            LogError: the log cannot be made.
        """
        if path is None:
            return cls(None)
        keep = max(keep_bytes, 2 * SEGMENT_BYTES)
        return cls(
            RunLog(
                path,
                metadata={
                    "robot_description": "mjcf",
                    "exoactor_rt": version("exoactor_rt"),
                    **setup_metadata(),
                },
                attachments={LIMITS_ATTACHMENT: pack_limits(limits), **_policy_files(policy)},
                robot_description=g1.model_path().read_text(encoding="utf-8"),
                rotation=Rotation(SEGMENT_BYTES, keep),
            )
        )

    def add(self, ticks: Columns, inputs: Columns, dropped: int) -> None:
        """Records what the ring held.

        Args:
            ticks: of `RecordRing.take()`.
            inputs: of the same.
            dropped: ticks that the ring has dropped since its beginning.
        """
        if self._log is None:
            return
        if len(ticks["now_ns"]):
            self._newest_ns = int(ticks["now_ns"][-1])
        self._log.append(inputs, topic=INPUT_TOPIC)  # before the ticks that they belong to
        self._log.append(ticks)
        self._dropped = self._count(dropped, self._dropped, "the ring")
        if self._log.fault != self._fault:
            self._fault = self._log.fault
            _LOG.warning("log=%r", self._fault or "written again")

    def add_raw(self, messages: tuple[Columns, Columns] | None, dropped: int) -> None:
        """Records the robot's states and the commands sent to it as bytes, if it has such.

        Args:
            messages: of `RobotEnd.take_raw`.
            dropped: of `RobotEnd.raw_dropped`.
        """
        if self._log is None or messages is None:
            return
        for topic, columns in zip((STATE_TOPIC, COMMAND_TOPIC), messages, strict=True):
            self._log.append(columns, topic=topic)
        self._raw_dropped = self._count(dropped, self._raw_dropped, "the ring of raw messages")

    def _count(self, dropped: int, before: int, ring: str) -> int:
        """Counts what a ring has dropped since `before`, at the time of the newest tick."""
        if self._log is not None and dropped > before:
            stamps = np.full(dropped - before, self._newest_ns)
            self._log.count_lost(stamps, f"{ring} was full, the process too busy")
        return dropped

    def add_side(self, told: Mapping[str, Columns]) -> None:
        """Records what the robot tells beside its states; of nothing told no topic appears."""
        if self._log is None:
            return
        for name, columns in told.items():
            if len(columns[STAMP]):
                self._log.append(columns, topic=SIDE_TOPICS[name])

    def add_task(self, number: int, file: LoadedFile) -> None:
        """Keeps the file that the tick accepted as `number` of its kind, and what made it."""
        if self._log is None:
            return
        if file.kind is TaskKind.PLAN:
            names = plan_attachment(number), provenance_attachment(number)
        else:
            names = tracking_attachments(number)
        made = {"label": file.label, f"{file.kind.value} sha256": file.sha256, **file.provenance}
        for name, content in zip(
            names, (file.content, json.dumps(made, indent=1).encode()), strict=True
        ):
            self._log.attach(name, content, repeat=False)

    def add_event(self, event: Event) -> None:
        """Records an event."""
        if self._log is not None:
            severity = _SEVERITIES.get(event.severity, "info")
            self._log.event(event.stamp_ns, severity, event.text)

    def close(self) -> None:
        """Ends the log."""
        if self._log is not None:
            self._log.close()


def _policy_files(policy: Policy | None) -> dict[str, bytes]:
    return {} if policy is None else {"policy.toml": bundle_text(policy.bundle).encode()}
