"""Line plots as SVG text: enough for a report, no dependency."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from exoactor_rt.types import FloatArray

PLANNED = "#5f6368"
LEFT = "#e8710a"
RIGHT = "#1a73e8"
MAIN = "#188038"
LIMIT = "#c5221f"

_MARGIN_LEFT, _MARGIN_RIGHT, _MARGIN_TOP, _MARGIN_BOTTOM = 52, 10, 26, 32
_MAX_POINTS = 500
_TITLE_LETTER_PX = 7.0
"""About what a bold letter of a title is wide."""


@dataclass(frozen=True)
class Series:
    """A curve: x and y [N]; gaps where y is not finite."""

    name: str
    x: FloatArray
    y: FloatArray
    colour: str = MAIN
    dashed: bool = False


@dataclass(frozen=True)
class Axes:
    """Title, labels and size of a plot; `limits` are horizontal lines to stay within."""

    title: str
    x_label: str
    y_label: str
    limits: tuple[float, ...] = ()
    width: int = 460
    height: int = 190


def decimated(series: Series) -> Series:
    """At most about 500 points, keeping each stretch's smallest and largest value."""
    count = len(series.x)
    if count <= _MAX_POINTS:
        return series
    edges = np.linspace(0, count, _MAX_POINTS // 2 + 1).astype(int)
    chosen: list[int] = []
    for begin, end in pairwise(edges):
        stretch = series.y[begin:end]
        if np.isfinite(stretch).any():
            extremes = {begin + int(np.nanargmin(stretch)), begin + int(np.nanargmax(stretch))}
            chosen.extend(sorted(extremes))
        else:
            chosen.append(int(begin))
    return Series(series.name, series.x[chosen], series.y[chosen], series.colour, series.dashed)


def tick_positions(low: float, high: float, count: int = 5) -> list[float]:
    """Round numbers within [low, high], about `count` of them."""
    span = high - low
    raw_step = span / max(count, 1)
    magnitude = 10.0 ** np.floor(np.log10(raw_step))
    step = magnitude * next(f for f in (1.0, 2.0, 5.0, 10.0) if raw_step <= f * magnitude * 1.0001)
    first = np.ceil(low / step - 1e-9) * step
    ticks = np.arange(first, high + 1e-9 * span, step)
    return [0.0 if abs(tick) < 1e-6 * step else float(tick) for tick in ticks]


def _bounds(parts: Sequence[FloatArray], pad: float) -> tuple[float, float]:
    values = np.concatenate([np.asarray(part, dtype=np.float64).ravel() for part in parts])
    values = values[np.isfinite(values)]
    if not values.size:
        return 0.0, 1.0
    low, high = float(values.min()), float(values.max())
    if high - low < 1e-9:
        return low - 0.5, high + 0.5
    return low - pad * (high - low), high + pad * (high - low)


class _Frame:
    """Maps data to pixels."""

    def __init__(self, axes: Axes, x: tuple[float, float], y: tuple[float, float]):
        self.left, self.right = _MARGIN_LEFT, axes.width - _MARGIN_RIGHT
        self.top, self.bottom = _MARGIN_TOP, axes.height - _MARGIN_BOTTOM
        self.x_range, self.y_range = x, y

    def x(self, value: float | FloatArray) -> npt.NDArray[np.float64]:
        low, high = self.x_range
        return np.asarray(
            self.left + (np.asarray(value) - low) / (high - low) * (self.right - self.left)
        )

    def y(self, value: float | FloatArray) -> npt.NDArray[np.float64]:
        low, high = self.y_range
        return np.asarray(
            self.bottom - (np.asarray(value) - low) / (high - low) * (self.bottom - self.top)
        )


def _grid(frame: _Frame, axes: Axes) -> list[str]:
    parts = []
    for tick in tick_positions(*frame.x_range, 6):
        x = float(frame.x(tick))
        parts.append(f'<path class="grid" d="M{x:.1f} {frame.top}V{frame.bottom}"/>')
        parts.append(f'<text class="tick" x="{x:.1f}" y="{frame.bottom + 13}">{tick:g}</text>')
    for tick in tick_positions(*frame.y_range, 4):
        y = float(frame.y(tick))
        parts.append(f'<path class="grid" d="M{frame.left} {y:.1f}H{frame.right}"/>')
        parts.append(
            f'<text class="tick end" x="{frame.left - 5}" y="{y + 3.5:.1f}">{tick:g}</text>'
        )
    middle, title_y = (frame.left + frame.right) / 2, frame.top - 12
    x_label, title = escape(axes.x_label), escape(f"{axes.title} ({axes.y_label})")
    parts.append(f'<text class="label" x="{middle}" y="{axes.height - 4}">{x_label}</text>')
    room_px = axes.width - frame.left
    tight = len(axes.title) + len(axes.y_label) + 3 > room_px / _TITLE_LETTER_PX
    squeezed = f' textLength="{room_px}" lengthAdjust="spacingAndGlyphs"' if tight else ""
    parts.append(f'<text class="title" x="{frame.left}" y="{title_y}"{squeezed}>{title}</text>')
    return parts


def _curve(frame: _Frame, series: Series) -> str:
    x, y = frame.x(series.x), frame.y(series.y)
    commands, pen_down = [], False
    for px, py in zip(x, y, strict=True):
        if np.isfinite(py):
            commands.append(f"{'L' if pen_down else 'M'}{px:.1f} {py:.1f}")
        pen_down = bool(np.isfinite(py))
    dash = ' stroke-dasharray="4 3"' if series.dashed else ""
    return f'<path class="curve" stroke="{series.colour}"{dash} d="{"".join(commands)}"/>'


def _legend(series: Sequence[Series], right: float) -> list[str]:
    parts = []
    x = right
    for item in reversed([s for s in series if s.name]):
        x -= 6.2 * len(item.name)
        parts.append(
            f'<text class="legend" x="{x:.1f}" y="{_MARGIN_TOP - 12}" style="fill:{item.colour}">'
            f"{escape(item.name)}</text>"
        )
        x -= 10
    return parts


def line_plot(
    series: Sequence[Series],
    axes: Axes,
    shaded: Sequence[tuple[float, float]] = (),
) -> str:
    """An SVG element.

    Args:
        series: the curves.
        axes: title, labels, limits, size.
        shaded: stretches of x to shade.
    """
    curves = [decimated(item) for item in series]
    frame = _Frame(
        axes,
        _bounds([c.x for c in curves], 0.0),
        _bounds([*(c.y for c in curves), np.array(axes.limits)], 0.06),
    )
    parts = [
        f'<rect class="shade" x="{float(frame.x(begin)):.1f}" y="{frame.top}" '
        f'width="{max(0.5, float(frame.x(end) - frame.x(begin))):.1f}" '
        f'height="{frame.bottom - frame.top}"/>'
        for begin, end in shaded
    ]
    parts += _grid(frame, axes)
    for limit in axes.limits:
        y = float(frame.y(limit))
        parts.append(f'<path class="limit" d="M{frame.left} {y:.1f}H{frame.right}"/>')
    parts += [_curve(frame, curve) for curve in curves]
    parts += _legend(series, frame.right - 4)
    return (
        f'<svg viewBox="0 0 {axes.width} {axes.height}" role="img" '
        f'aria-label="{escape(axes.title)}">{"".join(parts)}</svg>'
    )
