"""Recovery of the walking figure from perfect and damaged tracks."""

from dataclasses import replace

import numpy as np
import pytest
from walking_figure import Camera, make_camera, perfect_track, walking_figure

from exoactor_rt.errors import MotionError
from exoactor_rt.motion import MotionOptions, Recovery, recover, recover_motion
from exoactor_rt.motion.hands import finger_openness
from exoactor_rt.motion.metrics import MEASURED, contact_f1
from exoactor_rt.types import KEYPOINTS, SEGMENTS, PoseTrack

POINTS, CONTACT = walking_figure(steps=3)
TARGET = np.array([0.5, 0.0, 0.9])
CAMERA = make_camera(1.2, 0.15, 0.1, 5.0, TARGET)
OPTIONS = MotionOptions(focal_px=CAMERA.focal_px)
FRAMES = len(POINTS)


@pytest.fixture(scope="module")
def recovery() -> Recovery:
    return recover(perfect_track(POINTS, CAMERA), OPTIONS)


def without(track: PoseTrack, frames: slice | list[int]) -> PoseTrack:
    """The track with the person lost in some frames."""
    valid, pixel, world = (
        track.valid.copy(),
        track.landmarks_px.copy(),
        track.landmarks_world.copy(),
    )
    visibility = track.visibility.copy()
    valid[frames] = False
    pixel[frames], world[frames], visibility[frames] = np.nan, np.nan, np.nan
    return replace(
        track, valid=valid, landmarks_px=pixel, landmarks_world=world, visibility=visibility
    )


def test_perfect_track_gives_the_figure_back(recovery: Recovery) -> None:
    motion = recovery.motion
    assert motion.keypoints_in_world.shape == (FRAMES, len(KEYPOINTS), 3)
    assert motion.quat_world_segment_wxyz.shape == (FRAMES, len(SEGMENTS), 4)
    up = recovery.rotation_world_camera[2]
    assert np.degrees(np.arccos(up @ CAMERA.rotation_world_camera[2])) < 4.0
    travel = motion.keypoints_in_world[-1, 0] - motion.keypoints_in_world[0, 0]
    true_travel = POINTS[-1, [7, 8]].mean(axis=0) - POINTS[0, [7, 8]].mean(axis=0)
    assert np.linalg.norm(travel[:2]) == pytest.approx(np.linalg.norm(true_travel[:2]), rel=0.03)
    assert contact_f1(motion.contact, CONTACT) > 0.96


def test_world_conventions(recovery: Recovery) -> None:
    motion = recovery.motion
    points = motion.keypoints_in_world
    assert np.allclose(points[0, 0, :2], 0.0, atol=1e-9)
    assert points[:, KEYPOINTS.index("left_toe"), 2].min() >= 0.0
    assert np.median(points[:, KEYPOINTS.index("left_ankle"), 2]) == pytest.approx(0.08, abs=0.03)
    assert np.median(points[:, KEYPOINTS.index("head"), 2]) == pytest.approx(1.62, abs=0.05)
    quaternions = motion.quat_world_segment_wxyz
    assert np.allclose(np.linalg.norm(quaternions, axis=2), 1.0)
    assert ((quaternions[1:] * quaternions[:-1]).sum(axis=2) > 0.9).all()
    assert motion.height_m == 1.75
    assert np.isnan(motion.hand_openness).all()


def test_pelvis_and_feet_face_the_walk(recovery: Recovery) -> None:
    motion = recovery.motion
    walk = motion.keypoints_in_world[-1, 0] - motion.keypoints_in_world[0, 0]
    walk[2] = 0.0
    walk /= np.linalg.norm(walk)
    for segment in ("pelvis", "torso", "left_foot", "right_foot"):
        w, x, y, z = motion.quat_world_segment_wxyz[:, SEGMENTS.index(segment)].T
        forward = np.stack([1 - 2 * (y * y + z * z), 2 * (x * y + z * w), 2 * (x * z - y * w)], 1)
        assert np.median(forward @ walk) > 0.98, segment


def test_bounded_work(recovery: Recovery) -> None:
    assert 2 <= recovery.iterations <= 24


