"""Whether the data can be believed."""

from __future__ import annotations

import numpy as np

from exoactor_rt.replay.check_limits import CheckLimits
from exoactor_rt.replay.checks.check import EVERYWHERE, LOG, Check, Signal, single
from exoactor_rt.replay.checks.evidence import Evidence


def _not_finite(evidence: Evidence, limits: CheckLimits) -> Signal:
    """How many numbers of a sample are NaN or infinite."""
    subject = evidence.subject
    arrays = [subject.joint_position, subject.joint_velocity, subject.joint_torque]
    arrays += [subject.root_position_in_world, subject.quat_world_root_wxyz]
    arrays += [subject.ticks.get(name) for name in _WATCHED_COLUMNS]
    count = np.zeros(len(subject.times_s))
    for array in arrays:
        if array is not None:
            count += (~np.isfinite(array)).sum(axis=tuple(range(1, array.ndim)))
    return single(subject.times_s, count, upper=0.0)


_WATCHED_COLUMNS = (
    "quat_world_imu_wxyz",
    "gyro_in_imu",
    "sent_position",
    "sent_velocity",
    "sent_torque",
    "sent_stiffness",
    "sent_damping",
)


def _log(evidence: Evidence, limits: CheckLimits) -> Signal:
    """Damaged places and dropped ticks."""
    subject = evidence.subject
    count = float(len(subject.damages) + subject.dropped_ticks)
    return single(subject.times_s[-1:], np.array([count]), upper=0.0)


CHECKS = (
    Check(
        "not_finite",
        "numbers that are not finite",
        "",
        EVERYWHERE,
        _not_finite,
        cause="no sensor and no plan gives them",
    ),
    Check(
        "log_integrity",
        "damaged places and dropped ticks of the log",
        "",
        LOG,
        _log,
        cause="a log is whole or it is no proof",
    ),
)
