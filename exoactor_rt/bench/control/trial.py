"""One task executed once on the simulated robot, measured against the truth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from exoactor_rt._core.control import Activity
from exoactor_rt._core.safety import GuardLimits
from exoactor_rt.bench.control.task import Task
from exoactor_rt.bench.feet import root_drift, true_feet
from exoactor_rt.errors import PlanningError
from exoactor_rt.planning import Plan, check_plan, plan_duration_s
from exoactor_rt.sim import Rollout, RunOptions, SimOptions, execute
from exoactor_rt.sim.rollout import Columns
from exoactor_rt.types import FloatArray

LIFTED_M = 0.02
RAISED_M = 0.05
SETTLE_S = 0.5
_SPARE_S = 10.0


@dataclass(frozen=True)
class Outcome:
    """What came of one trial.

    Attributes:
        survived: no fall, no guard trip, the plan done, and every step of it really taken.
        reason: in words; empty when it survived.
        fall_time_s: of the fall or the guard's trip, since the run's begin.
        steps_asked: footsteps of the plan.
        steps_done: as the controller counts them.
        lifts: how often a sole really left the ground by 2 cm.
        raised_s: the longest that a sole really was up by 5 cm.
        com_rms_mm: distance of the true centre of mass from the plan's while standing under the
            plan; None where there was no such time.
        dcm_rms_mm: estimated from planned divergent component of motion while stepping, likewise.
        drift_m: middle of the feet at the end from where the steps lead; None after a fall.
        drift_yaw_deg: mean yaw of the feet, likewise.
        speed_m_s: mean, over ground, from the second lift-off to the last.
        lift_offs_s: when the controller began each swing, after the release.
        qp_failures: ticks without a solution.
        qp_iterations_max: of one tick.
    """

    survived: bool
    reason: str = ""
    fall_time_s: float | None = None
    steps_asked: int = 0
    steps_done: int = 0
    lifts: int = 0
    raised_s: float = 0.0
    com_rms_mm: float | None = None
    dcm_rms_mm: float | None = None
    drift_m: float | None = None
    drift_yaw_deg: float | None = None
    speed_m_s: float | None = None
    lift_offs_s: tuple[float, ...] = ()
    qp_failures: int = 0
    qp_iterations_max: int = 0


IntArray = npt.NDArray[np.intp]

RunTrial = Callable[[Task, SimOptions], Outcome]
"""Executes a task on a simulated robot."""


def run_trial(task: Task, sim: SimOptions) -> Outcome:
    """Executes `task`; raises PlanningError where its plan breaks the planner's own limits."""
    plan = task.plan()
    return measure(roll_out(plan, sim), plan)


def roll_out(plan: Plan, sim: SimOptions, settle_s: float = SETTLE_S) -> Rollout:
    """Runs a plan to its end; raises PlanningError as above.

    The guard knows the rate at which the controller is run, so that a case of another rate measures
    the controller; at a rate other than the one it was told it stops the robot.
    """
    violations = check_plan(plan)
    if violations:
        raise PlanningError(f"benchmark: {violations[0]}")
    limit_s = 2.0 * plan_duration_s(plan) + _SPARE_S
    limits = GuardLimits()
    limits.period_ns = round(1e9 * sim.control_period_s)
    options = RunOptions(sim=sim, settle_s=settle_s, duration_limit_s=limit_s, guard_limits=limits)
    return execute(plan, options)