def test_rate_and_start_follow_the_clip() -> None:
    points, _ = walking_figure(steps=1, rate_hz=60.0)
    track = perfect_track(points, CAMERA, 60.0)
    motion = recover_motion(replace(track, times_s=track.times_s + 3.0), OPTIONS)
    assert motion.rate_hz == 30.0
    assert motion.source_start_s == pytest.approx(3.0)
    assert len(motion.contact) == (len(points) - 1) // 2 + 1


def test_short_gap_is_filled_and_noted(recovery: Recovery) -> None:
    motion = recover_motion(without(perfect_track(POINTS, CAMERA), slice(40, 44)), OPTIONS)
    assert len(motion.contact) == FRAMES
    assert "filled 4 frames in gaps up to 0.25 s" in motion.notes
    apart = motion.keypoints_in_world[:, MEASURED] - recovery.motion.keypoints_in_world[:, MEASURED]
    assert np.linalg.norm(apart, axis=2).mean() < 0.03


def test_long_gap_trims_to_the_longest_run() -> None:
    motion = recover_motion(without(perfect_track(POINTS, CAMERA), slice(20, 35)), OPTIONS)
    assert len(motion.contact) == FRAMES - 35
    assert motion.source_start_s == pytest.approx(35 / 30.0)
    assert any(note.startswith(f"kept frames 35 to {FRAMES - 1}") for note in motion.notes)


def test_jump_to_another_person_ends_the_run() -> None:
    track = perfect_track(POINTS, CAMERA)
    pixel = track.landmarks_px.copy()
    pixel[60:] += [350.0, 0.0]
    motion = recover_motion(replace(track, landmarks_px=pixel), OPTIONS)
    assert 50 <= len(motion.contact) <= 61
    assert motion.source_start_s == 0.0


def test_never_a_person() -> None:
    track = without(perfect_track(POINTS, CAMERA), slice(None))
    with pytest.raises(
        MotionError, match=f"longest usable run 0 of {FRAMES} frames.*{FRAMES} with"
    ):
        recover_motion(track, OPTIONS)


def test_feet_out_of_the_picture_are_counted() -> None:
    near = Camera(CAMERA.rotation_world_camera, CAMERA.position_in_world, 6000.0)
    with pytest.raises(MotionError, match=r"\d+ with the feet out of the picture") as caught:
        recover_motion(perfect_track(POINTS, near), OPTIONS)
    assert "\n" not in str(caught.value)


def test_hidden_legs_are_refused() -> None:
    track = perfect_track(POINTS, CAMERA)
    visibility = track.visibility.copy()
    visibility[:, 25:] = 0.1
    with pytest.raises(MotionError, match=f"{FRAMES} with the legs hidden"):
        recover_motion(replace(track, visibility=visibility), OPTIONS)


def test_hidden_arm_is_noted() -> None:
    track = perfect_track(POINTS, CAMERA)
    visibility = track.visibility.copy()
    visibility[:, [13, 15]] = 0.1
    motion = recover_motion(replace(track, visibility=visibility), OPTIONS)
    assert "hardly seen: left elbow, left wrist" in motion.notes


def test_too_short_and_time_not_forward() -> None:
    track = perfect_track(POINTS[:8], CAMERA)
    with pytest.raises(MotionError, match=r"0\.23 s, allowed 0\.5"):
        recover_motion(track, OPTIONS)
    with pytest.raises(MotionError, match="8 frames, 7 steps in time not forward"):
        recover_motion(replace(track, times_s=track.times_s[::-1].copy()), OPTIONS)


@pytest.mark.parametrize(
    "wrong", [{"subject_height_m": 0.1}, {"focal_px": 3.0}, {"rate_hz": 1e4}, {"rate_hz": np.nan}]
)
def test_options_have_bounds(wrong: dict[str, float]) -> None:
    with pytest.raises(MotionError, match=f"{next(iter(wrong))} .*allowed"):
        MotionOptions(**wrong)


def test_finger_openness_of_straight_and_curled_fingers() -> None:
    hand = np.zeros((2, 21, 3))
    for finger in range(4):
        for frame, bend in enumerate((0.0, np.radians(75.0))):
            place, angle = np.array([0.0, 0.0, 0.0]), 0.0
            for joint in range(4):
                angle = bend * joint
                place = place + 0.03 * np.array([np.cos(angle), 0.01 * finger, np.sin(angle)])
                hand[frame, 5 + 4 * finger + joint] = place
    openness = finger_openness(hand)
    assert openness[0] == 1.0
    assert openness[1] == 0.0
