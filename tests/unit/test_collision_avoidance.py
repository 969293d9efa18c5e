"""The controller's collision rows against the retargeter's capsules, which share their table."""

import sys
from pathlib import Path

import numpy as np
import pytest

from exoactor_rt import _core
from exoactor_rt.retarget.robot_geometry import kinematics, self_collision
from exoactor_rt.robots import g1

sys.path.insert(0, str(Path(__file__).parents[1] / "sim"))
from plans import straight_steps, walk_plan

PERIOD_NS = 2_000_000
RATE = 20.0  # 1/s, of the barrier
KEPT_M = 0.01
HORIZON_M = 0.15
ARMS_OUT = {"left_shoulder_roll_joint": 0.9, "right_shoulder_roll_joint": -0.9}


@pytest.fixture(scope="module")
def model():
    return _core.model.RobotModel(str(g1.model_path()))


def posture(**joints):
    made = g1.standing_position().copy()
    for name, angle in joints.items():
        made[g1.joint_table().index(name)] = angle
    return made


def gap_m(joint_position):
    """Smallest gap of all pairs of capsules."""
    return self_collision().smallest_gap_m(
        kinematics(), np.zeros((1, 3)), np.array([[1.0, 0, 0, 0]]), joint_position[None]
    )[0]


def state_at(tick, joint_position, joint_velocity=None):
    state = _core.types.RobotState()
    state.stamp_ns = tick * PERIOD_NS
    state.joint_position = joint_position
    state.base_position_in_world = np.array([0, 0, 0.7431])
    if joint_velocity is not None:
        state.joint_velocity = joint_velocity
    return state


def test_gaps_are_those_of_the_capsules(model):
    table = g1.joint_table()
    low, high = np.asarray(table.lower_rad), np.asarray(table.upper_rad)
    controller = _core.control.WholeBodyController(model)
    rng = np.random.default_rng(1)
    controller.step(state_at(0, posture()), 0)
    for tick in range(1, 200):
        joints = posture() + rng.uniform(0, 0.4) * rng.uniform(low, high)
        joints = np.clip(joints, low, high)
        controller.step(state_at(tick, joints), tick * PERIOD_NS)
        wanted = min(HORIZON_M, gap_m(joints))
        assert controller.telemetry.smallest_gap_m == pytest.approx(wanted, abs=1e-9)
        if tick % 5 == 0:
            controller.reset()


def controller_in_swing(model):
    """A controller whose left foot is in the air, by its own plan, and the tick it is at."""
    controller = _core.control.WholeBodyController(model)
    assert controller.offer_plan(walk_plan(straight_steps(2, 0.0))) == ""
    for tick in range(5000):
        controller.step(state_at(tick, posture(**ARMS_OUT)), tick * PERIOD_NS)
        if not controller.telemetry.contact[0]:
            return controller, tick
    raise AssertionError("the plan takes no step")


@pytest.mark.parametrize(
    ("joints", "speeds"),
    [
        ({"left_hip_roll_joint": -0.25}, {"left_hip_roll_joint": -2.0}),
        ({"left_hip_roll_joint": -0.28}, {"left_hip_roll_joint": -0.3}),
        (
            {"left_hip_roll_joint": -0.4, "left_knee_joint": 1.2, "left_hip_pitch_joint": -0.8},
            {"left_hip_roll_joint": -2.0},
        ),
        ({"left_shoulder_roll_joint": 0.15}, {"left_shoulder_roll_joint": -3.0}),
    ],
)
def test_a_closing_gap_is_braked_by_the_barrier(model, joints, speeds):
    controller, tick = controller_in_swing(model)
    position = posture(**{**ARMS_OUT, **joints})
    velocity = np.zeros(29)
    for name, speed in speeds.items():
        velocity[g1.joint_table().index(name)] = speed
    before = controller.step(state_at(tick, posture(**ARMS_OUT)), tick * PERIOD_NS).velocity
    command = controller.step(state_at(tick + 1, position, velocity), (tick + 1) * PERIOD_NS)
    assert controller.telemetry.status == _core.control.ControlStatus.OK
    acceleration = (command.velocity - 0.99 * before - 0.01 * velocity) / (1e-9 * PERIOD_NS)
    step_s = 1e-4

    def after(time_s):
        return gap_m(position + time_s * velocity + 0.5 * time_s**2 * acceleration)

    gap = after(0.0)
    speed = (after(step_s) - after(-step_s)) / (2 * step_s)
    braking = (after(step_s) - 2 * gap + after(-step_s)) / step_s**2
    room = 2 * RATE * speed + RATE**2 * (gap - KEPT_M)
    assert room < 0, "nothing has to be braked here"
    assert braking + room >= -0.5
