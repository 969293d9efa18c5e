"""What was sent to the motors, and how the robot answered."""

from __future__ import annotations

import numpy as np

from exoactor_rt._core.safety import TripCause
from exoactor_rt.replay.check_limits import CheckLimits
from exoactor_rt.replay.checks.check import LOG, Check, NotRecordedError, Signal, require, single
from exoactor_rt.replay.checks.evidence import Evidence
from exoactor_rt.robots.g1 import joint_table
from exoactor_rt.types import FloatArray

SATURATED_SHARE = 0.98
FIRST_FOLLOWED_JOINT = "waist_yaw_joint"
TRACKING_S = 0.2
_ROWS_AT_ONCE = 4096
"""Of a long log: its arrays are too large to be copied whole."""


def _ticks(evidence: Evidence, name: str) -> FloatArray:
    if name not in evidence.subject.ticks:
        raise NotRecordedError(f"no column {name}")
    return evidence.subject.ticks[name]


def _command_step(evidence: Evidence, limits: CheckLimits) -> Signal:
    """Change of the torque asked for from one tick to the next, at the state measured."""
    driven = evidence.subject.driven
    both = driven[1:] & driven[:-1]
    position, velocity = evidence.joint_position, evidence.velocity
    stiffness, damping = _ticks(evidence, "sent_stiffness"), _ticks(evidence, "sent_damping")

    targets = tuple(_ticks(evidence, f"sent_{name}") for name in ("position", "velocity", "torque"))

    def asked(rows: slice, state: slice) -> FloatArray:
        to_position, to_velocity, torque = targets
        spring = stiffness[rows] * (to_position[rows] - position[state])
        damper = damping[rows] * (to_velocity[rows] - velocity[state])
        return np.asarray(torque[rows] + spring + damper)

    step = np.full((len(both), position.shape[1]), np.nan)
    for begin in range(0, len(both), _ROWS_AT_ONCE):
        end = min(begin + _ROWS_AT_ONCE, len(both))
        now, before = slice(begin + 1, end + 1), slice(begin, end)
        steps = np.abs(asked(now, now) - asked(before, now))
        np.copyto(step[before], steps, where=both[before, None])
    upper = limits.scalar.command_step_share * limits.effort_nm
    names = joint_table().names
    return Signal(evidence.subject.times_s[1:], step, names, upper, relative=True)


def _saturation(evidence: Evidence, limits: CheckLimits) -> Signal:
    """For how long without a break a motor has given all it has."""
    torque = require(evidence.subject.joint_torque, "measured torques")
    full = np.abs(torque) >= SATURATED_SHARE * limits.effort_nm
    ticks = np.arange(1, len(full) + 1, dtype=np.int32)[:, None]
    last_free = np.where(full, np.int32(0), ticks)
    np.maximum.accumulate(last_free, axis=0, out=last_free)
    lasting_s = np.asarray((ticks - last_free) * evidence.period_s, dtype=np.float64)
    upper = np.full(full.shape[1], limits.scalar.saturation_s)
    return Signal(evidence.subject.times_s, lasting_s, joint_table().names, upper)


def _tracking(evidence: Evidence, limits: CheckLimits) -> Signal:
    """Waist and arms against the targets sent; soft legs bear the robot by leaving theirs."""
    table = joint_table()
    first = table.names.index(FIRST_FOLLOWED_JOINT)
    sent = _ticks(evidence, "sent_position")
    error = np.abs(sent[:, first:] - evidence.joint_position[:, first:])
    error = np.where(evidence.subject.driven[:, None], error, np.nan)
    upper = np.full(error.shape[1], limits.scalar.tracking_rad)
    return Signal(evidence.subject.times_s, error, table.names[first:], upper)


def _guard(evidence: Evidence, limits: CheckLimits) -> Signal:
    """Trips of the guard that nobody asked for."""
    cause = _ticks(evidence, "trip_cause")
    asked = (int(TripCause.NONE), int(TripCause.REQUESTED))
    return single(evidence.subject.times_s, (~np.isin(cause, asked)).astype(np.float64), upper=0.0)


CHECKS = (
    Check(
        "command_step",
        "step of the torque asked for",
        "Nm",
        LOG,
        _command_step,
        limit="command_step_share",
        cause="half of the effort in one tick",
    ),
    Check(
        "saturation",
        "motor at its limit without a break",
        "s",
        LOG,
        _saturation,
        limit="saturation_s",
        cause="a robot that has nothing left cannot balance",
    ),
    Check(
        "tracking",
        "waist and arms against their targets",
        "rad",
        LOG,
        _tracking,
        limit="tracking_rad",
        debounce_s=TRACKING_S,
        cause="a blocked or pushed arm",
    ),
    Check(
        "guard",
        "guard tripped",
        "",
        LOG,
        _guard,
        cause="any trip but a requested stop",
    ),
)
