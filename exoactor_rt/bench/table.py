"""The results of a benchmark as a table for the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from exoactor_rt.bench.result import MotionResult, Outcome
from exoactor_rt.bench.text_table import NOTHING, align
from exoactor_rt.bench.text_table import number as _number

HEADINGS = (
    "motion",
    "outcome",
    "level",
    "steps ask/plan/done",
    "drop",
    "fwd",
    "stretch",
    "RMSE deg",
    "kp plan mm",
    "kp ref mm",
    "drift m",
    "yaw deg",
    "slide m/s",
    "torque",
    "changes",
)


def format_table(results: Sequence[MotionResult]) -> str:
    """One line a motion; what fell, was refused, failed, changed level or lost frames; counts."""
    rows = [HEADINGS, *(_cells(result) for result in results)]
    lines = align(rows)
    lines += [_reason(result) for result in results if result.reason]
    lines += [_descent(result) for result in results if result.level and len(result.attempts) > 1]
    lines += [f"{result.name}: {result.left_out}" for result in results if result.left_out]
    outcomes = [result.outcome for result in results]
    counts = ", ".join(f"{outcomes.count(o)} {o.value}" for o in Outcome if o in outcomes)
    return "\n".join([*lines, f"{len(results)} motions: {counts}"])


def _cells(result: MotionResult) -> tuple[str, ...]:
    plan, run = result.departure, result.measurement
    counts = (result.steps_asked, result.steps_planned, result.steps_executed)
    return (
        result.name,
        result.outcome.value,
        result.level or NOTHING,
        "/".join(NOTHING if count is None else str(count) for count in counts),
        str(plan.steps_dropped) if plan else NOTHING,
        _number(plan.forward_scale if plan else None, 2),
        _number(plan.stretch if plan else None, 2),
        _number(run.joint_rmse_deg if run else None, 1),
        _number(run.keypoint_plan_mm if run else None, 0),
        _number(run.keypoint_reference_mm if run else None, 0),
        _number(run.drift_xy_m if run else None, 2),
        _number(run.drift_yaw_deg if run else None, 1),
        _number(run.foot_slide_m_s if run else None, 3),
        _number(run.peak_torque_share if run else None, 2),
        str(sum(plan.changes.values())) if plan else NOTHING,
    )


def _reason(result: MotionResult) -> str:
    when = "" if result.fall_time_s is None else f" at {result.fall_time_s:.2f} s"
    return f"{result.name}: {result.outcome.value}{when}: {result.reason}"


def _descent(result: MotionResult) -> str:
    failed = " | ".join(result.attempts[:-1])
    return f"{result.name}: executed at level {result.level}, as {failed}"
