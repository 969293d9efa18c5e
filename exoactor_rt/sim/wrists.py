"""Where the wrists are relative to the pelvis, by MuJoCo's forward kinematics."""

from __future__ import annotations

import numpy as np

from exoactor_rt.robots import g1
from exoactor_rt.sim.mujoco_import import load_mujoco
from exoactor_rt.types import FloatArray

_WRISTS = ("left_wrist_yaw_link", "right_wrist_yaw_link")


def wrist_positions_in_pelvis(joint_position: FloatArray) -> FloatArray:
    """Origins of the wrist yaw links in the pelvis frame.

    Args:
        joint_position: [N, 29] rad, SDK order.

    Returns:
        [N, 2, 3] m, left then right.
    """
    mujoco = load_mujoco()
    model = mujoco.MjModel.from_xml_path(str(g1.model_path()))
    data = mujoco.MjData(model)
    address = [int(model.joint(name).qposadr[0]) for name in g1.joint_table().names]
    bodies = [model.body(name).id for name in _WRISTS]
    data.qpos[:7] = (0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0)
    positions = np.empty((len(joint_position), 2, 3))
    for row, posture in enumerate(joint_position):
        data.qpos[address] = posture
        mujoco.mj_kinematics(model, data)
        positions[row] = data.xpos[bodies]
    return positions
