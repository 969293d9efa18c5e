"""The torques that a motion which never ran would need."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.ndimage import uniform_filter1d

from exoactor_rt._core.model import Link, RobotModel
from exoactor_rt.replay.check_limits import CheckLimits
from exoactor_rt.replay.checks.check import MOTION, Check, Signal, require
from exoactor_rt.replay.checks.evidence import Evidence
from exoactor_rt.replay.subject import Kind
from exoactor_rt.robots.g1 import joint_table, model_path
from exoactor_rt.types import BoolArray, FloatArray

RATE_HZ = 25.0
SMOOTHING_S = 0.2
"""Motions are averaged over this before they are differentiated twice."""

_FIRST_UPPER_JOINT = "waist_yaw_joint"
_FEET = (Link.LEFT_FOOT, Link.RIGHT_FOOT)
_BASE = slice(0, 6)
_JOINTS = slice(6, None)


@lru_cache(maxsize=1)
def _model() -> RobotModel:
    return RobotModel(str(model_path()))


def _torque_needed(evidence: Evidence, limits: CheckLimits) -> Signal:
    """Inverse dynamics; the feet near the floor bear what the base needs, least wrenches first.

    Ankles are left out: their torque is where the robot balances, which the controller decides.
    So are all the legs of a plan, which are a hint to it.
    """
    require(evidence.root, "place in the world")
    every = max(1, round(1.0 / (RATE_HZ * max(evidence.period_s, 1e-6))))
    rows = np.arange(0, len(evidence.samples), every)
    standing = evidence.near_floor[rows]
    still = evidence.subject.kind is Kind.PLAN
    motion = _Motion(evidence, still)
    torque = np.array(
        [_torque(motion, int(row), feet) for row, feet in zip(rows, standing, strict=True)]
    )
    names = joint_table().names
    judged = [
        index
        for index, name in enumerate(names)
        if (index >= names.index(_FIRST_UPPER_JOINT) if still else "ankle" not in name)
    ]
    upper = limits.effort_nm[judged]
    return Signal(
        evidence.sample_times_s[rows],
        torque[:, judged],
        tuple(names[index] for index in judged),
        upper,
        -upper,
        relative=True,
    )


class _Motion:
    """Positions, velocities and accelerations of base and joints, smoothed.

    A plan has no place in the world, so it is taken as standing still in each posture.
    """

    def __init__(self, evidence: Evidence, still: bool):
        width = max(1, round(SMOOTHING_S / max(evidence.period_s, 1e-6)))

        def smooth(values: FloatArray) -> FloatArray:
            return np.asarray(uniform_filter1d(values, width, axis=0, mode="nearest"))

        self.root = smooth(require(evidence.root, "place in the world"))
        self.quats = evidence.attitude
        self.joints = smooth(evidence.posture)
        rates = np.zeros((len(self.root), 35))
        if not still:
            rates[:, :3] = evidence.rate_of(self.root)
            rates[:, 3:6] = smooth(_angular_velocity(self.quats, evidence.period_s))
            rates[:, 6:] = evidence.rate_of(self.joints)
        self.rates = rates
        self.accelerations = smooth(evidence.rate_of(rates)) if not still else np.zeros_like(rates)


def _angular_velocity(quats_wxyz: FloatArray, period_s: float) -> FloatArray:
    """[M, 3] rad/s in the base frame, of unit quaternions whose signs do not jump."""
    signs = np.cumprod(np.sign(np.sum(quats_wxyz[1:] * quats_wxyz[:-1], axis=1)) + 1e-12)
    quats = quats_wxyz.copy()
    quats[1:] *= np.sign(signs)[:, None]
    rate = np.gradient(quats, period_s, axis=0) if len(quats) > 1 else np.zeros_like(quats)
    w, v = quats[:, :1], quats[:, 1:]
    dw, dv = rate[:, :1], rate[:, 1:]
    return np.asarray(2.0 * (w * dv - dw * v - np.cross(v, dv)))


def _torque(motion: _Motion, row: int, feet: BoolArray) -> FloatArray:
    rates = motion.rates[row]
    dynamics = _model().update(
        motion.root[row],
        motion.quats[row],
        rates[:3],
        rates[3:6],
        motion.joints[row],
        rates[6:],
    )
    turn = _matrix(motion.quats[row])
    acceleration = motion.accelerations[row].copy()
    acceleration[:3] = turn.T @ acceleration[:3] - np.cross(rates[3:6], turn.T @ rates[:3])
    needed = dynamics.mass_matrix @ acceleration + dynamics.bias_force
    jacobians = [dynamics.link(_FEET[foot]).jacobian for foot in range(2) if feet[foot]]
    if not jacobians:
        return np.asarray(needed[_JOINTS])
    stacked = np.vstack(jacobians)
    wrenches = np.linalg.lstsq(stacked[:, _BASE].T, needed[_BASE], rcond=None)[0]
    return np.asarray(needed[_JOINTS] - stacked[:, _JOINTS].T @ wrenches)


def _matrix(quat_wxyz: FloatArray) -> FloatArray:
    w, x, y, z = quat_wxyz
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ]
    )


CHECKS = (
    Check(
        "torque_needed",
        "joint torque that the motion needs",
        "Nm",
        MOTION,
        _torque_needed,
        limit="effort_nm",
        debounce_s=0.1,
        cause="effort of the joint table",
    ),
)
