"""What the controller must reach, and whether it does."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from exoactor_rt.bench.control.case import PushResult, Result, TrialResult
from exoactor_rt.bench.control.catalogue import ASKED_STANDING_NS, ASKED_STEPPING_NS
from exoactor_rt.bench.control.tick_times import SolverResult, TickTimes

COM_RMS_MM = 4.0
ONE_FOOT_S = 5.0
FORWARD_SPEED_M_S = 0.35
RANDOM_SHARE = 0.95
TICK_P50_US = 100.0
TICK_P99_US = 200.0
TICK_MAX_US = 1000.0
TIMED = "walking"


@dataclass(frozen=True)
class Criterion:
    """One figure with its limit.

    Attributes:
        name: of what.
        got: NaN where it could not be measured, which is not met.
        limit: allowed.
        at_least: whether `limit` is the least allowed; else the most.
        unit: of both.
    """

    name: str
    got: float
    limit: float
    at_least: bool
    unit: str = ""

    @property
    def met(self) -> bool:
        """Whether the figure is within its limit."""
        return self.got >= self.limit if self.at_least else self.got <= self.limit


def group_of(name: str) -> str:
    """The first part of a case's name."""
    return name.split("/", 1)[0]


def criteria(results: Sequence[Result]) -> list[Criterion]:
    """Of the cases that were run; a case that could not be run fails its criterion."""
    found: list[Criterion] = []
    for group, judge in (
        ("stance", _stances),
        ("one-foot", _one_foot),
        ("walk", _walks),
        ("random", _random),
        ("push-standing", _pushes_standing),
        ("push-stepping", _pushes_stepping),
        ("mismatch", _mismatches),
    ):
        of_group = [result for result in results if group_of(result.name) == group]
        if of_group:
            found += judge(of_group)
    return found


def solver_criteria(solvers: Iterable[SolverResult]) -> list[Criterion]:
    """No failure but in a fall, and no allocation where they were counted."""
    found = []
    for solver in solvers:
        if not solver.fell:
            found.append(Criterion(f"QP failures {solver.name}", solver.failures, 0, False))
        if solver.allocations is not None:
            found.append(Criterion(f"allocations {solver.name}", solver.allocations, 0, False))
    return found


def timing_criteria(times: Sequence[TickTimes]) -> list[Criterion]:
    """Of this machine."""
    if not times:
        return []
    found = []
    for one in times:
        p50_us, p99_us, _ = one.us["tick"]
        if one.name == TIMED:
            found.append(Criterion(f"tick p50 {one.name}", p50_us, TICK_P50_US, False, "us"))
            found.append(Criterion(f"tick p99 {one.name}", p99_us, TICK_P99_US, False, "us"))
    worst_us = max(one.us["tick"][2] for one in times)
    return [*found, Criterion("tick, worst of all", worst_us, TICK_MAX_US, False, "us")]


def survived(result: Result) -> bool:
    """Whether a trial was survived."""
    return isinstance(result, TrialResult) and result.outcome.survived


def _stances(results: Sequence[Result]) -> list[Criterion]:
    found = _walks(results)
    for result in results:
        rms_mm = result.outcome.com_rms_mm if isinstance(result, TrialResult) else None
        got = math.nan if rms_mm is None else rms_mm
        found.append(Criterion(f"{result.name}, CoM rms", got, COM_RMS_MM, False, "mm"))
    return found


def _one_foot(results: Sequence[Result]) -> list[Criterion]:
    found = _walks(results)
    for result in results:
        got = result.outcome.raised_s if isinstance(result, TrialResult) else math.nan
        found.append(Criterion(f"{result.name}, held", got, ONE_FOOT_S, True, "s"))
    return found


def _walks(results: Sequence[Result]) -> list[Criterion]:
    found = [Criterion(f"{one.name} survived", survived(one), 1, True) for one in results]
    for result in results:
        if result.name == "walk/forward" and isinstance(result, TrialResult):
            speed_m_s = result.outcome.speed_m_s
            got = math.nan if speed_m_s is None else speed_m_s
            name = f"{result.name}, speed"
            found.append(Criterion(name, got, FORWARD_SPEED_M_S, True, "m/s"))
    return found


def _random(results: Sequence[Result]) -> list[Criterion]:
    count = sum(map(survived, results))
    least = math.ceil(RANDOM_SHARE * len(results) - 1e-9)
    return [Criterion(f"random plans survived of {len(results)}", count, least, True)]


def _pushes_standing(results: Sequence[Result]) -> list[Criterion]:
    return [
        Criterion(result.name, _largest_ns(result), ASKED_STANDING_NS[direction], True, "N s")
        for result in results
        for direction in (result.name.split("/")[1],)
    ]


def _pushes_stepping(results: Sequence[Result]) -> list[Criterion]:
    found = []
    for direction, asked_ns in ASKED_STEPPING_NS.items():
        same = [one for one in results if one.name.split("/")[1] == direction]
        if same:
            least = min(map(_largest_ns, same))
            name = f"push-stepping/{direction}, worst of {len(same)} phases"
            found.append(Criterion(name, least, asked_ns, True, "N s"))
    return found


def _mismatches(results: Sequence[Result]) -> list[Criterion]:
    count = sum(map(survived, results))
    return [Criterion(f"mismatches survived of {len(results)}", count, len(results), True)]


def _largest_ns(result: Result) -> float:
    return float(result.largest_ns) if isinstance(result, PushResult) else math.nan
