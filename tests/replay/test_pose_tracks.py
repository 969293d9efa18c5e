"""The pose pipeline with its real networks on the shared videos."""

from collections.abc import Callable
from dataclasses import dataclass

import av
import cv2
import numpy as np
import pytest

from exoactor_rt.errors import PerceptionError
from exoactor_rt.perception import estimate_poses, load_models

BODY_JOINTS = {
    11: "LeftArm",
    12: "RightArm",
    13: "LeftForeArm",
    14: "RightForeArm",
    15: "LeftHand",
    16: "RightHand",
    23: "LeftUpLeg",
    24: "RightUpLeg",
    25: "LeftLeg",
    26: "RightLeg",
    27: "LeftFoot",
    28: "RightFoot",
}
KNUCKLES = {5: "Index1", 9: "Middle1", 13: "Ring1", 17: "Pinky1"}


@dataclass(frozen=True)
class Picture:
    index: int
    time_s: float
    rgb: np.ndarray


def read(path, stop=None):
    pictures = []
    with av.open(str(path)) as container:
        for index, frame in enumerate(container.decode(video=0)):
            if index == stop:
                break
            pictures.append(Picture(index, float(frame.time), frame.to_ndarray(format="rgb24")))
    return pictures


def track(pictures, models):
    height, width = pictures[0].rgb.shape[:2]
    return estimate_poses(pictures, (width, height), models=models)


def composed(pictures, compose: Callable[[np.ndarray, int], np.ndarray]):
    return [Picture(p.index, p.time_s, compose(p.rgb, p.index)) for p in pictures]


@pytest.fixture(scope="module")
def models(pulled_models):
    return load_models()


@pytest.fixture(scope="module")
def videos(shared_data):
    return shared_data / "videos"


@pytest.fixture(scope="module")
def synth_truth(videos):
    """Joint name -> [T, 2] px in the image, from the exact 3D joints and the camera."""
    truth = np.load(videos / "synth_walk_truth.npz")
    in_camera = (truth["joints_world"].astype(np.float64) - truth["camera_position_world"]) @ truth[
        "R_camera_world"
    ].T
    projected = in_camera @ truth["K"].T
    pixels = projected[..., :2] / projected[..., 2:]
    names = [str(name).split(":")[-1] for name in truth["joint_names"]]
    return {name: pixels[:, index] for index, name in enumerate(names)}


@pytest.fixture(scope="module")
def synth_track(videos, observed_track):
    return observed_track(videos / "synth_walk.mp4")


def test_the_rendered_walk_is_tracked_close_to_its_truth(synth_track, synth_truth):
    assert synth_track.valid.all()
    assert len(synth_track.valid) == 168
    errors = np.stack(
        [
            np.linalg.norm(synth_track.landmarks_px[:, i] - synth_truth[name], axis=1)
            for i, name in BODY_JOINTS.items()
        ]
    )
    assert np.median(errors) < 6.0
    assert np.mean(errors) < 7.0
    assert np.median(errors, axis=1).max() < 12.0


@pytest.mark.parametrize(("side", "name"), [(0, "Left"), (1, "Right")])
def test_the_rendered_walks_hands_are_on_the_right_arm(synth_track, synth_truth, side, name):
    errors = np.stack(
        [
            np.linalg.norm(
                synth_track.hand_px[:, side, i] - synth_truth[f"{name}Hand{knuckle}"], axis=1
            )
            for i, knuckle in KNUCKLES.items()
        ]
    ).mean(axis=0)
    found = np.isfinite(errors)
    assert found.mean() > 0.6
    assert np.median(errors[found]) < 4.0
    assert (errors[found] > 15.0).mean() < 0.05


def test_hands_are_near_their_wrists_or_not_reported(synth_track):
    wrists = synth_track.landmarks_px[:, 15:17]
    elbows = synth_track.landmarks_px[:, 13:15]
    off = np.linalg.norm(synth_track.hand_px[:, :, 0] - wrists, axis=2)
    reach = np.maximum(np.linalg.norm(wrists - elbows, axis=2), synth_track.roi[:, 2:3] / 10)
    assert np.nanmax(off / reach) <= 0.5 + 1e-9
    assert (np.isfinite(off) == (synth_track.hand_score > 0)).all()


