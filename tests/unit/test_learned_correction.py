"""What a tracker learns from rehearsals: bounded, without lag, and shown to the policy only."""

from dataclasses import replace

import numpy as np
import pytest
from policy_files import simple_bundle, write_network
from synthetic_run import make_execution, make_reference
from test_tracker_loops import Standing, at

from exoactor_rt.errors import PolicyError
from exoactor_rt.robots import g1
from exoactor_rt.robots.g1 import joint_table
from exoactor_rt.tracker import (
    LearnedCorrection,
    Policy,
    learn_correction,
    parse_tracking,
    prepare_tracking,
    save_tracking,
)
from exoactor_rt.tracker.learned_correction import GAIN, bounds_rad
from exoactor_rt.tracker.posture_loop import UPPER_BOUND_RAD

REFERENCE = make_reference()
FRAMES = len(REFERENCE.joint_position)
WAIST = joint_table().index("waist_yaw_joint")
ELBOW = joint_table().index("left_elbow_joint")
UPPER = slice(WAIST, None)


def rehearsed(missed_rad, reference=REFERENCE):
    """An execution whose joints are `missed_rad` short of the reference: a number, or [T, 29]."""
    made = make_execution(reference)
    frames = np.round(made.reference_time_s * reference.rate_hz).astype(int)
    missed = np.broadcast_to(missed_rad, reference.joint_position.shape)
    return replace(made, joint_position=(reference.joint_position - missed)[frames])


OFFSET = LearnedCorrection(np.full((FRAMES, 29), 0.1) * (bounds_rad() > 0.0))


def moving():
    """A robot too fast for the posture loop."""
    state = at(0.0)
    state.base_linear_velocity_in_world = np.array([1.0, 0.0, 0.0])
    return state


def test_half_of_what_was_missed_is_added_each_time_up_to_the_bounds():
    first = learn_correction(REFERENCE, [rehearsed(0.1), rehearsed(0.2)])
    np.testing.assert_allclose(first.joint_offset[:, UPPER], GAIN * 0.15, atol=1e-9)
    second = learn_correction(REFERENCE, [rehearsed(0.04)], first)
    np.testing.assert_allclose(second.joint_offset[:, UPPER], GAIN * 0.19, atol=1e-9)
    far = learn_correction(REFERENCE, [rehearsed(-2.0)]).joint_offset
    np.testing.assert_allclose(far[:, ELBOW], -UPPER_BOUND_RAD)
    np.testing.assert_array_equal(far[:, :WAIST], 0.0)


def test_a_motion_is_corrected_when_it_is_missed_not_later():
    times_s = np.arange(FRAMES) / REFERENCE.rate_hz
    slow = np.tile(0.1 * np.sin(np.pi * times_s)[:, None], 29)
    learned = learn_correction(REFERENCE, [rehearsed(slow)]).joint_offset[:, ELBOW]
    inside = slice(8, -8)
    np.testing.assert_allclose(learned[inside], GAIN * slow[inside, ELBOW], atol=0.003)
    assert abs(int(learned.argmax()) - int(slow[:, ELBOW].argmax())) <= 1


def test_what_no_policy_follows_is_not_learned():
    shaken = np.tile(0.1 * (-1.0) ** np.arange(FRAMES)[:, None], 29)
    learned = learn_correction(REFERENCE, [rehearsed(shaken)]).joint_offset
    assert np.abs(learned[8:-8]).max() < 0.005


def test_only_what_was_followed_fully_is_learned_from():
    missed = rehearsed(0.1)
    blend = np.ones(len(missed.times_s))
    joints = missed.joint_position.copy()
    for led_in_or_out in (slice(0, 100), slice(-100, None)):
        blend[led_in_or_out] = 0.5
        joints[led_in_or_out] += 9.0
    learned = learn_correction(REFERENCE, [replace(missed, blend=blend, joint_position=joints)])
    np.testing.assert_allclose(learned.joint_offset[:, ELBOW], GAIN * 0.1, atol=1e-9)


@pytest.fixture
def tracked():
    """A tracking with a correction, and what its policy is shown and the tick is told, a step."""
    tracking = prepare_tracking(Standing(), REFERENCE, OFFSET)
    tracking.start(at(0.0))
    targets = [tracking.step(moving(), True) for _ in range(len(tracking.motion.track))]
    return tracking, tracking.policy.shown, targets


