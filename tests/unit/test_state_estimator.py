"""The estimator on a simulated stand: anchoring, bias, forces, determinism."""

import numpy as np
import pytest

from exoactor_rt import _core
from exoactor_rt.robots import g1

PERIOD_NS = 2_000_000
IMU_IN_PELVIS = np.array([0.04525, 0.0, -0.08339])


@pytest.fixture(scope="module")
def model():
    return _core.model.RobotModel(str(g1.model_path()))


def yaw_quat(yaw_rad):
    return np.array([np.cos(yaw_rad / 2), 0, 0, np.sin(yaw_rad / 2)])


def standing_sensors(tick, yaw_rad=0.0, bias=(0, 0, 0), rng=None):
    """A robot at rest on both feet, with noise when `rng` is given."""
    noise = (
        (lambda scale, size: scale * rng.normal(size=size))
        if rng
        else (lambda scale, size: np.zeros(size))
    )
    sensors = _core.types.SensorState()
    sensors.stamp_ns = tick * PERIOD_NS
    sensors.joint_position = g1.standing_position() + noise(2e-4, 29)
    sensors.joint_velocity = noise(0.02, 29)
    sensors.quat_world_imu_wxyz = yaw_quat(yaw_rad)
    sensors.gyro_in_imu = noise(5e-3, 3)
    sensors.accel_in_imu = np.array([0, 0, 9.81]) + np.array(bias) + noise(0.05, 3)
    return sensors


def run(model, ticks, contact=(True, True), **kwargs):
    estimator = _core.estimation.StateEstimator(model)
    for tick in range(ticks):
        state = estimator.update(standing_sensors(tick, **kwargs), contact, tick * PERIOD_NS)
    return estimator, state


@pytest.mark.parametrize("yaw_rad", [0.0, 0.7, 3.1, -2.0])
def test_anchors_the_world_at_the_start(model, yaw_rad):
    _, state = run(model, 1, yaw_rad=yaw_rad)
    np.testing.assert_allclose(state.base_position_in_world[:2], 0, atol=1e-12)
    np.testing.assert_allclose(np.abs(state.quat_world_base_wxyz), [1, 0, 0, 0], atol=1e-9)
    dynamics = model.update(
        state.base_position_in_world,
        state.quat_world_base_wxyz,
        np.zeros(3),
        np.zeros(3),
        state.joint_position,
        np.zeros(29),
    )
    ankle = dynamics.link(_core.model.Link.LEFT_FOOT).position_in_world
    assert ankle[2] == pytest.approx(0.035, abs=1e-6)


def test_learns_the_vertical_accelerometer_bias(model):
    estimator, state = run(model, 5000, bias=(0, 0, 0.2))
    assert estimator.accel_bias_in_imu[2] == pytest.approx(0.2, abs=0.02)
    assert np.abs(state.base_linear_velocity_in_world).max() < 1e-3


def test_noise_moves_a_standing_robot_little(model):
    _, state = run(model, 5000, rng=np.random.default_rng(3), bias=(0.05, -0.05, 0.05))
    assert np.linalg.norm(state.base_position_in_world[:2]) < 0.01
    assert np.linalg.norm(state.base_linear_velocity_in_world) < 0.02


def test_airborne_feet_let_gravity_through(model):
    estimator = _core.estimation.StateEstimator(model)
    for tick in range(50):
        sensors = standing_sensors(tick)
        if tick > 0:
            sensors.accel_in_imu = np.zeros(3)
        state = estimator.update(sensors, (False, False), tick * PERIOD_NS)
    assert state.base_linear_velocity_in_world[2] == pytest.approx(-9.81 * 0.098, rel=0.05)


def test_a_lever_of_the_imu_is_not_taken_for_velocity(model):
    estimator = _core.estimation.StateEstimator(model)
    estimator.update(standing_sensors(0), (False, False), 0)
    sensors = standing_sensors(1)
    sensors.gyro_in_imu = np.array([0, 1.0, 0])
    state = estimator.update(sensors, (False, False), PERIOD_NS)
    lever = -np.cross(sensors.gyro_in_imu, IMU_IN_PELVIS)
    np.testing.assert_allclose(state.base_linear_velocity_in_world, lever, atol=5e-3)


