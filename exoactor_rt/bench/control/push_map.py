"""The push-recovery map as SVG: one polar plot a phase of the step, one spoke a direction."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from exoactor_rt.bench.control.case import (
    DIRECTIONS_DEG,
    HIGHEST_NS,
    PHASES,
    PushResult,
    Result,
    impulse_words,
)
from exoactor_rt.bench.control.catalogue import ASKED_STEPPING_NS
from exoactor_rt.bench.control.courses import IN_PLACE_SWING_S, step_period_s

COLUMNS = 4
SIZE_PX = 230
HEADER_PX = 64
RADIUS_PX = 78
RINGS_NS = (10, 20, 30)
_FEET = {"left": -10.0, "right": 10.0}
_STYLE = """
text{font:12px sans-serif;fill:#3c4043;text-anchor:middle}
.title{font-size:16px;font-weight:600;text-anchor:start}
.note{text-anchor:start}
.ring{fill:none;stroke:#dadce0}
.spoke{stroke:#dadce0}
.tick{font-size:9px;fill:#80868b}
.area{fill:#1a73e8;fill-opacity:.18;stroke:#1a73e8;stroke-width:1.5}
.met{fill:#1a73e8}
.missed{fill:#c5221f}
.asked{stroke:#e8710a;stroke-width:2}
.stands{fill:#9aa0a6;opacity:.6}
.swings{fill:none;stroke:#9aa0a6}
.value{font-size:10px}
"""


def push_map_svg(results: Sequence[Result]) -> str:
    """The map of the `push-stepping` cases; empty when there is none."""
    phases = _by_phase(results)
    if not phases:
        return ""
    columns = min(COLUMNS, len(phases))
    width = columns * SIZE_PX
    height = HEADER_PX + math.ceil(len(phases) / columns) * SIZE_PX
    width = max(width, COLUMNS * SIZE_PX)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}">',
        f"<style>{_STYLE}</style>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        '<text class="title" x="14" y="24">Largest push survived while stepping in place, N s'
        "</text>",
        f'<text class="note" x="14" y="42">100 ms on the pelvis, tried up to {HIGHEST_NS} N s. '
        "Up is front; the left foot swings (open), the right one stands. Orange: asked.</text>",
    ]
    for index, (phase, largest) in enumerate(phases.items()):
        x = (index % columns + 0.5) * SIZE_PX
        y = HEADER_PX + (index // columns + 0.5) * SIZE_PX
        parts.append(f'<g transform="translate({x:g} {y:g})">{_rose(phase, largest)}</g>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _by_phase(results: Sequence[Result]) -> dict[int, dict[str, int]]:
    phases: dict[int, dict[str, int]] = {}
    for result in results:
        if isinstance(result, PushResult) and result.name.startswith("push-stepping/"):
            _, direction, phase = result.name.split("/")
            phases.setdefault(int(phase), {})[direction] = result.largest_ns
    return dict(sorted(phases.items()))


def _rose(phase: int, largest: Mapping[str, int]) -> str:
    parts = [f'<circle class="ring" r="{_radius(ring):.1f}"/>' for ring in RINGS_NS]
    parts += [
        f'<text class="tick" x="{0.38 * _radius(ring):.1f}" y="{-0.92 * _radius(ring):.1f}">'
        f"{ring}</text>"
        for ring in RINGS_NS
    ]
    for direction in largest:
        x, y = _point(direction, RINGS_NS[-1])
        parts.append(f'<path class="spoke" d="M0 0L{x:.1f} {y:.1f}"/>')
    ordered = [name for name in DIRECTIONS_DEG if name in largest]
    corners = " ".join("{:.1f},{:.1f}".format(*_point(n, largest[n])) for n in ordered)
    parts.append(f'<polygon class="area" points="{corners}"/>')
    for side, x in _FEET.items():
        kind = "swings" if side == "left" and _swings(phase) else "stands"
        parts.append(f'<rect class="{kind}" x="{x - 4:g}" y="-11" width="8" height="22" rx="3"/>')
    parts += [_mark(direction, largest[direction]) for direction in ordered]
    kind = "swing" if _swings(phase) else "double support"
    parts.append(f'<text y="{SIZE_PX / 2 - 8:g}">{phase}/{PHASES} of the step, {kind}</text>')
    return "".join(parts)


def _mark(direction: str, largest_ns: int) -> str:
    """The dot, its figure, and a bar across the spoke where it should reach."""
    parts = []
    asked_ns = ASKED_STEPPING_NS.get(direction)
    if asked_ns is not None:
        x, y = _point(direction, asked_ns)
        across_x, across_y = 7 * y / math.hypot(x, y), -7 * x / math.hypot(x, y)
        parts.append(
            f'<path class="asked" d="M{x - across_x:.1f} {y - across_y:.1f}'
            f'L{x + across_x:.1f} {y + across_y:.1f}"/>'
        )
    x, y = _point(direction, largest_ns)
    kind = "missed" if asked_ns is not None and largest_ns < asked_ns else "met"
    parts.append(f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="3"/>')
    x, y = _point(direction, largest_ns + 5)
    words = impulse_words(largest_ns)
    parts.append(f'<text class="value" x="{x:.1f}" y="{y + 3.5:.1f}">{words}</text>')
    return "".join(parts)


def _swings(phase: int) -> bool:
    return phase / PHASES < IN_PLACE_SWING_S / step_period_s(IN_PLACE_SWING_S)


def _radius(impulse_ns: float) -> float:
    return RADIUS_PX * impulse_ns / RINGS_NS[-1]


def _point(direction: str, impulse_ns: float) -> tuple[float, float]:
    """Pixels; the robot's x axis points up, its y axis to the left."""
    angle_rad = math.radians(DIRECTIONS_DEG[direction])
    radius = _radius(impulse_ns)
    return -radius * math.sin(angle_rad), -radius * math.cos(angle_rad)
