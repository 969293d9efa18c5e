"""What the whole body may do: collisions, feet, tilt, place in the world."""

from __future__ import annotations

import numpy as np
from scipy.spatial.transform import Rotation

from exoactor_rt.replay.check_limits import CheckLimits
from exoactor_rt.replay.checks.check import (
    EVERYWHERE,
    REFERENCE,
    Check,
    Signal,
    require,
    single,
)
from exoactor_rt.replay.checks.evidence import Evidence
from exoactor_rt.replay.subject import Kind
from exoactor_rt.robots.g1.collision_shapes import collision_shapes
from exoactor_rt.types import FloatArray

_FEET = ("left foot", "right foot")
_FLIGHT_S = 0.1
_LEG_JOINTS = 12


def _self_collision(evidence: Evidence, limits: CheckLimits) -> Signal:
    """Of a plan the pairs with an arm or the trunk: its legs are a hint, footsteps move them."""
    shapes = collision_shapes()
    judged = np.ones(len(shapes.pairs), bool)
    if evidence.subject.kind is Kind.PLAN:
        legs = {shape for shape, body in enumerate(shapes.bodies) if 0 < body <= _LEG_JOINTS}
        judged = np.array([not legs.issuperset(pair) for pair in shapes.pairs])
    labels = tuple(np.array(shapes.labels)[judged].tolist())
    lower = np.full(len(labels), limits.scalar.self_collision_m)
    return Signal(evidence.sample_times_s, evidence.clearance[:, judged], labels, lower=lower)


def _tilt(evidence: Evidence, limits: CheckLimits) -> Signal:
    subject = evidence.subject
    quats = subject.ticks.get("quat_world_imu_wxyz", subject.quat_world_root_wxyz)
    norm = np.linalg.norm(quats, axis=1)
    valid = np.isfinite(norm) & (norm > 0.5)
    tilt = np.full(len(quats), np.nan)
    up = Rotation.from_quat(quats[valid], scalar_first=True).apply([0.0, 0.0, 1.0])
    tilt[valid] = np.arccos(np.clip(up[:, 2], -1.0, 1.0))
    return single(subject.times_s, tilt, upper=limits.scalar.tilt_rad)


def _foot_slip(evidence: Evidence, limits: CheckLimits) -> Signal:
    """How far a standing foot's sole has moved over the floor since it stands."""
    require(evidence.root, "place in the world")
    contact = require(evidence.contact, "foot contacts")
    centre = evidence.soles.mean(axis=2)[..., :2]
    moved = np.zeros(contact.shape)
    for foot in range(2):
        stands = contact[:, foot]
        rows = np.arange(len(stands))
        began = np.maximum.accumulate(np.where(~stands, rows + 1, 0))
        began = np.minimum(began, rows)
        moved[:, foot] = np.linalg.norm(centre[:, foot] - centre[began, foot], axis=1)
    upper = np.full(2, limits.scalar.foot_slip_m)
    return Signal(evidence.sample_times_s, np.where(contact, moved, np.nan), _FEET, upper)


def _sole_heights(evidence: Evidence) -> FloatArray:
    require(evidence.root, "place in the world")
    return np.asarray(evidence.soles[..., 2].min(axis=2))


def _penetration(evidence: Evidence, limits: CheckLimits) -> Signal:
    upper = np.full(2, limits.scalar.penetration_m)
    return Signal(evidence.sample_times_s, -_sole_heights(evidence), _FEET, upper)


def _flight(evidence: Evidence, limits: CheckLimits) -> Signal:
    lowest = _sole_heights(evidence).min(axis=1)
    return single(evidence.sample_times_s, lowest, upper=limits.scalar.flight_m)


def _base_speed(evidence: Evidence, limits: CheckLimits) -> Signal:
    root = require(evidence.root, "place in the world")
    times = evidence.sample_times_s
    if len(times) < 2:
        return single(times[:0], times[:0], upper=limits.scalar.base_speed_m_s)
    speed = np.linalg.norm(np.diff(root, axis=0), axis=1) / np.maximum(np.diff(times), 1e-6)
    return single(times[1:], speed, upper=limits.scalar.base_speed_m_s)


CHECKS = (
    Check(
        "base_speed",
        "speed of the pelvis",
        "m/s",
        frozenset({Kind.LOG, Kind.REFERENCE}),
        _base_speed,
        limit="base_speed_m_s",
        cause="half more than the robot's top speed: a jump of the motion or the estimate",
    ),
    Check(
        "self_collision",
        "self-collision distance",
        "m",
        EVERYWHERE,
        _self_collision,
        limit="self_collision_m",
        debounce_s=0.04,
        cause="the model's shapes overlap by more than a touch gives",
    ),
    Check(
        "penetration",
        "depth of a sole below the floor",
        "m",
        REFERENCE,
        _penetration,
        limit="penetration_m",
        debounce_s=0.04,
        cause="more is no error of a retargeter but another floor",
    ),
    Check(
        "flight",
        "height of the lower sole",
        "m",
        REFERENCE,
        _flight,
        limit="flight_m",
        debounce_s=_FLIGHT_S,
        cause="no controller of this robot jumps",
    ),
    Check(
        "foot_slip",
        "way of a standing foot",
        "m",
        frozenset({Kind.LOG, Kind.REFERENCE}),
        _foot_slip,
        limit="foot_slip_m",
        debounce_s=0.04,
        cause="half of a sole's length",
        optional=True,
    ),
    Check(
        "tilt",
        "tilt of the pelvis",
        "rad",
        EVERYWHERE,
        _tilt,
        limit="tilt_rad",
        debounce_s=0.02,
        cause="the verdict's bound",
    ),
)
