"""The simulated robot's sensors and motors."""

import sys

import numpy as np
import pytest

from exoactor_rt import _core
from exoactor_rt.errors import HardwareError
from exoactor_rt.robots import g1

pytest.importorskip("mujoco")
from exoactor_rt.sim import model_changes
from exoactor_rt.sim.mujoco_import import load_mujoco
from exoactor_rt.sim.mujoco_robot import MujocoRobot, Truth
from exoactor_rt.sim.options import NO_NOISE, Dropout, Load, Push, SensorNoise, SimOptions
from exoactor_rt.sim.rollout import TIMING_COLUMNS
from exoactor_rt.sim.wrists import wrist_positions_in_pelvis


def holding_command(stiffness=100.0):
    command = _core.types.JointCommand()
    command.position = g1.standing_position()
    command.stiffness = np.full(29, stiffness)
    command.damping = np.full(29, 2.0)
    return command


def make(**options):
    return MujocoRobot(g1.standing_position(), SimOptions(noise=NO_NOISE, **options))


def test_stands_still_until_the_first_command():
    robot = make()
    before = robot.truth()
    for _ in range(100):
        robot.step()
    assert not robot.released
    np.testing.assert_array_equal(robot.truth().joint_position, before.joint_position)
    state = robot.read(5)
    assert state.stamp_ns == 5
    np.testing.assert_allclose(state.joint_position, g1.standing_position(), atol=1e-12)
    np.testing.assert_allclose(state.accel_in_imu, [0, 0, 9.81], atol=1e-9)


def test_soles_stand_on_the_floor():
    """Released, it neither drops nor is thrown up: it sags by millimetres as its springs load."""
    robot = make()
    start_m = robot.truth().root_position_in_world[2]
    assert 0.70 < start_m < 0.80
    robot.write(holding_command(stiffness=200.0))
    for _ in range(15):
        robot.step()
    assert robot.truth().root_position_in_world[2] == pytest.approx(start_m, abs=4e-3)
    assert robot.read(0).accel_in_imu[2] > 5.0


def test_motors_give_what_the_command_says_within_their_limits():
    robot = make(control_period_s=1e-3)
    command = _core.types.JointCommand()
    command.torque = np.full(29, 2.0)
    command.torque = np.where(np.arange(29) == 3, 1e4, 2.0)
    robot.write(command)
    robot.step()
    torque = robot.truth().joint_torque
    assert torque[3] == g1.joint_table().effort_nm[3]
    np.testing.assert_allclose(np.delete(torque, 3), 2.0)


def test_latency_delays_a_command():
    robot = make(latency_s=0.008)
    robot.write(holding_command())
    released = []
    for _ in range(6):
        robot.step()
        released.append(robot.released)
    assert released == [False, False, False, False, True, True]


def test_noise_is_seeded_and_hides_the_truth():
    def reading(seed):
        robot = MujocoRobot(g1.standing_position(), SimOptions(seed=seed))
        return robot.read(0)

    np.testing.assert_array_equal(reading(1).joint_position, reading(1).joint_position)
    assert not np.array_equal(reading(1).joint_position, reading(2).joint_position)
    error = reading(1).joint_position - g1.standing_position()
    assert 0 < np.std(error) < 1e-3


def test_tilt_bias_and_yaw_drift_show_in_the_attitude():
    noise = SensorNoise(**{**vars(NO_NOISE), "tilt_bias_rad": (0.1, 0.0, 0.0)})
    robot = MujocoRobot(g1.standing_position(), SimOptions(noise=noise))
    expected = [np.cos(0.05), np.sin(0.05), 0, 0]
    np.testing.assert_allclose(robot.read(0).quat_world_imu_wxyz, expected, atol=1e-12)
    noise = SensorNoise(**{**vars(NO_NOISE), "yaw_drift_rad_s": 0.5})
    robot = MujocoRobot(g1.standing_position(), SimOptions(noise=noise))
    robot.write(holding_command())
    for _ in range(50):
        robot.step()
    w, _, _, z = robot.read(0).quat_world_imu_wxyz
    assert 2 * np.arctan2(z, w) == pytest.approx(0.05, abs=5e-3)


def test_a_push_moves_the_robot():
    def speed(pushes):
        robot = make(pushes=pushes)
        robot.write(holding_command())
        for _ in range(50):
            robot.step()
        return robot.data.qvel[0]

    assert speed((Push(0.05, 0.05, (300.0, 0.0, 0.0)),)) > speed(()) + 0.1


