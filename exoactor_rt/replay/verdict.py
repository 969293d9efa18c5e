"""Pass or fail: figures against limits, each comparison told."""

from __future__ import annotations

from dataclasses import dataclass

from exoactor_rt.config import VerdictConfig
from exoactor_rt.replay.figures import Figures

REFERENCE_LEFT_S = 0.1


@dataclass(frozen=True)
class Criterion:
    """One thing a run must keep.

    Attributes:
        name: what is judged, e.g. "wrist error, rms".
        got: the value.
        allowed: the limit.
        unit: unit of both.
        passed: the outcome; stated, as some limits are upper and some lower ones.
    """

    name: str
    got: float
    allowed: float
    unit: str
    passed: bool


@dataclass(frozen=True)
class Verdict:
    """Whether the run passed, the criteria, and in words why not."""

    passed: bool
    criteria: tuple[Criterion, ...] = ()
    reasons: tuple[str, ...] = ()


def at_most(name: str, got: float, allowed: float, unit: str) -> Criterion:
    """A criterion with an upper limit; NaN fails."""
    return Criterion(name, got, allowed, unit, got <= allowed)


def at_least(name: str, got: float, allowed: float, unit: str) -> Criterion:
    """A criterion with a lower limit; NaN fails."""
    return Criterion(name, got, allowed, unit, got >= allowed)


def judge(figures: Figures, limits: VerdictConfig) -> Verdict:
    """The verdict on an execution: it must stand, follow its plan and do all its steps.

    Heading and duration are judged only where the plan steps: a robot that is to stand cannot turn,
    and what a stance-only plan leaves out is listed among its changes.
    """
    followed = (
        at_most(
            "waist and arms against plan, rms", figures.joint_rms_rad, limits.joint_rms_rad, "rad"
        ),
        at_most("wrists against plan, rms", figures.wrist_rms_m, limits.wrist_rms_m, "m"),
        at_most("reference not reached", figures.reference_left_s, REFERENCE_LEFT_S, "s"),
    )
    stepped = (
        at_least("steps executed", figures.steps_executed, figures.steps_planned, ""),
        at_most("heading at the end", figures.heading_error_rad, limits.heading_error_rad, "rad"),
        at_most("duration over reference", figures.duration_ratio, limits.duration_ratio, ""),
    )
    return conclude(
        figures, _upright(figures, limits) + followed + (stepped if figures.steps_planned else ())
    )


def judge_standing(figures: Figures, limits: VerdictConfig) -> Verdict:
    """The verdict on a disturbed execution: it must stand and come to the end of its task."""
    ended = (at_most("reference not reached", figures.reference_left_s, REFERENCE_LEFT_S, "s"),)
    return conclude(figures, _upright(figures, limits) + ended)


def _upright(figures: Figures, limits: VerdictConfig) -> tuple[Criterion, ...]:
    return (
        at_least(
            "pelvis height, lowest", figures.min_pelvis_height_m, limits.min_pelvis_height_m, "m"
        ),
        at_most("tilt, largest", figures.max_tilt_rad, limits.max_tilt_rad, "rad"),
        at_most("torque over limit", figures.max_torque_share, 1.0, ""),
    )


def conclude(figures: Figures, criteria: tuple[Criterion, ...]) -> Verdict:
    """Passed when the robot did not fall and every criterion is met."""
    reasons = [figures.fall_reason or "the robot fell"] if figures.fallen else []
    reasons += [
        f"{item.name}: {_told(item.got, item.unit)}, allowed {_told(item.allowed, item.unit)}"
        for item in criteria
        if not item.passed
    ]
    return Verdict(not reasons, criteria, tuple(reasons))


def _told(value: float, unit: str) -> str:
    return f"{value:.3g} {unit}".strip()
