"""Writes a whole run, and what was asked for, into one log."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from exoactor_rt._core.types import Plan
from exoactor_rt.errors import LogError
from exoactor_rt.planning import save_plan
from exoactor_rt.recorder import RunLog
from exoactor_rt.recorder.schemas import COMMAND_TOPIC, INPUT_TOPIC, STATE_TOPIC
from exoactor_rt.recorder.tick_setup import (
    LIMITS_ATTACHMENT,
    pack_limits,
    plan_attachment,
    setup_metadata,
)
from exoactor_rt.recorder.tick_table import STAMP, Columns, take
from exoactor_rt.robots import g1
from exoactor_rt.sim.rollout import RAW_DROPPED, TICKS_DROPPED, Event, Rollout

PLAN_ATTACHMENT = plan_attachment(1)
REFERENCE_ATTACHMENT = "reference.npz"
_BATCH_TICKS = 500


def write_execution_log(
    path: Path,
    rollout: Rollout,
    plan: Plan | None = None,
    metadata: Mapping[str, str] | None = None,
    attachments: Mapping[str, bytes] | None = None,
) -> None:
    """Writes a Rollout to an MCAP file that Foxglove and PlotJuggler open as it is.

    /robot_description holds the MJCF, as this project has no URDF; the log's metadata say so.

    Args:
        path: of the file; replaced where it exists.
        rollout: the run; its ticks become messages stamped with the tick's time.
        plan: attached as the file that `planning.load_plan` reads.
        metadata: of the log, e.g. versions and hashes.
        attachments: name -> data, e.g. the configuration.

    Raises:
        LogError: the run has no tick, or the log cannot be written.
        PlanningError: the plan is not feasible.
    """
    count = len(rollout.ticks.get(STAMP, ()))
    if not count:
        raise LogError(f"log {path}: the run has no tick; no log")
    files = {LIMITS_ATTACHMENT: pack_limits(rollout.guard_limits), **(attachments or {})}
    if plan is not None:
        files[PLAN_ATTACHMENT] = plan_bytes(plan)
    with RunLog(
        path,
        metadata={"robot_description": "mjcf", **setup_metadata(), **(metadata or {})},
        attachments=files,
        robot_description=g1.model_path().read_text(encoding="utf-8"),
    ) as log:
        events = list(rollout.events)
        _append(log, rollout.inputs, INPUT_TOPIC)
        for topic, messages in zip((STATE_TOPIC, COMMAND_TOPIC), rollout.raw, strict=True):
            _append(log, messages, topic)
        for start in range(0, count, _BATCH_TICKS):
            batch = take(rollout.ticks, slice(start, start + _BATCH_TICKS))
            log.append(batch, wait=True)
            while events and events[0].stamp_ns <= batch[STAMP][-1]:
                _add_event(log, events.pop(0))
        for event in events:
            _add_event(log, event)
        lost = _count_lost(log, rollout)
    if log.dropped_ticks > lost or log.fault:
        raise LogError(f"log {path}: {log.fault or 'records were dropped'}; log incomplete")


def _count_lost(log: RunLog, rollout: Rollout) -> int:
    """Tells the log what the run's rings could not hold; how many records."""
    lost = 0
    for name, ring in ((TICKS_DROPPED, "the ring"), (RAW_DROPPED, "the ring of raw messages")):
        dropped = int(rollout.loop.get(name, 0))
        stamps = np.full(dropped, int(rollout.ticks[STAMP][-1]))
        log.count_lost(stamps, f"{ring} was full, the process too busy")
        lost += dropped
    return lost


def _append(log: RunLog, columns: Columns, topic: str) -> None:
    for start in range(0, len(columns.get(STAMP, ())), _BATCH_TICKS):
        log.append(take(columns, slice(start, start + _BATCH_TICKS)), topic=topic, wait=True)


def _add_event(log: RunLog, event: Event) -> None:
    log.event(event.stamp_ns, event.severity, event.text, "exoactor_rt.sim")


def plan_bytes(plan: Plan) -> bytes:
    """The plan as the file that `planning.load_plan` reads.

    Raises:
        PlanningError: the plan is not feasible.
    """
    with tempfile.TemporaryDirectory() as folder:
        return save_plan(plan, Path(folder) / PLAN_ATTACHMENT).read_bytes()
