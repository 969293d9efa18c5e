"""The torques that bear the robot while it stands still."""

from functools import lru_cache

import numpy as np

from exoactor_rt._core.model import Link, RobotModel
from exoactor_rt.robots.g1.model_files import model_path
from exoactor_rt.types import FloatArray

_BASE = slice(0, 6)
_JOINTS = slice(6, None)


def standing_torque(joint_position: FloatArray) -> FloatArray:
    """Joint torques in static equilibrium on both feet, pelvis upright.

    Of the foot wrenches that balance gravity at the base the smallest are taken.

    Args:
        joint_position: [29] rad, SDK order.

    Returns:
        [29] Nm, SDK order.
    """
    zero = np.zeros(3)
    upright = np.array([1.0, 0.0, 0.0, 0.0])
    still = np.zeros(len(joint_position))
    dynamics = _robot().update(zero, upright, zero, zero, joint_position, still)
    feet = np.vstack([dynamics.link(foot).jacobian for foot in (Link.LEFT_FOOT, Link.RIGHT_FOOT)])
    wrenches = np.linalg.lstsq(feet[:, _BASE].T, dynamics.bias_force[_BASE], rcond=None)[0]
    torque: FloatArray = dynamics.bias_force[_JOINTS] - feet[:, _JOINTS].T @ wrenches
    return torque


@lru_cache(maxsize=1)
def _robot() -> RobotModel:
    return RobotModel(str(model_path()))
