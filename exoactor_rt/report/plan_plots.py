"""The plan as SVG: what happens when, and where the feet go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from exoactor_rt.execution import Execution
from exoactor_rt.report.line_plot import LEFT, LIMIT, PLANNED, RIGHT, tick_positions
from exoactor_rt.report.summary import PlanSummary, StepSize, StepSummary
from exoactor_rt.types import FloatArray

_WIDTH = 940
_LABEL_WIDTH = 76
_ROW_HEIGHT = 26
_LEAST_BAR_WIDTH = 18.0
_PHASE_COLOURS = {"stance": "#dadce0", "walk": "#fdd7ae"}
_SIDE_COLOURS = {"left": LEFT, "right": RIGHT}
_FOOT_HALF_LENGTH_M, _FOOT_HALF_WIDTH_M, _FOOT_CENTRE_M = 0.085, 0.03, 0.035
_STANDING_HALF_WIDTH_M = 0.118


def timeline(plan: PlanSummary) -> str:
    """Phases, steps and changes along reference time, as an SVG element."""
    ends = [phase.reference_end_s for phase in plan.phases]
    ends += [change.reference_end_s for change in plan.changes]
    duration_s = max([plan.reference_duration_s, *ends, 1e-3])

    def x(time_s: float) -> float:
        return _LABEL_WIDTH + time_s / duration_s * (_WIDTH - _LABEL_WIDTH - 12)

    lanes = _lanes([(x(c.reference_start_s), x(c.reference_end_s)) for c in plan.changes])
    rows = 2 + max(lanes, default=0) + 1
    parts = [_row_label("phases", 0), _row_label("steps", 1), _row_label("changes", 2)]
    for tick in tick_positions(0.0, duration_s, 8):
        parts.append(f'<path class="grid" d="M{x(tick):.1f} 4V{rows * _ROW_HEIGHT + 4}"/>')
        parts.append(
            f'<text class="tick" x="{x(tick):.1f}" y="{rows * _ROW_HEIGHT + 18}">{tick:g} s</text>'
        )
    for phase in plan.phases:
        parts.append(
            _bar(
                (x(phase.reference_start_s), x(phase.reference_end_s)),
                0,
                _PHASE_COLOURS.get(phase.kind, "#dadce0"),
                f"{phase.kind}: {phase.duration_s:.1f} s, {phase.step_count} steps",
                phase.kind,
            )
        )
    for number, step in enumerate(plan.steps, 1):
        span = x(step.reference_liftoff_s), x(step.reference_touchdown_s)
        hint = f"step {number}, {step.side}{'' if step.asked else ', inserted'}"
        parts.append(_bar(span, 1, _SIDE_COLOURS.get(step.side, PLANNED), hint))
    for number, (change, lane) in enumerate(zip(plan.changes, lanes, strict=True), 1):
        start = x(change.reference_start_s)
        span = start, max(x(change.reference_end_s), start + _LEAST_BAR_WIDTH)
        parts.append(_bar(span, 2 + lane, LIMIT, f"{number}: {change.what}", str(number)))
    height = rows * _ROW_HEIGHT + 24
    return f'<svg viewBox="0 0 {_WIDTH} {height}" role="img">{"".join(parts)}</svg>'


def _lanes(spans: Sequence[tuple[float, float]]) -> list[int]:
    """For each span the first lane in which it touches no earlier one."""
    ends: list[float] = []
    lanes = []
    for start, end in spans:
        free = next((lane for lane, taken in enumerate(ends) if taken <= start), len(ends))
        if free == len(ends):
            ends.append(0.0)
        ends[free] = max(end, start + _LEAST_BAR_WIDTH)
        lanes.append(free)
    return lanes


def _row_label(text: str, row: int) -> str:
    return f'<text class="label start" x="2" y="{row * _ROW_HEIGHT + 21}">{text}</text>'


def _bar(span: tuple[float, float], row: int, colour: str, hint: str, text: str = "") -> str:
    width = max(2.0, span[1] - span[0] - 1.0)
    top = row * _ROW_HEIGHT + 6
    shape = (
        f'<rect x="{span[0]:.1f}" y="{top}" width="{width:.1f}" height="20" rx="3" '
        f'fill="{colour}" fill-opacity="0.8"><title>{escape(hint)}</title></rect>'
    )
    if text and width >= 7 * len(text):
        shape += f'<text class="tick" x="{span[0] + width / 2:.1f}" y="{top + 14}">{text}</text>'
    return shape


@dataclass(frozen=True)
class Footprint:
    """A foot on the floor: ankle position, yaw, and how it is drawn."""

    x_m: float
    y_m: float
    yaw_rad: float
    side: str


def _standing_feet() -> dict[str, Footprint]:
    return {
        "left": Footprint(0.0, _STANDING_HALF_WIDTH_M, 0.0, "left"),
        "right": Footprint(0.0, -_STANDING_HALF_WIDTH_M, 0.0, "right"),
    }


def _placed(stance: Footprint, side: str, size: StepSize) -> Footprint:
    """The footprint of a step taken from `stance`, which is the other foot."""
    outward = size.lateral_m if side == "left" else -size.lateral_m
    cos, sin = np.cos(stance.yaw_rad), np.sin(stance.yaw_rad)
    return Footprint(
        stance.x_m + cos * size.forward_m - sin * outward,
        stance.y_m + sin * size.forward_m + cos * outward,
        stance.yaw_rad + size.yaw_rad,
        side,
    )


def footprints(steps: Sequence[StepSummary], *, asked: bool) -> list[Footprint]:
    """Where the steps lead from standing at the origin, heading along x: as asked or as given.

    Inserted steps are in the given ones only.
    """
    feet = _standing_feet()
    prints = list(feet.values())
    for step in steps:
        size = step.asked if asked else step.given
        if size is None:
            continue
        stance = feet["right" if step.side == "left" else "left"]
        feet[step.side] = _placed(stance, step.side, size)
        prints.append(feet[step.side])
    return prints


def executed_touchdowns(execution: Execution) -> FloatArray:
    """[K, 2] m: ankles where they came to stand, in axes of the standing feet at the start."""
    feet, contact = execution.foot_position_in_world, execution.contact
    if feet is None or contact is None or not len(feet):
        return np.zeros((0, 2))
    left, right = feet[0, 0, :2], feet[0, 1, :2]
    across = (left - right) / max(float(np.linalg.norm(left - right)), 1e-9)
    forward = np.array([across[1], -across[0]])
    axes = np.stack([forward, across])
    places = [feet[0, 0, :2], feet[0, 1, :2]]
    for side in (0, 1):
        landed = np.flatnonzero((contact[1:, side] > 0.5) & (contact[:-1, side] <= 0.5)) + 1
        places += [feet[sample, side, :2] for sample in landed]
    centred = np.array(places) - (left + right) / 2
    return np.asarray(centred[np.isfinite(centred).all(axis=1)] @ axes.T)


def footstep_map(plan: PlanSummary, execution: Execution | None) -> str:
    """Footsteps from above, as an SVG element: forward is right, left is up.

    Filled: given by the plan. Dashed: asked by the reference. Dots: where the robot stepped.
    """
    given, asked = footprints(plan.steps, asked=False), footprints(plan.steps, asked=True)
    touched = executed_touchdowns(execution) if execution is not None else np.zeros((0, 2))
    points = np.array([[p.x_m, p.y_m] for p in given + asked] + touched.tolist())
    low, high = points.min(axis=0) - 0.2, points.max(axis=0) + 0.2
    scale = min(_WIDTH / (high[0] - low[0]), 420.0 / (high[1] - low[1]), 420.0)
    width, height = scale * (high - low)
    parts = []
    for tick in tick_positions(float(low[0]), float(high[0]), 6):
        x = scale * (tick - low[0])
        parts.append(f'<path class="grid" d="M{x:.1f} 0V{height:.1f}"/>')
        parts.append(f'<text class="tick" x="{x:.1f}" y="{height - 3:.1f}">{tick:g} m</text>')
    for tick in tick_positions(float(low[1]), float(high[1]), 4):
        y = scale * (high[1] - tick)
        parts.append(f'<path class="grid" d="M0 {y:.1f}H{width:.1f}"/>')
        parts.append(f'<text class="tick start" x="4" y="{y - 3:.1f}">{tick:g} m</text>')
    for prints, filled in ((asked, False), (given, True)):
        for number, foot in enumerate(prints):
            place = (scale * (foot.x_m - low[0]), scale * (high[1] - foot.y_m))
            parts.append(_foot(foot, place, scale, number - 1 if filled else 0, filled=filled))
    for point in touched:
        x, y = scale * (point[0] - low[0]), scale * (high[1] - point[1])
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="#202124"/>')
    return f'<svg viewBox="0 0 {width:.0f} {height:.0f}" role="img">{"".join(parts)}</svg>'


def _foot(
    foot: Footprint, place: tuple[float, float], scale: float, number: int, *, filled: bool
) -> str:
    colour = _SIDE_COLOURS[foot.side]
    style = (
        f'fill="{colour}" fill-opacity="0.35" stroke="{colour}"'
        if filled
        else f'fill="none" stroke="{colour}" stroke-dasharray="4 3"'
    )
    text = f'<text class="tick" x="{place[0]:.1f}" y="{place[1] + 4:.1f}">{number}</text>'
    return (
        f'<rect x="{scale * (_FOOT_CENTRE_M - _FOOT_HALF_LENGTH_M):.1f}" '
        f'y="{-scale * _FOOT_HALF_WIDTH_M:.1f}" width="{2 * scale * _FOOT_HALF_LENGTH_M:.1f}" '
        f'height="{2 * scale * _FOOT_HALF_WIDTH_M:.1f}" rx="{0.02 * scale:.1f}" {style} '
        f'transform="translate({place[0]:.1f} {place[1]:.1f}) '
        f'rotate({-np.degrees(foot.yaw_rad):.1f})"/>' + (text if number > 0 else "")
    )