def test_a_dropout_repeats_the_last_sample():
    robot = make(dropouts=(Dropout(0.01, 0.02),))
    robot.write(holding_command())
    stamps = []
    for tick in range(25):
        stamps.append(robot.read(tick).stamp_ns)
        robot.step()
    assert stamps == [*range(5), *([4] * 10), *range(15, 25)]


def test_the_gyroscope_has_its_bias():
    noise = SensorNoise(gyro_bias_rad_s=(0.1, -0.2, 0.3), gyro_rad_s=0.0)
    robot = MujocoRobot(g1.standing_position(), SimOptions(noise=noise))
    np.testing.assert_allclose(robot.read(0).gyro_in_imu, [0.1, -0.2, 0.3], atol=1e-12)


def test_nominal_options_leave_the_model_as_it_is():
    plain, robot = MujocoRobot(g1.standing_position()), make(mass_scale=1.0)
    loaded = load_mujoco().MjModel.from_xml_path(str(g1.scene_path()))
    for model in (plain.model, robot.model):
        for name in ("body_mass", "dof_armature", "dof_frictionloss", "dof_damping", "geom_solref"):
            np.testing.assert_array_equal(getattr(model, name), getattr(loaded, name))
        np.testing.assert_array_equal(model.dof_invweight0, loaded.dof_invweight0)


def test_options_change_what_they_name_and_nothing_else():
    nominal, changed = (
        make().model,
        make(
            loads=(Load(3.0), Load(1.0, "right_wrist_yaw_link")),
            armature_scale=3.0,
            joint_friction_nm=1.0,
            joint_damping_nm_s=0.5,
            contact_time_s=0.04,
        ).model,
    )
    more_kg = changed.body_mass - nominal.body_mass
    assert {changed.body(int(k)).name: more_kg[k] for k in np.flatnonzero(more_kg)} == {
        "torso_link": pytest.approx(3.0),
        "right_wrist_yaw_link": pytest.approx(1.0),
    }
    np.testing.assert_allclose(changed.dof_armature, 3.0 * nominal.dof_armature)
    legs_and_all = np.r_[np.zeros(6), np.ones(29)]
    np.testing.assert_allclose(changed.dof_frictionloss - nominal.dof_frictionloss, legs_and_all)
    np.testing.assert_allclose(changed.dof_damping - nominal.dof_damping, 0.5 * legs_and_all)
    soft = np.flatnonzero(changed.geom_solref[:, 0] != nominal.geom_solref[:, 0])
    names = {changed.geom(int(k)).name for k in soft}
    assert {"floor", "left_toe_left", "right_heel_right"} <= names
    np.testing.assert_array_equal(changed.pair_solref, nominal.pair_solref)
    assert changed.geom_solref[soft, 0] == pytest.approx(0.04)


def test_without_control_it_falls_and_says_why():
    robot = make()
    command = _core.types.JointCommand()
    command.damping = np.full(29, 2.0)
    robot.write(command)
    for _ in range(1500):
        robot.step()
        if robot.fall_reason():
            break
    assert "pelvis" in robot.fall_reason() or "tilt" in robot.fall_reason()


def test_a_period_that_is_no_multiple_of_the_step_is_refused():
    with pytest.raises(HardwareError, match="no multiple"):
        make(timestep_s=0.0015)


def test_missing_mujoco_names_the_remedy(monkeypatch):
    monkeypatch.setitem(sys.modules, "mujoco", None)
    with pytest.raises(HardwareError, match=r"pip install 'exoactor_rt\[sim\]'"):
        make()


def test_wrists_are_where_mujoco_has_them():
    posture = np.random.default_rng(0).uniform(-1.0, 1.0, 29)
    robot = MujocoRobot(posture)
    links = ("left_wrist_yaw_link", "right_wrist_yaw_link")
    places = [robot.data.body(link).xpos - robot.data.body("pelvis").xpos for link in links]
    np.testing.assert_allclose(wrist_positions_in_pelvis(posture[None])[0], places, atol=1e-9)


def test_wrists_are_mirrored_in_the_standing_pose():
    left, right = wrist_positions_in_pelvis(g1.standing_position()[None])[0]
    np.testing.assert_allclose(left * [1, -1, 1], right, atol=2e-3)
    assert left[1] > 0.1