def test_forces_balance_the_weight(model):
    dynamics = model.update(
        np.zeros(3),
        np.array([1.0, 0, 0, 0]),
        np.zeros(3),
        np.zeros(3),
        g1.standing_position(),
        np.zeros(29),
    )
    weight = 9.81 * model.mass_kg
    torque = dynamics.bias_force[6:].copy()
    for link, columns in (("LEFT_FOOT", slice(6, 12)), ("RIGHT_FOOT", slice(12, 18))):
        jacobian = dynamics.link(getattr(_core.model.Link, link)).jacobian
        torque[columns.start - 6 : columns.stop - 6] -= jacobian[2, columns] * weight / 2
    sensors = standing_sensors(0)
    sensors.joint_torque = torque
    estimator = _core.estimation.StateEstimator(model)
    state = estimator.update(sensors, (True, True), 0)
    for force in state.foot_force_in_world:
        np.testing.assert_allclose(force, [0, 0, weight / 2], atol=3.0)


def test_reset_anchors_anew(model):
    estimator, _ = run(model, 300, rng=np.random.default_rng(0))
    estimator.reset()
    state = estimator.update(standing_sensors(0, yaw_rad=1.0), (True, True), 10**12)
    np.testing.assert_allclose(state.base_position_in_world[:2], 0, atol=1e-12)
    np.testing.assert_allclose(np.abs(state.quat_world_base_wxyz), [1, 0, 0, 0], atol=1e-9)


def test_repeats_bit_for_bit(model):
    ends = [run(model, 400, rng=np.random.default_rng(5))[1] for _ in range(2)]
    assert ends[0].base_position_in_world.tobytes() == ends[1].base_position_in_world.tobytes()


