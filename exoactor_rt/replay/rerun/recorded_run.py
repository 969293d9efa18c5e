"""A log as what can be run again: every measurement and every other input of every tick."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from exoactor_rt import _core
from exoactor_rt._core.safety import GuardLimits
from exoactor_rt._core.types import Plan
from exoactor_rt.build_identity import build_id, machine_kind
from exoactor_rt.errors import LogError
from exoactor_rt.planning import parse_plan
from exoactor_rt.recorder import RunRecord
from exoactor_rt.recorder.tick_setup import (
    BUILD,
    LIMITS_ATTACHMENT,
    MACHINE,
    plan_attachment,
    unpack_limits,
)

SENSED = (
    "now_ns",
    "sensed_stamp_ns",
    "sensed_position",
    "sensed_velocity",
    "sensed_torque",
    "quat_world_imu_wxyz",
    "gyro_in_imu",
    "accel_in_imu",
    "heartbeat_ns",
    "health_stamp_ns",
    "mode_machine",
    "battery_percent",
    "command_publishers",
    "state_crc_errors",
    "remote_buttons",
    "winding_c",
    "casing_c",
    "motor_fault",
)
"""Columns of what was measured and told, and when the tick was given it."""

TICK_COLUMNS = tuple(_core.runtime.RecordRing(1).drain())
"""Every column that a tick of this build records: what a rerun reads of a log."""

_NEEDED = (
    *SENSED,
    "tick_index",
    "input_ticks",
    "guard_state",
    "wanted_stamp_ns",
    "wanted_torque",
    "sent_torque",
)
_ROWS_HASHED = 20_000


@dataclass(frozen=True)
class RecordedRun:
    """What a log holds of the inputs of its control tick.

    Attributes:
        name: of the log's file.
        ticks: one row a tick, from the tick's first.
        inputs: one row a tick that something new reached besides the measurement.
        plans: number, from 1, -> plan that was handed over.
        limits: the guard's.
        build: of the module that wrote it; empty where the log does not tell.
        machine: kind of the machine that wrote it.
    """

    name: str
    ticks: dict[str, npt.NDArray[Any]]
    inputs: dict[str, npt.NDArray[Any]]
    plans: dict[int, Plan]
    limits: GuardLimits
    build: str
    machine: str

    @property
    def same_build(self) -> bool:
        """Whether the log was written by the build that runs here."""
        return self.build == build_id()

    @property
    def same_machine(self) -> bool:
        """Whether it was written on this kind of machine, so that bits must be equal."""
        return self.machine == machine_kind()

    def input_hash(self) -> str:
        """16 digits of a SHA-256 over what was measured and asked: tells one log from another."""
        digest = hashlib.sha256()
        for table, names in ((self.ticks, SENSED), (self.inputs, sorted(self.inputs))):
            for name in names:
                for start in range(0, len(table[name]), _ROWS_HASHED):
                    rows = table[name][start : start + _ROWS_HASHED]
                    digest.update(np.ascontiguousarray(rows).tobytes())
        return digest.hexdigest()[:16]


def recorded_run(run: RunRecord) -> RecordedRun:
    """Takes a log's inputs.

    Raises:
        LogError: the log does not hold every input of every tick from the first: it is older than
            their record, or ticks, inputs or its first files are missing.
        PlanningError: a plan in it cannot be read.
    """
    _require_inputs(run)
    _require_every_tick(run)
    _require_every_input(run)
    limits = run.attachments.get(LIMITS_ATTACHMENT)
    if limits is None:
        raise _refused(run, f"it has no attachment {LIMITS_ATTACHMENT}")
    return RecordedRun(
        run.path.name,
        run.ticks,
        run.inputs,
        _plans(run),
        unpack_limits(limits),
        run.metadata.get(BUILD, ""),
        run.metadata.get(MACHINE, ""),
    )


def _require_inputs(run: RunRecord) -> None:
    missing = [name for name in _NEEDED if name not in run.ticks]
    if missing:
        raise _refused(
            run, f"its /control_tick has no {missing[0]}: it is older than the record of inputs"
        )


def _require_every_tick(run: RunRecord) -> None:
    index = run.ticks["tick_index"]
    if index[0] != 0:
        raise _refused(run, f"it begins at tick {index[0]}; its first files are not here")
    gaps = np.flatnonzero(np.diff(index) != 1)
    if len(gaps):
        before, after = index[gaps[0]], index[gaps[0] + 1]
        raise _refused(run, f"ticks between {before} and {after} are missing")


def _require_every_input(run: RunRecord) -> None:
    """Ticks count the inputs before them; inputs stand before their ticks in the file."""
    told = int(run.ticks["input_ticks"][-1])
    last = int(run.ticks["tick_index"][-1])
    held = int((run.inputs["tick_index"] <= last).sum()) if run.inputs else 0
    if held != told:
        raise _refused(run, f"it holds {held} of the {told} ticks at which inputs came")
    lost = run.inputs.get("lost_calls")
    if lost is not None and lost.max(initial=0) > 0:
        raise _refused(run, f"{lost.max()} calls had no room in it")


def _plans(run: RunRecord) -> dict[int, Plan]:
    plans = {}
    numbers: Any = np.unique(run.inputs["plans"]) if run.inputs else ()
    for number in (int(number) for number in numbers if number > 0):
        name = plan_attachment(number)
        if name not in run.attachments:
            raise _refused(run, f"plan {number} was executed and is not in it")
        plans[number] = parse_plan(run.attachments[name], f"{run.path.name}:{name}")
    return plans


def _refused(run: RunRecord, why: str) -> LogError:
    return LogError(f"log {run.path}: {why}; not run again")
