"""The retargeter on a synthetic person: contacts, limits, headings, mirrors, refusals."""

import dataclasses
import threading
import time

import numpy as np
import pytest
from walking_person import mirrored, walking_person

from exoactor_rt.errors import RetargetError
from exoactor_rt.retarget import (
    RetargetOptions,
    kinematics,
    retarget_motion,
    retarget_with_report,
)
from exoactor_rt.retarget.metrics import measure_reference, sole_corners
from exoactor_rt.robots.g1 import joint_table
from exoactor_rt.types import KEYPOINTS, HumanMotion


@pytest.fixture(scope="module")
def person() -> HumanMotion:
    return walking_person()


def test_reference_has_the_motions_frames_and_labels(person):
    reference = retarget_motion(person)
    assert reference.joint_position.shape == (90, 29)
    assert reference.rate_hz == person.rate_hz
    np.testing.assert_array_equal(reference.contact, person.contact)
    np.testing.assert_array_equal(reference.hand_openness, person.hand_openness)
    norm = np.linalg.norm(reference.quat_world_root_wxyz, axis=1)
    np.testing.assert_allclose(norm, 1, atol=1e-9)


def test_quality_of_a_walk(person):
    metrics = measure_reference(retarget_motion(person), person)
    assert metrics.skate_mean_m_s <= 0.02
    assert metrics.penetration_worst_cm <= 0.6
    assert metrics.scuff_percent <= 2.0
    assert metrics.self_collision_percent <= 1.0
    assert metrics.root_error_deg <= 7.0
    assert metrics.torso_error_deg <= 6.0
    assert metrics.limit_percent == 0.0


def test_feet_in_contact_stand_still(person):
    reference = retarget_motion(person)
    poses = kinematics().forward(
        reference.root_position_in_world,
        reference.quat_world_root_wxyz,
        reference.joint_position,
    )
    corners = sole_corners(*poses)
    for side in range(2):
        frames = np.flatnonzero(person.contact[:, side])
        for run in np.split(frames, np.flatnonzero(np.diff(frames) > 1) + 1):
            travel = np.ptp(corners[run, side, :, :2], axis=0)
            assert travel.max() < 0.01


def test_swing_foot_is_lifted_over_a_dragging_person(person):
    dragging = person.keypoints_in_world.copy()
    for side in ("left", "right"):
        ankle = KEYPOINTS.index(f"{side}_ankle")
        dragging[:, ankle, 2] = 0.09
    motion = dataclasses.replace(person, keypoints_in_world=dragging)
    lifted = measure_reference(retarget_motion(motion))
    dragged = measure_reference(retarget_motion(motion, RetargetOptions(swing_clearance_m=0.0)))
    assert lifted.scuff_percent < 3.0
    assert dragged.scuff_percent > 10.0


def test_mirrored_motion_gives_mirrored_joints(person):
    reference = retarget_motion(person)
    mirror = retarget_motion(mirrored(person))
    names = joint_table().names
    swapped = [
        names.index(name.replace("left", "#").replace("right", "left").replace("#", "right"))
        for name in names
    ]
    sign = np.array([-1.0 if "roll" in name or "yaw" in name else 1.0 for name in names])
    difference = np.abs(reference.joint_position - sign * mirror.joint_position[:, swapped])
    assert np.percentile(difference, 99) < 0.01


@pytest.mark.parametrize("heading_deg", [37, 90, 135, 170, 180, 190, 270, 359])
def test_any_initial_heading_gives_the_same_motion_turned(person, heading_deg):
    turned = retarget_motion(walking_person(heading_rad=np.radians(heading_deg)))
    straight = retarget_motion(person)
    difference = np.abs(turned.joint_position - straight.joint_position)
    assert np.percentile(difference, 99) < 0.01
    w, _, _, z = turned.quat_world_root_wxyz[0]
    w0, _, _, z0 = straight.quat_world_root_wxyz[0]
    turn = np.degrees(2 * (np.arctan2(z, w) - np.arctan2(z0, w0)))
    assert abs((turn - heading_deg + 180) % 360 - 180) < 0.5


def test_a_child_moves_the_robot_as_an_adult_does(person):
    child = dataclasses.replace(person, keypoints_in_world=0.6 * person.keypoints_in_world)
    difference = np.abs(
        retarget_motion(child).joint_position - retarget_motion(person).joint_position
    )
    assert np.percentile(difference, 99) < 0.01


def test_report_names_time_and_clamped_joints(person):
    _, report = retarget_with_report(person)
    assert report.time_s.shape == (90,)
    assert (report.iterations >= 1).all()
    assert report.at_limit.shape == (90, 29)
    assert "median_us=" in report.summary()


def test_wrong_hand_attitude_does_not_move_arm_or_trunk(person):
    flipped = person.quat_world_segment_wxyz.copy()
    flipped[45:, 4] = np.stack(
        [-flipped[45:, 4, 1], flipped[45:, 4, 0], flipped[45:, 4, 3], -flipped[45:, 4, 2]], axis=1
    )
    motion = dataclasses.replace(person, quat_world_segment_wxyz=flipped)
    difference = np.abs(
        retarget_motion(motion).joint_position - retarget_motion(person).joint_position
    )
    wrist = [i for i, name in enumerate(joint_table().names) if name.startswith("left_wrist")]
    assert difference[:, wrist].max() > 0.5
    assert np.percentile(np.delete(difference, wrist, axis=1), 99) < 0.05


def test_other_threads_run_while_retargeting(person):
    long = dataclasses.replace(
        person,
        keypoints_in_world=np.tile(person.keypoints_in_world, (40, 1, 1)),
        quat_world_segment_wxyz=np.tile(person.quat_world_segment_wxyz, (40, 1, 1)),
        contact=np.tile(person.contact, (40, 1)),
        hand_openness=np.tile(person.hand_openness, (40, 1)),
    )
    finished = threading.Event()
    beats: list[float] = []

    def beat() -> None:
        while not finished.is_set():
            beats.append(time.monotonic())
            time.sleep(0.001)

    thread = threading.Thread(target=beat)
    thread.start()
    begin = time.monotonic()
    retarget_motion(long)
    end = time.monotonic()
    finished.set()
    thread.join()
    middle = [moment for moment in beats if begin + 0.2 * (end - begin) < moment < end]
    assert len(middle) >= 5


def test_unknown_option_is_refused():
    with pytest.raises(TypeError, match="no field speed"):
        RetargetOptions(speed=3)


def broken(person: HumanMotion, **changes: object) -> HumanMotion:
    return dataclasses.replace(person, **changes)


def test_unusable_motions_are_refused_in_one_line(person):
    points = person.keypoints_in_world.copy()
    points[3, 2, 1] = np.nan
    cases = {
        "frame 3: keypoints_in_world is not finite": broken(person, keypoints_in_world=points),
        "no frames": broken(person, keypoints_in_world=np.zeros((0, 18, 3))),
        "contact has shape": broken(person, contact=person.contact[:-1]),
        "hip to knee is 0.0": broken(person, keypoints_in_world=0.01 * person.keypoints_in_world),
        "rate 0.0 Hz": broken(person, rate_hz=0.0),
        "has norm 2.000, expected 1": broken(
            person, quat_world_segment_wxyz=2 * person.quat_world_segment_wxyz
        ),
    }
    for message, motion in cases.items():
        with pytest.raises(RetargetError) as caught:
            retarget_motion(motion)
        assert message in str(caught.value)
        assert "\n" not in str(caught.value)
