"""What a check is: a quantity over time held against limits, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from scipy.ndimage import grey_opening

from exoactor_rt.replay.check_limits import CheckLimits
from exoactor_rt.replay.checks.evidence import Evidence
from exoactor_rt.replay.subject import Kind
from exoactor_rt.types import BoolArray, FloatArray

EVERYWHERE = frozenset(Kind)
LOG = frozenset({Kind.LOG})
MOTION = frozenset({Kind.PLAN, Kind.REFERENCE})
REFERENCE = frozenset({Kind.REFERENCE})


_ROWS_AT_ONCE = 4096


@dataclass(frozen=True)
class Signal:
    """A quantity over time, and what it must keep.

    Attributes:
        times_s: [M] s, rising.
        value: [M, C]; NaN where it is not defined.
        labels: [C] names of the columns, e.g. joints.
        upper: [C] or None.
        lower: [C] or None.
        relative: columns compare by share of their limit, else by distance.
    """

    times_s: FloatArray
    value: FloatArray
    labels: tuple[str, ...]
    upper: FloatArray | None = None
    lower: FloatArray | None = None
    relative: bool = False


def single(
    times_s: FloatArray,
    value: FloatArray,
    *,
    upper: float | None = None,
    lower: float | None = None,
    label: str = "",
) -> Signal:
    """A Signal of one column [M]."""
    return Signal(
        times_s,
        np.asarray(value, dtype=np.float64).reshape(-1, 1),
        (label,),
        None if upper is None else np.array([upper]),
        None if lower is None else np.array([lower]),
    )


@dataclass(frozen=True)
class Curve:
    """What a plot of a finding shows: [M] times, values, and the limits."""

    times_s: FloatArray
    value: FloatArray
    limits: tuple[float, ...]


@dataclass(frozen=True)
class Finding:
    """What a check found.

    Attributes:
        check: its name.
        passed: nothing stayed beyond its limit for the debounce time.
        skipped: why it was not judged; empty when it was.
        missing: what the subject lacks although it must be there; a failure.
        worst: the value closest to its limit, or furthest beyond it for the debounce time.
        limit: what that value is held against.
        margin: what is left, negative beyond the limit; unit of the check.
        time_s: of the worst value.
        where: joint, foot or pair; empty for the whole robot.
        first_s: when the limit was first left; NaN when it was not.
        over_s: for how long in all; 0 when it was not.
        curve: for a plot.
        over: stretches (from, to) in s beyond the limit.
    """

    check: str
    passed: bool
    skipped: str = ""
    missing: str = ""
    worst: float = float("nan")
    limit: float = float("nan")
    margin: float = float("nan")
    time_s: float = float("nan")
    where: str = ""
    first_s: float = float("nan")
    over_s: float = 0.0
    curve: Curve | None = None
    over: tuple[tuple[float, float], ...] = ()


class NotRecordedError(Exception):
    """The subject lacks what a check needs; the message says what."""


Measure = Callable[[Evidence, CheckLimits], Signal]


@dataclass(frozen=True)
class Check:
    """One thing that is checked.

    Attributes:
        name: identifier in reports.
        title: in words.
        unit: of value, limit and margin.
        kinds: what it applies to.
        measure: evidence, limits -> the quantity; raises NotRecordedError where that is lacking.
        limit: the field of the limits that it is held against; empty: any occurrence is too much.
        debounce_s: shorter excursions do not count, as an encoder may flicker.
        cause: why the limit is what it is.
        optional: not every robot or motion tells the quantity; elsewhere its lack is a failure.
        family: its place in the report.
    """

    name: str
    title: str
    unit: str
    kinds: frozenset[Kind]
    measure: Measure
    limit: str = ""
    debounce_s: float = 0.0
    cause: str = ""
    optional: bool = False
    family: str = field(default="", compare=False)


def run_check(check: Check, evidence: Evidence, limits: CheckLimits) -> Finding:
    """Judges one check; what an optional one lacks is told, what another lacks is a failure."""
    try:
        signal = check.measure(evidence, limits)
    except NotRecordedError as missing:
        if check.optional:
            return Finding(check.name, True, skipped=str(missing))
        return Finding(check.name, False, missing=str(missing))
    if not len(signal.times_s):
        return Finding(check.name, True, skipped="no sample to judge")
    return judge_signal(check, signal)


def judge_signal(check: Check, signal: Signal) -> Finding:
    """Holds a quantity against its limits."""
    largest, rows = _largest_excess(signal)
    if not np.isfinite(largest).any():
        return Finding(check.name, True, skipped="not defined at any time")
    window = _window(signal.times_s, check.debounce_s)
    over = np.zeros(len(signal.times_s), bool)
    for left in np.flatnonzero(largest > 0):
        kept = _excess(signal, slice(None), slice(left, left + 1))[:, 0]
        if window > 1:
            kept = _persisted(kept, window)
        rows[left] = kept.argmax()
        largest[left] = kept[rows[left]]
        over |= kept > 0
    column = int(np.lexsort((rows, -largest))[0])
    row = int(rows[column])
    worst = float(signal.value[row, column])
    limit = _limit_of(signal, column, worst)
    stretches = _stretches(signal.times_s, over)
    upper = signal.upper is not None and limit == signal.upper[column]
    return Finding(
        check.name,
        passed=not over.any(),
        worst=worst,
        limit=limit,
        margin=limit - worst if upper else worst - limit,
        time_s=float(signal.times_s[row]),
        where=signal.labels[column],
        first_s=stretches[0][0] if stretches else float("nan"),
        over_s=float(sum(end - begin for begin, end in stretches)),
        curve=_curve(signal, column),
        over=stretches,
    )


def _curve(signal: Signal, column: int) -> Curve:
    """Of one column, without holding on to the others."""
    value = np.ascontiguousarray(signal.value[:, column])
    return Curve(signal.times_s, value, _limits_of(signal, column))


def _largest_excess(signal: Signal) -> tuple[FloatArray, npt.NDArray[np.intp]]:
    """[C] of every column, -inf where it is never defined, and the first row that has it.

    Worked out for some rows at a time: a long log's quantities are too large to be copied whole.
    """
    columns = signal.value.shape[1]
    largest = np.full(columns, -np.inf)
    rows = np.zeros(columns, np.intp)
    for begin in range(0, len(signal.value), _ROWS_AT_ONCE):
        excess = _excess(signal, slice(begin, begin + _ROWS_AT_ONCE), slice(None))
        row = excess.argmax(axis=0)
        found = excess[row, np.arange(columns)]
        rows = np.where(found > largest, begin + row, rows)
        largest = np.maximum(largest, found)
    return largest, rows


def _excess(signal: Signal, rows: slice, columns: slice) -> FloatArray:
    """[M, C] how far beyond the limits, negative within, -inf where it is not defined."""
    value = signal.value[rows, columns]
    sides = []
    for limits, sign in ((signal.upper, 1.0), (signal.lower, -1.0)):
        if limits is not None:
            limit = limits[columns]
            beyond = sign * (value - limit)
            scale = np.maximum(np.abs(limit), 1e-9) if signal.relative else 1.0
            sides.append(beyond / scale)
    excess = sides[0] if len(sides) == 1 else np.maximum(sides[0], sides[1])
    return np.where(np.isfinite(excess), excess, -np.inf)


def _window(times_s: FloatArray, debounce_s: float) -> int:
    """Samples that an excursion must have; one sample stands for one period."""
    if debounce_s <= 0 or len(times_s) < 2:
        return 1
    period_s = float(np.median(np.diff(times_s)))
    return max(1, int(np.ceil(debounce_s / period_s - 1e-6))) if period_s > 0 else 1


def _persisted(excess: FloatArray, window: int) -> FloatArray:
    """At each sample the best of what the windows of `window` samples around it kept throughout."""
    return np.asarray(grey_opening(excess, size=window, mode="constant", cval=-np.inf))


def _limit_of(signal: Signal, column: int, value: float) -> float:
    """The limit that `value` is closest to, or beyond."""
    limits = _limits_of(signal, column)
    return min(limits, key=lambda limit: abs(limit - value))


def _limits_of(signal: Signal, column: int) -> tuple[float, ...]:
    sides = (signal.lower, signal.upper)
    return tuple(float(limit[column]) for limit in sides if limit is not None)


def _stretches(times_s: FloatArray, over: BoolArray) -> tuple[tuple[float, float], ...]:
    if not over.any():
        return ()
    edges = np.diff(np.concatenate([[0], over.astype(np.int8), [0]]))
    begins, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    period_s = float(np.median(np.diff(times_s))) if len(times_s) > 1 else 0.0
    return tuple(
        (float(times_s[begin]), float(times_s[end - 1]) + period_s)
        for begin, end in zip(begins, ends, strict=True)
    )


_Value = TypeVar("_Value")


def require(value: _Value | None, what: str) -> _Value:
    """`value`, or NotRecordedError where the subject lacks it."""
    if value is None:
        raise NotRecordedError(f"no {what}")
    return value
