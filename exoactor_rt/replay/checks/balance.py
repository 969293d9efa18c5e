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


def _zmp(evidence: Evidence, limits: CheckLimits) -> Signal:
    """Zero-moment point that the controller commands against the feet that it stands on."""
    require(evidence.root, "place in the world")
    zmp = require(evidence.subject.ticks.get("zmp_in_world"), "column zmp_in_world")
    contact = require(evidence.contact, "foot contacts")
    margin = support_margin(zmp[evidence.samples], evidence.soles, contact)
    return single(evidence.sample_times_s, margin, lower=limits.scalar.zmp_margin_m)


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
        limit="balance_margin_m",
        debounce_s=0.1,
        cause="a step's reach: further out no step catches the robot",
    ),
    Check(
        "zmp",
        "commanded zero-moment point inside of the standing feet",
        "m",
        LOG,
        _zmp,
        limit="zmp_margin_m",
        debounce_s=0.25,
        cause="out for longer than a pendulum of its height takes to fall, the robot must step",
        optional=True,
    ),
    Check(
        "end_balance",
        "capture point inside of the standing feet at the end",
        "m",
        EVERYWHERE,
        _end,
        limit="end_margin_m",
        debounce_s=0.1,
        cause="the robot must be able to stand where the motion ends",
    ),
)
