"""Own forward kinematics and collision geometry against MuJoCo and against finite truth."""

import numpy as np
import pytest

from exoactor_rt.errors import AssetError
from exoactor_rt.retarget import kinematics, self_collision
from exoactor_rt.robots.g1 import joint_table, model_path, standing_position
from exoactor_rt.robots.g1.kinematic_bodies import kinematic_bodies


def random_states(count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    quat = rng.normal(size=(count, 4))
    table = joint_table()
    return (
        rng.normal(size=(count, 3)),
        quat / np.linalg.norm(quat, axis=1, keepdims=True),
        rng.uniform(table.lower_rad, table.upper_rad, size=(count, 29)),
    )


def test_forward_kinematics_equals_mujoco():
    mujoco = pytest.importorskip("mujoco")
    model = mujoco.MjModel.from_xml_path(str(model_path()))
    data = mujoco.MjData(model)
    names = kinematic_bodies().names
    order = [mujoco.mj_name2id(model, mujoco.mjtObj.mjOBJ_BODY, name) for name in names]
    root, quat, joints = random_states(100)
    positions, quats = kinematics().forward(root, quat, joints)
    for frame in range(100):
        data.qpos[:] = np.r_[root[frame], quat[frame], joints[frame]]
        mujoco.mj_kinematics(model, data)
        np.testing.assert_allclose(positions[frame], data.xpos[order], atol=1e-9)
        alike = np.abs((quats[frame] * data.xquat[order]).sum(axis=1))
        np.testing.assert_allclose(alike, 1, atol=1e-9)


def test_body_index_is_joint_index_plus_one():
    for joint, name in enumerate(joint_table().names):
        assert kinematics().body(
            name.replace("_joint", "_link").replace("waist_pitch", "torso")
        ) == (joint + 1)


def test_unknown_body_is_refused():
    with pytest.raises(ValueError, match="no body named tail"):
        kinematics().body("tail")


def test_frames_of_different_number_are_refused():
    with pytest.raises(ValueError, match="differ in length"):
        kinematics().forward(np.zeros((2, 3)), np.ones((1, 4)), np.zeros((2, 29)))


def test_standing_robot_keeps_clear_of_itself():
    gap = self_collision().smallest_gap_m(
        kinematics(), np.zeros((1, 3)), np.array([[1.0, 0, 0, 0]]), standing_position()[None]
    )
    assert gap[0] > 0.0


def test_crossed_shanks_collide():
    joints = np.zeros((1, 29))
    joints[0, joint_table().index("left_hip_roll_joint")] = -0.5
    joints[0, joint_table().index("right_hip_roll_joint")] = 0.5
    gap = self_collision().smallest_gap_m(
        kinematics(), np.zeros((1, 3)), np.array([[1.0, 0, 0, 0]]), joints
    )
    assert gap[0] < -0.02


def test_foreign_model_is_refused(tmp_path):
    path = tmp_path / "arm.xml"
    path.write_text(
        "<mujoco><worldbody><body name='base'><body name='link'><joint name='hinge'/></body>"
        "</body></worldbody></mujoco>"
    )
    with pytest.raises(AssetError, match="joint table"):
        kinematic_bodies(path)