def measure(rollout: Rollout, plan: Plan) -> Outcome:
    """The outcome of one run of `plan`."""
    execution, ticks = rollout.execution, rollout.ticks
    feet = true_feet(execution)
    ankle_height_m = feet.position_in_world[..., 2]
    lifts = count_lifts(ankle_height_m)
    reason = _shortfall(rollout, len(plan.steps), lifts)
    drift = None if execution.fallen else root_drift(plan, feet)
    activity = ticks["activity"]
    swinging = activity == int(Activity.SWING)
    begun = np.flatnonzero(swinging[1:] & ~swinging[:-1]) + 1
    return Outcome(
        survived=not reason,
        reason=reason,
        fall_time_s=next(
            (1e-9 * e.stamp_ns for e in rollout.events if e.severity == "error"), None
        ),
        steps_asked=len(plan.steps),
        steps_done=execution.steps_executed,
        lifts=lifts,
        raised_s=longest_raised_s(execution.times_s, ankle_height_m),
        com_rms_mm=_com_rms_mm(rollout),
        dcm_rms_mm=_dcm_rms_mm(rollout),
        drift_m=None if drift is None else drift.xy_m,
        drift_yaw_deg=None if drift is None else drift.yaw_deg,
        speed_m_s=_speed_m_s(ticks, begun),
        lift_offs_s=tuple(float(time_s) for time_s in ticks["true_time_s"][begun]),
        qp_failures=int(ticks["qp_failures"].max()),
        qp_iterations_max=int(ticks["qp_iterations"].max()),
    )


def count_lifts(ankle_height_m: FloatArray) -> int:
    """How often a foot left the ground; [N, 2] m, the first row standing."""
    airborne = ankle_height_m > ankle_height_m[0] + LIFTED_M
    return int(np.count_nonzero(airborne[1:] & ~airborne[:-1]))


def longest_raised_s(times_s: FloatArray, ankle_height_m: FloatArray) -> float:
    """The longest time that one foot was up; [N] s, [N, 2] m, the first row standing."""
    longest_s = 0.0
    for height_m in ankle_height_m.T:
        begin_s = times_s[0]
        for time_s, raised in zip(times_s, height_m > height_m[0] + RAISED_M, strict=True):
            if raised:
                longest_s = max(longest_s, float(time_s - begin_s))
            else:
                begin_s = time_s
    return longest_s


def _shortfall(rollout: Rollout, steps: int, lifts: int) -> str:
    execution = rollout.execution
    if execution.fallen:
        return execution.fall_reason
    if not any(event.text == "plan done" for event in rollout.events):
        return f"plan not done after {execution.duration_s:.1f} s"
    if execution.steps_executed != steps:
        return f"{execution.steps_executed} of {steps} steps done"
    if lifts < steps:
        return f"feet left the ground {lifts} times in {steps} steps"
    return ""


def _com_rms_mm(rollout: Rollout) -> float | None:
    """The estimator's world is anchored where the robot stood at the first tick."""
    ticks = rollout.ticks
    rows = ticks["activity"] == int(Activity.STANCE)
    if not rows.any():
        return None
    begin = int(np.flatnonzero(ticks["guard_state"] > 0)[0])
    offset = ticks["true_root_position_in_world"][begin] - ticks["base_position_in_world"][begin]
    error = ticks["true_com_in_world"] - offset - ticks["planned_com_in_world"]
    return _rms_mm(error[rows])


def _dcm_rms_mm(rollout: Rollout) -> float | None:
    ticks = rollout.ticks
    rows = np.isin(
        ticks["activity"],
        [int(a) for a in (Activity.SHIFT, Activity.DOUBLE_SUPPORT, Activity.SWING)],
    )
    if not rows.any():
        return None
    return _rms_mm((ticks["dcm_in_world"] - ticks["planned_dcm_in_world"])[rows])


def _rms_mm(error_m: FloatArray) -> float:
    """Of the distance; [N, k] m."""
    return float(1e3 * np.sqrt(np.mean(np.sum(np.square(error_m), axis=1))))


def _speed_m_s(ticks: Columns, lift_offs: IntArray) -> float | None:
    """Between the second and the last lift-off: the first and the last step are shorter."""
    if len(lift_offs) < 3:
        return None
    ends = lift_offs[[1, -1]]
    begin, end = ticks["true_root_position_in_world"][ends, :2]
    begin_s, end_s = ticks["true_time_s"][ends]
    return float(np.linalg.norm(end - begin) / (end_s - begin_s))