def test_a_measurement_seen_before_tells_nothing_new(model):
    """Fed twice each, noisy measurements give the same states as fed once."""
    once, twice = (_core.estimation.StateEstimator(model) for _ in range(2))
    rng = np.random.default_rng(5)
    for tick in range(100):
        sensors = standing_sensors(tick, rng=rng)
        now_ns = tick * PERIOD_NS
        first = once.update(sensors, (True, True), now_ns)
        twice.update(sensors, (True, True), now_ns)
        second = twice.update(sensors, (True, True), now_ns + PERIOD_NS // 2)
    np.testing.assert_array_equal(first.base_position_in_world, second.base_position_in_world)
    np.testing.assert_array_equal(
        first.base_linear_velocity_in_world, second.base_linear_velocity_in_world
    )


def test_takes_the_gyroscope_bias_off(model):
    bias = np.array([0.03, -0.02, 0.01])
    estimator = _core.estimation.StateEstimator(model)
    rng = np.random.default_rng(2)
    for tick in range(4000):
        sensors = standing_sensors(tick, rng=rng)
        sensors.gyro_in_imu = sensors.gyro_in_imu + bias
        turn = 5e-4 * rng.normal(size=3)
        sensors.quat_world_imu_wxyz = np.array([1.0, *(turn / 2)])
        state = estimator.update(sensors, (True, True), tick * PERIOD_NS)
    np.testing.assert_allclose(estimator.gyro_bias_in_imu, bias, atol=1.5e-3)
    assert np.linalg.norm(state.base_linear_velocity_in_world) < 0.02


def test_a_turning_robot_is_not_taken_for_a_biased_gyroscope(model):
    estimator = _core.estimation.StateEstimator(model)
    for tick in range(2000):
        time_s = 2e-3 * tick
        sensors = standing_sensors(tick, yaw_rad=0.5 * np.sin(2 * time_s))
        sensors.gyro_in_imu = np.array([0, 0, np.cos(2 * time_s)])
        estimator.update(sensors, (True, True), tick * PERIOD_NS)
    np.testing.assert_allclose(estimator.gyro_bias_in_imu, 0, atol=2e-3)


@pytest.mark.parametrize("gap_ticks", [10, 20])
def test_a_gap_is_predicted_over(model, gap_ticks):
    """Free fall through a gap in the messages: the speed gained in it is not lost."""
    estimator = _core.estimation.StateEstimator(model)
    for tick in [*range(20), 20 + gap_ticks]:
        sensors = standing_sensors(tick)
        if tick > 0:
            sensors.accel_in_imu = np.zeros(3)
        state = estimator.update(sensors, (False, False), tick * PERIOD_NS)
    fallen_s = 1e-9 * PERIOD_NS * (20 + gap_ticks)
    assert state.base_linear_velocity_in_world[2] == pytest.approx(-9.81 * fallen_s, rel=0.02)


def torque_with(model, weights):
    """Joint torques at rest with a share of the weight on the left and the right foot."""
    dynamics = model.update(
        np.zeros(3),
        np.array([1.0, 0, 0, 0]),
        np.zeros(3),
        np.zeros(3),
        g1.standing_position(),
        np.zeros(29),
    )
    torque = dynamics.bias_force[6:].copy()
    for link, share in zip(("LEFT_FOOT", "RIGHT_FOOT"), weights, strict=True):
        jacobian = dynamics.link(getattr(_core.model.Link, link)).jacobian
        torque -= jacobian[2, 6:] * 9.81 * model.mass_kg * share
    return torque


class TestStandingFeet:
    """Which feet count as standing, by the controller's word and by the force on them."""

    def follow(self, model, phases):
        """(commanded, shares of the weight, ticks) -> who stands at the end of each."""
        estimator = _core.estimation.StateEstimator(model)
        tick, found = 0, []
        for commanded, shares, ticks in phases:
            for _ in range(ticks):
                sensors = standing_sensors(tick)
                sensors.joint_torque = torque_with(model, shares)
                estimator.update(sensors, commanded, tick * PERIOD_NS)
                tick += 1
            found.append(tuple(estimator.standing))
        return found

    def test_a_foot_that_lands_late_stands_only_then(self, model):
        both, left = (True, True), (True, False)
        assert self.follow(
            model, [(both, (0.5, 0.5), 20), (both, (1, 0), 20), (both, (0.6, 0.4), 20)]
        ) == [both, left, both]

    def test_a_foot_that_lands_early_stands_at_once(self, model):
        both, left = (True, True), (True, False)
        assert self.follow(
            model, [(both, (0.5, 0.5), 20), (left, (1, 0), 20), (left, (0.6, 0.4), 20)]
        ) == [both, left, both]

    def test_neither_a_short_nor_a_small_force_counts(self, model):
        both, left = (True, True), (True, False)
        assert self.follow(
            model,
            [
                (both, (0.5, 0.5), 20),
                (both, (0.9, 0.1), 50),
                (left, (1, 0), 20),
                (left, (0.6, 0.4), 4),
                (left, (0.9, 0.1), 50),
            ],
        ) == [both, both, left, left, left]

    def test_a_hanging_robot_is_held_by_the_controllers_word(self, model):
        both = (True, True)
        assert self.follow(model, [(both, (0.5, 0.5), 20), (both, (0, 0), 50)]) == [both, both]


ROLL_RAD = 0.5
TOE_IN_FOOT = np.array([0.12, 0.0, -0.035])


def rolling_over_the_toe(model, ticks=500):
    """Joints [T, 29] and base positions [T, 3] of an upright robot whose left toe stays."""
    ankle = g1.joint_table().index("left_ankle_pitch_joint")
    lifted = g1.joint_table().index("right_knee_joint")
    joints = np.tile(g1.standing_position(), (ticks, 1))
    joints[:, ankle] += ROLL_RAD * (1 - np.cos(np.linspace(0.0, np.pi, ticks))) / 2
    joints[:, lifted] += 0.5
    toes = []
    for joint_position in joints:
        dynamics = model.update(
            np.zeros(3),
            np.array([1.0, 0, 0, 0]),
            np.zeros(3),
            np.zeros(3),
            joint_position,
            np.zeros(29),
        )
        foot = dynamics.link(_core.model.Link.LEFT_FOOT)
        toes.append(foot.position_in_world + foot.R_world_link @ TOE_IN_FOOT)
    return joints, -np.array(toes)


def follow(model, joints, base, sensed):
    """Error of the estimate at the end, m: in x and y of the way, in z of the height."""
    dt_s = 1e-9 * PERIOD_NS
    speed = np.gradient(joints, dt_s, axis=0)
    acceleration = np.gradient(np.gradient(base, dt_s, axis=0), dt_s, axis=0)
    estimator = _core.estimation.StateEstimator(model)
    errors = []
    for tick in range(len(joints)):
        sensors = standing_sensors(tick)
        sensors.joint_position, sensors.joint_velocity = joints[tick], speed[tick]
        sensors.accel_in_imu = np.array([0, 0, 9.81]) + acceleration[tick]
        contact = (True, tick == 0)
        state = estimator.update(sensors, contact, tick * PERIOD_NS, sensed=sensed)
        errors.append(np.array(state.base_position_in_world) - base[tick])
    return errors[-1] - errors[0] * [1.0, 1.0, 0.0]


def test_a_foot_that_is_found_to_stand_may_roll_over_its_toe(model):
    joints, base = rolling_over_the_toe(model)
    assert np.linalg.norm(base[-1] - base[0]) > 0.05
    assert np.abs(follow(model, joints, base, sensed=True)).max() < 0.004
    assert np.abs(follow(model, joints, base, sensed=False)).max() > 0.02