@pytest.mark.parametrize("field", ["qpos", "qvel"])
@pytest.mark.parametrize("value", [np.nan, 1e12])
def test_a_diverged_simulation_is_a_fall_and_stays_one(field, value, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    robot = make()
    robot.write(holding_command())
    for _ in range(5):
        robot.step()
    getattr(robot.data, field)[9] = value
    for _ in range(20):
        robot.step()
    assert robot.fall_reason() == "simulation diverged at 0.01 s"
    assert robot.time_s < 0.02, "time went on"
    assert list(tmp_path.iterdir()) == [], "MuJoCo left a file"


def test_bears_its_weight_before_it_is_released():
    robot = make()
    torque = robot.read(0).joint_torque
    np.testing.assert_allclose(torque, g1.standing_torque(g1.standing_position()))
    assert abs(torque[g1.joint_table().index("left_knee_joint")]) > 5.0


def run_by_hand(robot, tick, ring, ticks):
    """What `MujocoRobot.run` does, one call after the other."""
    truths = []
    for index in range(ticks):
        now_ns = 2_000_000 * index
        if index == 5:
            assert tick.arm(now_ns)
        sensors = robot.read(now_ns)
        truths.append(robot.truth())
        command = tick.step(sensors, now_ns, ring)
        if command is not None:
            robot.write(command)
        robot.step()
    return truths


def test_a_run_in_one_call_is_the_run_in_many():
    options = SimOptions(
        seed=3,
        latency_s=0.004,
        dropouts=(Dropout(0.1, 0.006),),
        pushes=(Push(0.15, 0.05, (60.0, -30.0, 0.0)),),
    )
    robots = [MujocoRobot(g1.standing_position(), options) for _ in range(2)]
    ticks = [_core.runtime.ControlTick(str(g1.model_path())) for _ in range(2)]
    rings = [_core.runtime.RecordRing(512) for _ in range(2)]
    count = 200
    truths = run_by_hand(robots[0], ticks[0], rings[0], count)
    _, before = robots[1].run(ticks[1], rings[1], 0, 5)
    assert ticks[1].arm(10_000_000)
    times_s, after = robots[1].run(ticks[1], rings[1], 10_000_000, count - 5)
    rows = Truth.of_rows(np.concatenate([before, after]))
    for name in Truth.__dataclass_fields__:
        by_hand = np.array([getattr(truth, name) for truth in truths])
        np.testing.assert_array_equal(getattr(rows, name), by_hand, err_msg=name)
    here, there = rings[0].drain(), rings[1].drain()
    assert len(here["now_ns"]) == count
    for name in here.keys() - set(TIMING_COLUMNS):
        np.testing.assert_array_equal(here[name], there[name], err_msg=name)
    assert times_s[-1] == pytest.approx(0.39 - 0.01 - 0.002, abs=0.01)


def test_what_is_left_out_where_nobody_looks_changes_no_number(monkeypatch):
    """A fall to the side, with limbs on the floor and on one another."""
    options = SimOptions(pushes=(Push(0.05, 0.1, (0.0, 900.0, 0.0)),))
    states, touched = [], set()
    for shown in (False, True):
        if shown:
            monkeypatch.setattr(model_changes, "_DISABLED", ("mjDSBL_AUTORESET",))
        robot = MujocoRobot(g1.standing_position(), options, shown=shown)
        for _ in range(1000):
            robot.write(holding_command(20.0))
            robot.step()
            pairs = ((contact.geom1, contact.geom2) for contact in robot.data.contact)
            touched |= {tuple(robot.model.geom(one).name for one in pair) for pair in pairs}
        states.append((*robot.data.qpos, *robot.data.qvel))
    assert len(touched) > 25
    assert states[0] == states[1]


def test_a_run_ends_with_the_period_in_which_the_robot_falls():
    robot = MujocoRobot(
        g1.standing_position(), SimOptions(pushes=(Push(0.1, 0.1, (2000.0, 0.0, 0.0)),))
    )
    tick = _core.runtime.ControlTick(str(g1.model_path()))
    ring = _core.runtime.RecordRing(2048)
    robot.run(tick, ring, 0, 5)
    assert tick.arm(10_000_000)
    times_s, _ = robot.run(tick, ring, 10_000_000, 2000)
    assert len(times_s) < 2000
    assert "pelvis" in robot.fall_reason() or "tilt" in robot.fall_reason()
    assert len(ring.drain()["now_ns"]) == len(times_s) + 5
