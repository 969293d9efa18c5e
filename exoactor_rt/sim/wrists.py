"""Where the wrists are relative to the pelvis."""

from __future__ import annotations

import numpy as np

from exoactor_rt.retarget import kinematics
from exoactor_rt.types import FloatArray

_WRISTS = ("left_wrist_yaw_link", "right_wrist_yaw_link")


def wrist_positions_in_pelvis(joint_position: FloatArray) -> FloatArray:
    """Origins of the wrist yaw links in the pelvis frame.

    Args:
        joint_position: [N, 29] rad, SDK order.

    Returns:
        [N, 2, 3] m, left then right.
    """
    count = len(joint_position)
    upright = np.tile([1.0, 0.0, 0.0, 0.0], (count, 1))
    positions, _ = kinematics().forward(np.zeros((count, 3)), upright, joint_position)
    return np.asarray(positions[:, [kinematics().body(link) for link in _WRISTS]])
