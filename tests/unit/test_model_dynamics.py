"""RobotModel (Pinocchio) against MuJoCo on the same file, and against finite differences."""

from dataclasses import dataclass

import numpy as np
import pytest

from exoactor_rt.robots import g1

mujoco = pytest.importorskip("mujoco")
core = pytest.importorskip("exoactor_rt._core")

LINKS = {
    "LEFT_FOOT": "left_ankle_roll_link",
    "RIGHT_FOOT": "right_ankle_roll_link",
    "PELVIS": "pelvis",
    "TORSO": "torso_link",
    "LEFT_HAND": "left_wrist_yaw_link",
    "RIGHT_HAND": "right_wrist_yaw_link",
}
NUM_STATES = 20


@dataclass
class State:
    """One random state; generalised velocity [35] in base frame."""

    position: np.ndarray
    quat_wxyz: np.ndarray
    joints: np.ndarray
    velocity: np.ndarray

    @property
    def rotation(self):
        matrix = np.zeros(9)
        mujoco.mju_quat2Mat(matrix, self.quat_wxyz)
        return matrix.reshape(3, 3)

    def evaluate(self, model):
        return model.update(
            self.position,
            self.quat_wxyz,
            self.rotation @ self.velocity[:3],
            self.velocity[3:6],
            self.joints,
            self.velocity[6:],
        )

    def after(self, time):
        """The state on the path of constant generalised velocity, exact to third order in time."""
        linear, angular = self.velocity[:3], self.velocity[3:6]
        shift = linear * time + 0.5 * time**2 * np.cross(angular, linear)
        quat = self.quat_wxyz.copy()
        mujoco.mju_quatIntegrate(quat, angular, time)
        return State(
            self.position + self.rotation @ shift,
            quat,
            self.joints + self.velocity[6:] * time,
            self.velocity,
        )


def random_states():
    rng = np.random.default_rng(7)
    table = g1.joint_table()
    for _ in range(NUM_STATES):
        quat = rng.normal(size=4)
        yield State(
            rng.normal(size=3),
            quat / np.linalg.norm(quat),
            rng.uniform(table.lower_rad, table.upper_rad),
            rng.normal(size=35),
        )


@pytest.fixture(scope="module")
def model():
    return core.model.RobotModel(str(g1.model_path()))


@pytest.fixture(scope="module")
def simulator():
    compiled = mujoco.MjModel.from_xml_path(str(g1.model_path()))
    return compiled, mujoco.MjData(compiled)


def run_mujoco(simulator, state):
    """Sets the state; returns (model, data, T) with T our velocity -> MuJoCo's (world linear)."""
    compiled, data = simulator
    to_mujoco = np.eye(35)
    to_mujoco[:3, :3] = state.rotation
    data.qpos[:] = np.concatenate([state.position, state.quat_wxyz, state.joints])
    data.qvel[:] = to_mujoco @ state.velocity
    mujoco.mj_forward(compiled, data)
    mujoco.mj_subtreeVel(compiled, data)
    return compiled, data, to_mujoco


def mass_matrix(compiled, data):
    columns = np.zeros((35, 35))
    for i, unit in enumerate(np.eye(35)):
        mujoco.mj_mulM(compiled, data, columns[i], unit)
    return columns


def test_mass_matrix_and_bias_force(model, simulator):
    for state in random_states():
        got = state.evaluate(model)
        compiled, data, to_mujoco = run_mujoco(simulator, state)
        mass = mass_matrix(compiled, data)
        np.testing.assert_allclose(got.mass_matrix, to_mujoco.T @ mass @ to_mujoco, atol=1e-11)
        drift = np.zeros(35)
        drift[:3] = state.rotation @ np.cross(state.velocity[3:6], state.velocity[:3])
        bias = to_mujoco.T @ (data.qfrc_bias + mass @ drift)
        np.testing.assert_allclose(got.bias_force, bias, atol=1e-9)


def test_centre_of_mass_and_momentum(model, simulator):
    for state in random_states():
        got = state.evaluate(model)
        _, data, _ = run_mujoco(simulator, state)
        np.testing.assert_allclose(got.com_in_world, data.subtree_com[0], atol=1e-12)
        np.testing.assert_allclose(got.com_velocity_in_world, data.subtree_linvel[1], atol=1e-11)
        expected = np.concatenate([data.subtree_linvel[1] * model.mass_kg, data.subtree_angmom[1]])
        np.testing.assert_allclose(got.centroidal_momentum, expected, atol=1e-10)
        np.testing.assert_allclose(got.centroidal_map @ state.velocity, expected, atol=1e-10)


@pytest.mark.parametrize("link", LINKS)
def test_link_pose_jacobian_and_velocity(model, simulator, link):
    for state in random_states():
        got = state.evaluate(model).link(getattr(core.model.Link, link))
        compiled, data, to_mujoco = run_mujoco(simulator, state)
        body = compiled.body(LINKS[link]).id
        np.testing.assert_allclose(got.position_in_world, data.xpos[body], atol=1e-12)
        np.testing.assert_allclose(got.R_world_link, data.xmat[body].reshape(3, 3), atol=1e-12)
        jacobian = np.zeros((6, 35))
        mujoco.mj_jacBody(compiled, data, jacobian[:3], jacobian[3:], body)
        np.testing.assert_allclose(got.jacobian, jacobian @ to_mujoco, atol=1e-11)
        np.testing.assert_allclose(got.velocity, got.jacobian @ state.velocity, atol=1e-11)


def test_bias_accelerations_are_the_velocity_change_at_constant_velocity(model):
    step = 1e-4
    for state in random_states():
        now = state.evaluate(model)
        later, earlier = state.after(step).evaluate(model), state.after(-step).evaluate(model)
        for name in LINKS:
            link = getattr(core.model.Link, name)
            change = (later.link(link).velocity - earlier.link(link).velocity) / (2 * step)
            np.testing.assert_allclose(now.link(link).bias_acceleration, change, atol=1e-5)


def test_a_file_with_other_limits_is_refused(tmp_path):
    text = g1.model_path().read_text(encoding="utf-8")
    changed = tmp_path / "changed.xml"
    changed.write_text(text.replace('range="-0.087267 2.8798"', 'range="-0.087267 2.9"', 1))
    with pytest.raises(RuntimeError, match=r"left_knee_joint upper limit 2\.9"):
        core.model.RobotModel(str(changed))


def test_a_file_with_other_joints_is_refused(tmp_path):
    text = g1.model_path().read_text(encoding="utf-8")
    changed = tmp_path / "changed.xml"
    changed.write_text(text.replace("waist_roll_joint", "waist_lean_joint"))
    with pytest.raises(RuntimeError, match="joint 13 is waist_lean_joint"):
        core.model.RobotModel(str(changed))
