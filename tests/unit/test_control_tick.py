"""The tick on hand-made samples: arming, implausible samples, plans, who may call."""

import numpy as np
import pytest
from standing import standing_plan

from exoactor_rt import _core
from exoactor_rt.robots import g1

State = _core.safety.GuardState
Cause = _core.safety.TripCause
LIMITS = _core.safety.GuardLimits()
TICK_NS = 2_000_000
POSTURE = g1.standing_position()
TORQUE = g1.standing_torque(POSTURE)


def sample(now_ns, **fields):
    """A robot at rest on both feet."""
    state = _core.types.SensorState()
    state.stamp_ns = now_ns
    state.joint_position = POSTURE
    state.joint_torque = TORQUE
    state.accel_in_imu = np.array([0.0, 0.0, 9.81 + 1e-12 * now_ns])
    for name, value in fields.items():
        setattr(state, name, value)
    return state


class Rig:
    """A tick and its records."""

    def __init__(self):
        self.tick = _core.runtime.ControlTick(str(g1.model_path()))
        self.ring = _core.runtime.RecordRing(2000)
        self.now_ns = 0

    def step(self, **fields):
        self.now_ns += TICK_NS
        return self.tick.step(sample(self.now_ns, **fields), self.now_ns, self.ring)

    def arm(self):
        for _ in range(5):
            self.step()
        assert self.tick.arm(self.now_ns), self.tick.arm_refusal
        return self


def one_joint(base, joint, value):
    array = np.array(base)
    array[joint] = value
    return array


def test_standing_torque_carries_the_weight():
    """The estimator finds the robot's whole weight on its feet, shared equally."""
    model = _core.model.RobotModel(str(g1.model_path()))
    state = _core.estimation.StateEstimator(model).update(sample(0), (True, True), 0)
    left, right = (force[2] for force in state.foot_force_in_world)
    assert left + right == pytest.approx(9.81 * model.mass_kg, rel=0.02)
    assert left == pytest.approx(right, rel=0.05)


def test_a_robot_on_its_feet_is_armed():
    rig = Rig().arm()
    assert rig.tick.arm_refusal == ""
    assert rig.step() is not None


def test_a_hanging_robot_is_not_armed():
    rig = Rig()
    for _ in range(5):
        rig.step(joint_torque=np.zeros(29))
    assert not rig.tick.arm(rig.now_ns)
    assert "weight" in rig.tick.arm_refusal and rig.tick.arm_refusal.endswith("not armed")
    assert rig.step(joint_torque=np.zeros(29)) is None


@pytest.mark.parametrize(
    ("joints", "words"),
    [
        ({"left_knee_joint": 1.0, "left_hip_pitch_joint": -0.5}, "different heights"),
        ({"left_ankle_pitch_joint": -0.6}, "sole tilted"),
    ],
)
def test_feet_that_do_not_stand_level_are_not_armed(joints, words):
    posture = POSTURE.copy()
    for name, angle in joints.items():
        posture[g1.joint_table().index(name)] = angle
    if "left_knee_joint" in joints:
        posture[g1.joint_table().index("left_ankle_pitch_joint")] = -0.5
    rig = Rig()
    for _ in range(5):
        rig.step(joint_position=posture, joint_torque=g1.standing_torque(posture))
    assert not rig.tick.arm(rig.now_ns)
    assert words in rig.tick.arm_refusal


