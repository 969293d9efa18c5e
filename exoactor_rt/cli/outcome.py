"""What a command tells in the end: a screenful, the verdict last; the report has the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from exoactor_rt.pipeline import Planned, RunResult
from exoactor_rt.planning import Plan, PlanChange, plan_duration_s
from exoactor_rt.replay import Criterion, Figures
from exoactor_rt.tracker import Tracking, describe_correction, describe_speeds
from exoactor_rt.types import Reference

_LABEL_WIDTH = 10
_NAME_WIDTH = 33
_MOST_CHANGES = 10
_SHOWN_FILES = ("report", "film", "log", "plan", "refused_plan", "reference")


def run_lines(result: RunResult, seconds: Mapping[str, float]) -> list[str]:
    """The outcome of a whole run."""
    lines = _entry("candidates", result.ranking) + _planned_lines(result.planned)
    if result.override:
        lines += _entry("override", [f"refused, executed all the same {result.override}"])
    if result.figures is not None:
        lines += _entry("measured", map(_criterion_words, result.verdict.criteria))
        lines += _entry("", _extent_words(result.figures, result.planned.reference))
    if result.missing_film:
        lines += _entry("no film", [result.missing_film])
    shown = [name for name in _SHOWN_FILES if name in result.files]
    lines += _entry("files", [f"{name:<12} {result.files[name]}" for name in shown])
    lines += _entry("stages", [_stages(seconds)])
    if result.refused:
        return [*lines, _REFUSED]
    if result.verdict.passed:
        return [*lines, *_entry("verdict", ["PASS"])]
    return [*lines, *_entry("verdict", [f"FAIL: {'; '.join(result.verdict.reasons)}"])]


def plan_lines(planned: Planned, seconds: Mapping[str, float], path: Path) -> list[str]:
    """The outcome of planning; `path` is where an admitted plan was saved."""
    lines = _planned_lines(planned) + _entry("stages", [_stages(seconds)])
    if planned.admission.plan is None:
        return [*lines, _REFUSED]
    return [*lines, *_entry("verdict", [f"PLANNED: {path}"])]


_REFUSED = f"{'verdict':<{_LABEL_WIDTH}} REFUSED: nothing survived its rehearsal"


def _planned_lines(planned: Planned) -> list[str]:
    plan, tracking = planned.admission.plan, planned.admission.tracking
    lines = [""]
    lines += _entry("rehearsal", map(str, planned.admission.attempts))
    if plan is not None:
        lines += _entry("plan", [_plan_words(planned, plan)])
        lines += _entry("changed", change_lines(plan.changes))
    if tracking is not None:
        lines += _entry("tracker", tracking_lines(tracking))
    return lines + _entry("assumed", planned.source.motion.notes)


def _plan_words(planned: Planned, plan: Plan) -> str:
    reference = planned.reference
    reference_s = (len(reference.joint_position) - 1) / reference.rate_hz
    inserted = sum(step.inserted for step in plan.steps)
    steps = f"{len(plan.steps)} steps" + (f", {inserted} of them inserted" if inserted else "")
    level = plan.level.name.lower().replace("_", " ")
    return f"{level}: {reference_s:.1f} s of motion in {plan_duration_s(plan):.1f} s, {steps}"


def tracking_lines(tracking: Tracking) -> list[str]:
    """Which policy drives, for how long, and what it asks of the guard."""
    bundle, motion = tracking.policy.bundle, tracking.motion
    return [
        f"{bundle.name} ({bundle.licence}): {motion.reference_s:.1f} s of motion in "
        f"{motion.duration_s:.1f} s with standing before and after",
        describe_speeds(bundle),
        describe_correction(tracking.correction),
    ]


def change_lines(changes: Sequence[PlanChange]) -> list[str]:
    """One line a kind of change, the most frequent first: how often, when, the largest."""
    kinds: dict[str, list[PlanChange]] = {}
    for change in changes:
        kinds.setdefault(change.what, []).append(change)
    if not kinds:
        return ["nothing"]
    ordered = sorted(kinds.values(), key=len, reverse=True)
    lines = [_kind_words(same) for same in ordered[:_MOST_CHANGES]]
    left = ordered[_MOST_CHANGES:]
    if left:
        lines.append(f"{sum(map(len, left)):>3} x other ({len(left)} kinds); see the report")
    return lines


def _kind_words(same: Sequence[PlanChange]) -> str:
    start_s = min(change.reference_start_s for change in same)
    end_s = max(change.reference_end_s for change in same)
    when = f"{start_s:.1f}-{end_s:.1f} s" if end_s > start_s else f"{start_s:.1f} s"
    most = max(same, key=lambda change: abs(change.asked - change.given))
    unit = f" {most.unit}" if most.unit else ""
    figures = f"{most.asked:.2f} -> {most.given:.2f}{unit}"
    words = "at most " if len(same) > 1 else ""
    return f"{len(same):>3} x {most.what:<22} {when:>12}  {words}{figures}"


def _criterion_words(item: Criterion) -> str:
    mark = "ok  " if item.passed else "FAIL"
    limit = f"limit {_value(item.allowed)}"
    return f"{mark} {item.name:<{_NAME_WIDTH}} {_value(item.got):>7} {item.unit:<3}  {limit}"


def _extent_words(figures: Figures, reference: Reference) -> list[str]:
    """How much of the motion's size the robot made, beside what the reference asks."""
    root = reference.root_position_in_world
    asked_travel_m = float(np.linalg.norm(root[-1, :2] - root[0, :2]))
    asked_squat_m = float(root[0, 2] - root[:, 2].min())
    rows = (
        ("squat depth", figures.squat_depth_m, asked_squat_m),
        ("travel", figures.travel_m, asked_travel_m),
    )
    sizes = [
        f"{'':4} {name:<{_NAME_WIDTH}} {_value(done):>7} m    asked {_value(asked)}"
        for name, done, asked in rows
    ]
    heading = _value(figures.heading_rms_rad)
    return [*sizes, f"{'':4} {'heading on the way, rms':<{_NAME_WIDTH}} {heading:>7} rad"]


def _value(value: float) -> str:
    return f"{value:.0f}" if float(value).is_integer() else f"{value:.3f}"


def _stages(seconds: Mapping[str, float]) -> str:
    parts = ", ".join(f"{name} {taken:.1f}" for name, taken in seconds.items())
    return f"{parts}; together {sum(seconds.values()):.1f} s"


def _entry(label: str, texts: Iterable[str]) -> list[str]:
    """Lines under one label, which stands before the first."""
    return [
        f"{label if number == 0 else '':<{_LABEL_WIDTH}} {text}"
        for number, text in enumerate(texts)
    ]
