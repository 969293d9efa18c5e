"""Posture and place kept around a policy: the posture loop and the steps at the end."""

from dataclasses import replace

import numpy as np
import pytest
from synthetic_run import make_reference

from exoactor_rt._core.types import JointCommand, RobotState
from exoactor_rt.robots import g1
from exoactor_rt.robots.g1 import joint_table
from exoactor_rt.tracker import Tracking
from exoactor_rt.tracker.homing import MAX_ROUNDS, NEAR_M, STEP_S, steps_on_the_spot
from exoactor_rt.tracker.posture_loop import (
    LEG_BOUND_RAD,
    LEG_JOINTS_RAD_S,
    ROOT_M_S,
    UPPER_BOUND_RAD,
    PostureLoop,
)
from exoactor_rt.tracker.tracked_motion import lead_in_and_out, standing_height_m

RATE_HZ = 50.0
POSTURE = g1.standing_position()
KNEE = joint_table().index("left_knee_joint")
ELBOW = joint_table().index("left_elbow_joint")


@pytest.fixture(scope="module")
def motion():
    return lead_in_and_out(make_reference(), RATE_HZ, POSTURE)


def present(motion, root_m_s=0.0, leg_rad_s=0.0):
    window = motion.track.window(0)
    velocity = np.zeros((1, 29))
    velocity[0, KNEE] = leg_rad_s
    linear = np.array([[root_m_s, 0.0, 0.0]])
    return replace(window, linear_velocity_in_root=linear, joint_velocity=velocity)


def off(window, robot_m_s=0.0):
    """A robot whose joints are 0.1 rad short of the reference."""
    state = RobotState()
    state.joint_position = window.joint_position[0] - 0.1
    state.base_linear_velocity_in_world = np.array([0.0, robot_m_s, 0.0])
    return state


def lasting_error(window, robot_m_s=0.0, steps=1000):
    loop = PostureLoop(RATE_HZ)
    for _ in range(steps):
        added = loop.update(window, off(window, robot_m_s))
    return added


def test_a_lasting_error_of_a_standing_robot_is_added_within_bounds(motion):
    added = lasting_error(present(motion))
    assert added[ELBOW] == pytest.approx(UPPER_BOUND_RAD)
    assert added[KNEE] == pytest.approx(LEG_BOUND_RAD)
    soon = lasting_error(present(motion), steps=5)
    assert 0.0 < soon[KNEE] < soon[ELBOW] < 0.01


def test_legs_that_step_are_left_alone_and_arms_are_not(motion):
    added = lasting_error(present(motion, leg_rad_s=LEG_JOINTS_RAD_S))
    np.testing.assert_array_equal(added[:12], np.zeros(12))
    assert added[ELBOW] > 0.1


def test_a_fast_reference_or_robot_is_left_alone(motion):
    for added in (
        lasting_error(present(motion, root_m_s=ROOT_M_S)),
        lasting_error(present(motion), robot_m_s=ROOT_M_S),
    ):
        np.testing.assert_array_equal(added, np.zeros(29))


def test_a_correction_fades_once_the_reference_moves(motion):
    loop = PostureLoop(RATE_HZ)
    for window, steps in ((present(motion), 200), (present(motion, root_m_s=1.0), 200)):
        for _ in range(steps):
            added = loop.update(window, off(window))
    assert np.abs(added).max() < 0.01


def test_steps_on_the_spot_lift_one_level_foot_after_the_other():
    place = np.array([1.0, 2.0, standing_height_m(POSTURE)])
    track = steps_on_the_spot(POSTURE, place, 0.3, RATE_HZ)
    assert len(track) == 2 * STEP_S * RATE_HZ
    joints = track.frames.joint_position
    np.testing.assert_allclose(joints[-1], POSTURE)
    np.testing.assert_allclose(joints[len(track) // 2 - 1], POSTURE)
    lifted = joints[round(STEP_S * RATE_HZ / 2)] - POSTURE
    assert lifted[KNEE] > 0.8
    np.testing.assert_allclose(lifted[6:], 0.0)
    assert lifted[:6].sum() == pytest.approx(0.0)
    np.testing.assert_allclose(track.frames.linear_velocity_in_root, 0.0, atol=1e-12)


class Bundle:
    """What a tracking asks of a bundle."""

    rate_hz = RATE_HZ
    observes_heading = False

    def __init__(self, observes_position=False):
        self.observes_position = observes_position
        self.reference = type("Needs", (), {"lookahead_steps": (1,)})


class Standing:
    """A policy that stands, whatever it is shown; keeps what it was shown."""

    def __init__(self, **bundle):
        self.bundle = Bundle(**bundle)
        self.shown = []

    def reset(self):
        self.shown = []

    def step(self, state, window):
        self.shown.append(window)
        return JointCommand()


def at(x_m):
    state = RobotState()
    state.base_position_in_world = np.array([x_m, 0.0, 0.7])
    state.joint_position = POSTURE
    return state


def steps_until_ended(motion, off_m, limit=3000, **bundle):
    """Policy steps beyond the motion, of a robot that stays `off_m` from where it ends."""
    tracking = Tracking(Standing(**bundle), motion)
    tracking.start(at(0.0))
    end = motion.track.window(len(motion.track)).root_position_in_world[0]
    state = at(0.0)
    state.base_position_in_world = end + np.array([off_m, 0.0, 0.0])
    state.quat_world_base_wxyz = heading_of(motion)
    for count in range(limit):
        if tracking.step(state, True).ended:
            return count - (len(motion.track) - 1), tracking
    raise AssertionError("never ended")


def heading_of(motion):
    rotation = motion.track.window(len(motion.track)).rotation_world_root[0]
    half = 0.5 * np.arctan2(rotation[1, 0], rotation[0, 0])
    return np.array([np.cos(half), 0.0, 0.0, np.sin(half)])


def test_a_robot_at_its_place_steps_no_more(motion):
    assert steps_until_ended(motion, 0.5 * NEAR_M)[0] == 0


def test_a_robot_far_off_steps_until_it_may_not_and_then_ends_for_good(motion):
    beyond, tracking = steps_until_ended(motion, 5.0 * NEAR_M)
    assert beyond == pytest.approx(MAX_ROUNDS * 2 * STEP_S * RATE_HZ, abs=1)
    assert tracking.step(at(9.0), True).ended
    knees = [window.joint_position[0, KNEE] for window in tracking.policy.shown]
    assert max(knees[-100:]) > POSTURE[KNEE] + 0.5


def test_a_policy_that_sees_its_place_is_not_led(motion):
    assert steps_until_ended(motion, 1.0, observes_position=True)[0] == 0


def test_a_stop_is_not_delayed_by_steps(motion):
    tracking = Tracking(Standing(), motion)
    tracking.start(at(0.0))
    for _ in range(motion.lead_steps + 5):
        tracking.step(at(3.0), True)
    tracking.end_early()
    shown = 0
    while not tracking.step(at(3.0), True).ended:
        shown += 1
        assert shown < 1.2 * RATE_HZ