def test_the_policy_is_shown_the_correction_and_all_else_the_reference(tracked):
    tracking, shown, targets = tracked
    joints = np.array([window.joint_position[0] for window in shown])
    asked = np.array([target.reference_position for target in targets])
    full = np.array([target.blend == 1.0 for target in targets])
    plain = prepare_tracking(Standing(), REFERENCE).motion.track.frames
    np.testing.assert_array_equal(asked, plain.joint_position)
    added = (joints[:-1] - asked[1:])[full[1:]]
    np.testing.assert_allclose(added, np.tile(OFFSET.joint_offset[0], (len(added), 1)))
    np.testing.assert_allclose(joints[0], asked[0])
    np.testing.assert_allclose(joints[-1], asked[-1])
    velocities = np.array([window.joint_velocity[0] for window in shown])
    np.testing.assert_allclose(velocities[:-1], np.gradient(joints, axis=0)[:-1] * 50.0, atol=0.2)
    places = np.array([window.root_position_in_world[0] for window in shown])
    np.testing.assert_allclose(places[:-1], plain.root_position_in_world[1:])
    assert tracking.correction is OFFSET


def test_a_stop_leads_out_of_the_corrected_motion_too():
    tracking = prepare_tracking(Standing(), REFERENCE, OFFSET)
    tracking.start(at(0.0))
    for _ in range(tracking.motion.lead_steps + 20):
        tracking.step(moving(), True)
    tracking.end_early()
    while not tracking.step(moving(), True).ended:
        pass
    joints = np.array([window.joint_position[0] for window in tracking.policy.shown])
    np.testing.assert_allclose(joints[-1], g1.standing_position(), atol=1e-3)
    assert np.abs(np.diff(joints, axis=0)).max() < 0.1


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (np.full((FRAMES, 29), np.nan), "left_hip_pitch_joint nan rad"),
        (np.full((FRAMES, 29), 0.1), r"frame 0: left_hip_pitch_joint 0\.1 rad, allowed \+- 0;"),
        (5.0 * OFFSET.joint_offset, r"frame 0: waist_yaw_joint 0\.5 rad, allowed \+- 0\.35;"),
        (np.zeros((FRAMES - 1, 29)), "shape"),
        (np.zeros(29), "shape"),
    ],
)
def test_a_correction_that_does_not_fit_is_refused(changed, told):
    with pytest.raises(PolicyError, match=told):
        prepare_tracking(Standing(), REFERENCE, LearnedCorrection(changed))


def test_the_file_carries_it_and_a_changed_one_is_refused(tmp_path):
    network = write_network(tmp_path / "policy.onnx", 29)
    policy = Policy(simple_bundle(network), network)
    rng = np.random.default_rng(3)
    correction = LearnedCorrection(bounds_rad() * rng.uniform(-1, 1, (FRAMES, 29)))
    path = save_tracking(REFERENCE, policy, tmp_path / "tracking.npz", correction)
    read = parse_tracking(path.read_bytes(), "a", policy)
    assert read.correction is not None
    np.testing.assert_array_equal(read.correction.joint_offset, correction.joint_offset)
    plain = save_tracking(REFERENCE, policy, tmp_path / "plain.npz").read_bytes()
    assert parse_tracking(plain, "a", policy).correction is None
    large = LearnedCorrection(3.0 * correction.joint_offset)
    content = save_tracking(REFERENCE, policy, tmp_path / "large.npz", large).read_bytes()
    with pytest.raises(PolicyError, match="allowed"):
        parse_tracking(content, "a", policy)
    words = LearnedCorrection(np.full((FRAMES, 29), "left"))
    content = save_tracking(REFERENCE, policy, tmp_path / "words.npz", words).read_bytes()
    with pytest.raises(PolicyError, match="not read"):
        parse_tracking(content, "a", policy)


def test_its_size_is_told():
    one = np.zeros((FRAMES, 29))
    one[4, ELBOW] = -0.25
    assert "at most 0.25 rad at left_elbow_joint" in str(LearnedCorrection(one))