def assert_followed_in_every_frame(pictures, models):
    seen = track(pictures, models)
    assert seen.valid.all()
    assert seen.score.min() > 0.9
    hips = seen.landmarks_px[:, 23:25].mean(axis=1)
    # One person: the hips never jump.
    moved = np.linalg.norm(np.diff(hips, axis=0), axis=1) / seen.roi[1:, 2]
    assert (moved < 0.1 + 2.0 * np.diff(seen.times_s)).all()
    assert np.isfinite(seen.hand_px[:, :, 0, 0]).any(axis=1).mean() > 0.4


@pytest.mark.parametrize("name", ["mmhuman3d_single", "p2s_single_cam01", "p2s_single_cam03"])
def test_real_people_are_followed_in_every_frame(videos, models, name):
    assert_followed_in_every_frame(read(videos / f"{name}.mp4", stop=25), models)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "count"),
    [("mmhuman3d_single", 40), ("p2s_single_cam01", 100), ("p2s_single_cam03", 100)],
)
def test_real_people_are_followed_to_the_end(videos, models, name, count):
    pictures = read(videos / f"{name}.mp4")
    assert len(pictures) == count
    assert_followed_in_every_frame(pictures, models)


def test_two_runs_give_the_same_track(videos, models):
    pictures = read(videos / "synth_walk.mp4", stop=12)
    one, two = track(pictures, models), track(pictures, load_models())
    for name in ("landmarks_px", "landmarks_world", "visibility", "score", "roi", "hand_px"):
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))


def test_a_person_of_a_fifth_of_the_image_is_found_in_the_first_frame(videos, models):
    pictures = read(videos / "mmhuman3d_single.mp4", stop=6)

    def far_away(rgb, index):
        small = cv2.resize(rgb, None, fx=0.385, fy=0.385, interpolation=cv2.INTER_AREA)
        wide = np.full((rgb.shape[0], rgb.shape[0] * 16 // 9, 3), 120, np.uint8)
        wide[900 : 900 + small.shape[0], 1500 : 1500 + small.shape[1]] = small
        return wide

    seen = track(composed(pictures, far_away), models)
    assert seen.valid.all()
    near = track(pictures, models)
    expected = near.landmarks_px * 0.385 + [1500.0, 900.0]
    assert np.median(np.linalg.norm(seen.landmarks_px - expected, axis=2)) < 8.0


def test_the_bigger_of_two_people_is_followed(videos, models):
    large = read(videos / "p2s_single_cam01.mp4", stop=12)
    small = read(videos / "synth_walk.mp4", stop=12)

    def beside(rgb, index):
        left = cv2.resize(small[index].rgb, None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA)
        right = cv2.resize(rgb, None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA)
        both = np.full((right.shape[0], left.shape[1] + right.shape[1], 3), 90, np.uint8)
        both[-left.shape[0] :, : left.shape[1]] = left
        both[:, left.shape[1] :] = right
        return both

    seen = track(composed(large, beside), models)
    assert seen.valid.all()
    assert (seen.landmarks_px[:, 23:25, 0] > 576.0).all()


def test_a_person_hidden_for_a_moment_is_found_again(videos, models):
    pictures = read(videos / "p2s_single_cam03.mp4", stop=20)
    hidden = range(6, 12)
    blank = composed(pictures, lambda rgb, i: np.full_like(rgb, 80) if i in hidden else rgb)
    seen = track(blank, models)
    assert seen.valid.tolist() == [i not in hidden for i in range(20)]


@pytest.mark.parametrize("size", [(1, 1), (7, 400), (16, 16)])
def test_odd_images_are_errors_not_crashes(models, size):
    noise = np.random.default_rng(1).integers(0, 255, (2, *size, 3), dtype=np.uint8)
    with pytest.raises(PerceptionError, match="found in 0 of 2 frames"):
        track([Picture(i, i / 30, image) for i, image in enumerate(noise)], models)


def test_an_empty_room_is_an_error(models):
    noise = np.random.default_rng(1).integers(0, 255, (8, 240, 320, 3), dtype=np.uint8)
    pictures = [Picture(i, i / 30, image) for i, image in enumerate(noise)]
    with pytest.raises(PerceptionError, match=r"found in 0 of 8 frames, at least 5 are needed"):
        track(pictures, models)
