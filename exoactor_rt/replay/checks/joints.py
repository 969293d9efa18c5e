"""What joints and motors may do."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import uniform_filter1d

from exoactor_rt.replay.check_limits import CheckLimits
from exoactor_rt.replay.checks.check import EVERYWHERE, LOG, Check, Signal, require, single
from exoactor_rt.replay.checks.evidence import Evidence
from exoactor_rt.replay.subject import Kind
from exoactor_rt.robots.g1 import joint_table

RMS_WINDOW_S = 10.0


def _position(evidence: Evidence, limits: CheckLimits) -> Signal:
    """A joint that was measured may lie on its stop, which gives a little."""
    measured = evidence.subject.kind is Kind.LOG
    give = limits.scalar.stop_give_rad if measured else 0.0
    return Signal(
        evidence.subject.times_s,
        evidence.joint_position,
        joint_table().names,
        limits.upper_rad + give,
        limits.lower_rad - give,
    )


def _magnitude(evidence: Evidence, values: np.ndarray, upper: np.ndarray) -> Signal:
    """A quantity of every joint whose size is bounded."""
    names = joint_table().names
    return Signal(evidence.subject.times_s, values, names, upper, -upper, relative=True)


def _velocity(evidence: Evidence, limits: CheckLimits) -> Signal:
    return _magnitude(evidence, evidence.velocity, limits.velocity_rad_s)


def _acceleration(evidence: Evidence, limits: CheckLimits) -> Signal:
    upper = np.full(len(limits.effort_nm), limits.scalar.acceleration_rad_s2)
    return _magnitude(evidence, evidence.acceleration, upper)


def _jerk(evidence: Evidence, limits: CheckLimits) -> Signal:
    upper = np.full(len(limits.effort_nm), limits.scalar.jerk_rad_s3)
    return _magnitude(evidence, evidence.jerk, upper)


def _torque(evidence: Evidence, limits: CheckLimits) -> Signal:
    torque = require(evidence.subject.joint_torque, "measured torques")
    return _magnitude(evidence, torque, limits.effort_nm)


def _rms_torque(evidence: Evidence, limits: CheckLimits) -> Signal:
    """What heats a motor; before and behind the log it is taken to rest."""
    torque = require(evidence.subject.joint_torque, "measured torques")
    width = max(1, round(RMS_WINDOW_S / max(evidence.period_s, 1e-6)))
    squared = np.nan_to_num(torque)
    np.square(squared, out=squared)
    rms = uniform_filter1d(squared, width, axis=0, mode="constant")
    np.sqrt(np.maximum(rms, 0.0, out=rms), out=rms)
    upper = limits.scalar.rms_torque_share * limits.effort_nm
    names = joint_table().names
    return Signal(evidence.subject.times_s, rms, names, upper, relative=True)


def _power(evidence: Evidence, limits: CheckLimits) -> Signal:
    torque = require(evidence.subject.joint_torque, "measured torques")
    power = np.maximum(torque * evidence.velocity, 0.0).sum(axis=1)
    return single(evidence.subject.times_s, power, upper=limits.scalar.power_w)


CHECKS = (
    Check(
        "position",
        "joint position",
        "rad",
        EVERYWHERE,
        _position,
        limit="lower_rad, upper_rad",
        debounce_s=0.01,
        cause="range of the joint table; where measured, `stop_give_rad` 0.005 more",
    ),
    Check(
        "velocity",
        "joint speed",
        "rad/s",
        EVERYWHERE,
        _velocity,
        limit="velocity_rad_s",
        debounce_s=0.01,
        cause="the smaller of the joint table's speed and the guard's bound",
    ),
    Check(
        "acceleration",
        "joint acceleration",
        "rad/s^2",
        EVERYWHERE,
        _acceleration,
        limit="acceleration_rad_s2",
        debounce_s=0.01,
        cause="from rest to the guard's 10 rad/s in 25 ms",
    ),
    Check(
        "jerk",
        "joint jerk",
        "rad/s^3",
        EVERYWHERE,
        _jerk,
        limit="jerk_rad_s3",
        debounce_s=0.01,
        cause="from no acceleration to the largest in 20 ms",
    ),
    Check(
        "torque",
        "joint torque",
        "Nm",
        LOG,
        _torque,
        limit="effort_nm",
        debounce_s=0.01,
        cause="effort of the joint table",
    ),
    Check(
        "rms_torque",
        "joint torque, rms over 10 s",
        "Nm",
        LOG,
        _rms_torque,
        limit="rms_torque_share",
        cause="share of the effort that a motor may bear for long",
    ),
    Check(
        "power",
        "mechanical power of all joints",
        "W",
        LOG,
        _power,
        limit="power_w",
        debounce_s=0.02,
        cause="what the battery gives",
    ),
)
