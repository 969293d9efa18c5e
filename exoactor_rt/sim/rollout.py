"""What one run on a simulated robot leaves behind, and the options it was run with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from exoactor_rt._core.safety import GuardLimits
from exoactor_rt.execution import Execution
from exoactor_rt.sim.options import SimOptions

Columns = dict[str, npt.NDArray[Any]]
"""Name -> [N] or [N, k], one row a control tick, SI units, SDK order."""

TIMING_COLUMNS = ("late_ns", "took_ns", "control_us", "dynamics_us", "qp_us")
"""Columns that tell of this machine, not of the robot: they differ between equal runs."""

RAW_DROPPED = "dropped_messages"
TICKS_DROPPED = "dropped_records"
"""Counts in `Rollout.loop` of what its rings could not hold."""


@dataclass(frozen=True)
class RunOptions:
    """How a plan is executed on the simulated robot.

    Attributes:
        sim: robot and world.
        guard_limits: the defaults when None.
        settle_s: standing under control before the plan is handed over.
        hold_s: standing after the plan's end.
        stand_s: how long to stand when there is no plan.
        collapse_s: how long a tripped guard's damping is watched.
        policy_latency_s: from the state that a policy answers to the arrival of its target, at
            least one control tick; in real time it takes what it takes.
        duration_limit_s: the run ends here at the latest.
        sample_rate_hz: of the Execution; the tick columns keep every tick.
    """

    sim: SimOptions = field(default_factory=SimOptions)
    guard_limits: GuardLimits | None = None
    settle_s: float = 0.5
    hold_s: float = 1.0
    stand_s: float = 3.0
    collapse_s: float = 0.5
    policy_latency_s: float = 0.0
    duration_limit_s: float = 300.0
    sample_rate_hz: float = 50.0


@dataclass(frozen=True)
class Event:
    """Something worth a line in the log, at `stamp_ns` of the run's clock."""

    stamp_ns: int
    severity: Literal["info", "warning", "error"]
    text: str


@dataclass(frozen=True)
class Rollout:
    """One run on the simulated robot.

    Attributes:
        execution: the motion, sampled for reports; times from the release of the robot.
        ticks: every tick's record (see `_core.runtime.RecordRing.drain`), and the truth beside it
            in the columns true_*.
        inputs: what reached a tick besides the measurement, see `RecordRing.take`.
        raw: of a robot on DDS, the states that came and the commands that went as bytes:
            {now_ns [N], message [N, size]} each.
        guard_limits: the guard's.
        events: armed, plan begun, plan done, tripped, fallen, in order.
        guard_trip: the guard's words when it damped or asked for a controlled stop, else empty.
        real_time_factor: simulated over wall-clock time.
        loop: counts and refusals of the real-time loop; empty in lock-step.
    """

    execution: Execution
    ticks: Columns
    events: tuple[Event, ...]
    inputs: Columns = field(default_factory=dict)
    raw: tuple[Columns, Columns] = field(default_factory=lambda: ({}, {}))
    guard_limits: GuardLimits = field(default_factory=GuardLimits)
    guard_trip: str = ""
    real_time_factor: float = 0.0
    loop: dict[str, int | str] = field(default_factory=dict)

    def is_same_motion(self, other: Rollout) -> bool:
        """Whether every tick is equal bit for bit, timing apart."""
        return self.ticks.keys() == other.ticks.keys() and all(
            np.array_equal(column, other.ticks[name], equal_nan=True)
            for name, column in self.ticks.items()
            if name not in TIMING_COLUMNS
        )
