"""Ages, gaps and periods: whether everything came in time."""

from __future__ import annotations

import numpy as np

from exoactor_rt.replay.check_limits import CheckLimits
from exoactor_rt.replay.checks.check import LOG, Check, NotRecordedError, Signal, single
from exoactor_rt.replay.checks.evidence import Evidence
from exoactor_rt.types import FloatArray

_PERIOD_PERCENTILE = 99.9


def _stamps_ns(evidence: Evidence, name: str) -> FloatArray:
    if name not in evidence.subject.ticks:
        raise NotRecordedError(f"no column {name}")
    return evidence.subject.ticks[name]


def _state_age(evidence: Evidence, limits: CheckLimits) -> Signal:
    age_s = (_stamps_ns(evidence, "now_ns") - _stamps_ns(evidence, "sensed_stamp_ns")) * 1e-9
    times = evidence.subject.times_s
    return single(times, np.abs(age_s), upper=limits.scalar.state_age_s)


def _state_gap(evidence: Evidence, limits: CheckLimits) -> Signal:
    stamps = _stamps_ns(evidence, "sensed_stamp_ns")
    fresh = np.flatnonzero(np.diff(stamps, prepend=stamps[0] - 1) != 0)
    gap_s = np.abs(np.diff(stamps[fresh])) * 1e-9
    return single(evidence.subject.times_s[fresh[1:]], gap_s, upper=limits.scalar.state_gap_s)


def _record_gap(evidence: Evidence, limits: CheckLimits) -> Signal:
    """Time between two records; a clock that runs backwards counts as a gap without end."""
    times = evidence.subject.times_s
    gap_s = np.diff(times)
    gap_s = np.where(gap_s > 0, gap_s, np.inf)
    return single(times[1:], np.minimum(gap_s, 1e6), upper=limits.scalar.record_gap_s)


def _command_period(evidence: Evidence, limits: CheckLimits) -> Signal:
    driven = evidence.subject.driven
    both = driven[1:] & driven[:-1]
    times = evidence.subject.times_s
    if not both.any():
        return single(times[:0], times[:0], upper=limits.scalar.command_period_s)
    period_s = np.diff(times)[both]
    slow = float(np.percentile(period_s, _PERIOD_PERCENTILE, method="higher"))
    at = times[1:][both]
    worst = int(np.argmin(np.abs(period_s - slow)))
    return single(at[worst : worst + 1], np.array([slow]), upper=limits.scalar.command_period_s)


def _overruns(evidence: Evidence, limits: CheckLimits) -> Signal:
    """Share of ticks that ended after the next one was due."""
    late, took = _stamps_ns(evidence, "late_ns"), _stamps_ns(evidence, "took_ns")
    if not late.any():
        raise NotRecordedError("not run against a clock (lock-step)")
    over = (late + took) * 1e-9 > evidence.period_s
    at = evidence.subject.times_s[[int(np.argmax(late + took))]]
    return single(at, np.array([over.mean()]), upper=limits.scalar.overrun_share)


CHECKS = (
    Check(
        "record_gap",
        "time between two records",
        "s",
        LOG,
        _record_gap,
        limit="record_gap_s",
        cause="what happened in a longer gap nobody knows",
    ),
    Check(
        "state_age",
        "age of the robot's state",
        "s",
        LOG,
        _state_age,
        limit="state_age_s",
        cause="the guard's bound",
    ),
    Check(
        "state_gap",
        "time between two states of the robot",
        "s",
        LOG,
        _state_gap,
        limit="state_gap_s",
        cause="the guard's bound",
    ),
    Check(
        "command_period",
        "time between two commands, p99.9",
        "s",
        LOG,
        _command_period,
        limit="command_period_s",
        cause="two periods",
    ),
    Check(
        "overruns",
        "ticks that ended too late, share",
        "",
        LOG,
        _overruns,
        limit="overrun_share",
        cause="one in a thousand",
        optional=True,
    ),
)