@pytest.mark.parametrize(
    "fields",
    [
        {"joint_velocity": one_joint(np.zeros(29), 3, -1e6)},
        {"joint_velocity": one_joint(np.zeros(29), 3, 61.0)},
        {"joint_position": one_joint(POSTURE, 18, 1e6)},
        {"joint_torque": one_joint(TORQUE, 3, -1e9)},
        {"gyro_in_imu": np.array([0.0, 1e5, 0.0])},
        {"accel_in_imu": np.array([0.0, 1e8, 0.0])},
    ],
)
def test_one_implausible_sample_is_ridden_out(fields):
    """Neither estimator nor controller sees it, and the last wanted command is repeated."""
    rig = Rig().arm()
    for _ in range(20):
        rig.step()
    rig.step(**fields)
    for _ in range(50):
        rig.step()
    assert rig.tick.guard_status.state == State.HOLD, str(rig.tick.guard_status.trip)
    columns = rig.ring.drain()
    bad = 25
    assert columns["wanted_position"][bad].any()
    for name in ("wanted_position", "wanted_torque"):
        np.testing.assert_array_equal(columns[name][bad], columns[name][bad - 1])
    for name in ("base_position_in_world", "base_linear_velocity_in_world"):
        assert np.abs(np.diff(columns[name][4:], axis=0)).max() < 0.01


def test_implausible_samples_that_last_end_in_damping():
    rig = Rig().arm()
    for _ in range(LIMITS.debounce_ticks):
        rig.step(joint_velocity=one_joint(np.zeros(29), 3, 1e6))
    assert rig.tick.guard_status.trip.cause == Cause.JOINT_SPEED
    rig = Rig().arm()
    for _ in range(30):
        rig.step(accel_in_imu=np.array([0.0, 1e8, 0.0]))
    assert rig.tick.guard_status.trip.cause == Cause.COMMAND_AGE


def test_an_implausible_sample_before_arming_does_no_harm():
    rig = Rig()
    rig.step(joint_velocity=one_joint(np.zeros(29), 3, 1e6))
    assert not rig.tick.arm(rig.now_ns)
    assert "healthy" in rig.tick.arm_refusal
    rig.arm()
    for _ in range(20):
        rig.step()
    assert rig.tick.guard_status.state == State.HOLD


def test_a_plan_is_refused_unless_active():
    rig = Rig()
    assert "guard is silent" in rig.tick.offer_plan(standing_plan(0.1))
    rig.arm()
    assert rig.tick.offer_plan(standing_plan(0.1)) == ""
    rig.tick.damp(rig.now_ns)
    assert "guard is damping" in rig.tick.offer_plan(standing_plan(0.1))


def test_ended_plans_are_counted():
    rig = Rig().arm()
    assert not rig.tick.plans_done
    for _ in range(2):
        assert rig.tick.offer_plan(standing_plan(0.1)) == ""
        assert not rig.tick.plans_done, "done before it began"
        for _ in range(40):
            rig.step()
            assert not rig.tick.plans_done
        for _ in range(20):
            rig.step()
        assert rig.tick.plans_done
    rig.tick.reset(rig.now_ns)
    rig.tick.reset(rig.now_ns)
    assert not rig.tick.plans_done


def test_a_plan_of_many_short_phases_takes_one_a_tick():
    plan = standing_plan(0.001)
    plan.phases = plan.phases * 500
    rig = Rig().arm()
    assert rig.tick.offer_plan(plan) == ""
    for _ in range(400):
        rig.step()
    indices = rig.ring.drain()["phase_index"]
    assert np.diff(indices[5:]).max() <= 1
    assert indices[-1] > 300


def test_reset_while_active_is_a_stop():
    rig = Rig().arm()
    rig.tick.reset(rig.now_ns)
    command = rig.step()
    np.testing.assert_array_equal(command.damping, LIMITS.damping_command)
    assert rig.tick.guard_status.trip.cause == Cause.REQUESTED


def test_a_full_ring_never_hides_the_command():
    rig = Rig().arm()
    rig.ring = _core.runtime.RecordRing(1)
    for _ in range(3):
        assert rig.step() is not None
    assert rig.ring.dropped == 2


@pytest.mark.parametrize("capacity", [0, 1_000_001, 2**64 - 1])
def test_rings_of_absurd_size_are_refused(capacity):
    with pytest.raises(ValueError, match="record ring: capacity"):
        _core.runtime.RecordRing(capacity)
