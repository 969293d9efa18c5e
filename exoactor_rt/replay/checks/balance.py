"""Whether the robot stays, and ends, on its feet."""

from __future__ import annotations

import numpy as np

from exoactor_rt.replay.check_limits import CheckLimits
from exoactor_rt.replay.checks.check import EVERYWHERE, LOG, Check, Signal, require, single
from exoactor_rt.replay.checks.evidence import Evidence
from exoactor_rt.replay.checks.support import support_margin

END_S = 0.2


def _balance(evidence: Evidence, limits: CheckLimits) -> Signal:
    """Capture point against the hull of both feet, as while walking it is between them."""
    require(evidence.root, "place in the world")
    point = evidence.subject.ticks.get("dcm_in_world")
    point = evidence.capture_point if point is None else point[evidence.samples]
    both = np.ones((len(point), 2), bool)
    margin = support_margin(point, evidence.soles, both)
    return single(evidence.sample_times_s, margin, lower=limits.scalar.balance_margin_m)


def _end(evidence: Evidence, limits: CheckLimits) -> Signal:
    """Capture point against the feet on the floor, over the last moment."""
    times = evidence.sample_times_s
    last = times >= times[-1] - END_S if len(times) else times > 0
    margin = support_margin(evidence.capture_point, evidence.soles, evidence.near_floor)
    return single(times[last], margin[last], lower=limits.scalar.end_margin_m)


CHECKS = (
    Check(
        "balance",
        "capture point inside of the feet",
        "m",
        LOG,
        _balance,
        0.1,
        "a step's reach: further out no step catches the robot",
    ),
    Check(
        "end_balance",
        "capture point inside of the standing feet at the end",
        "m",
        EVERYWHERE,
        _end,
        0.1,
        "the robot must be able to stand where the motion ends",
    ),
)
