"""The clip that ships with the project shows what it must, and its truth is consistent."""

import numpy as np
import pytest

from exoactor_rt import demo
from exoactor_rt.types import KEYPOINTS
from exoactor_rt.video import open_clip


@pytest.fixture(scope="module")
def truth():
    with np.load(demo.truth_path()) as archive:
        return dict(archive)


def point(truth, name):
    return truth["keypoints_in_world"][:, KEYPOINTS.index(name)]


def test_clip_and_truth_belong_together(truth):
    assert demo.clip_path().stat().st_size <= 2_000_000
    assert tuple(truth["keypoint_names"]) == KEYPOINTS
    with open_clip(demo.clip_path()) as clip:
        times_s = [frame.time_s for frame in clip]
        size = (clip.info.width, clip.info.height)
    np.testing.assert_allclose(times_s, truth["times_s"], atol=1e-4)
    assert size == tuple(truth["image_size"])
    np.testing.assert_allclose(point(truth, "pelvis")[0, :2], 0.0, atol=1e-6)


def test_the_whole_body_is_always_in_view(truth):
    in_world = truth["keypoints_in_world"] - truth["camera_position_in_world"]
    in_camera = in_world @ truth["R_camera_world"].T
    pixel = in_camera @ truth["K"].T
    pixel = pixel[..., :2] / pixel[..., 2:]
    assert pixel.min() > 40.0
    assert (truth["image_size"] - pixel).min() > 40.0


def test_planted_feet_do_not_move(truth):
    for k, side in enumerate(("left", "right")):
        for joint in ("ankle", "toe"):
            still = truth["contact"][:-1, k] & truth["contact"][1:, k]
            moved = np.linalg.norm(np.diff(point(truth, f"{side}_{joint}"), axis=0), axis=1)
            assert moved[still].max() < 1e-6


def test_it_shows_every_part(truth):
    wrists = np.stack([point(truth, f"{side}_wrist")[:, 2] for side in ("left", "right")])
    assert (wrists.max(axis=1) > point(truth, "head")[0, 2]).all()
    pelvis = point(truth, "pelvis")
    assert pelvis[0, 2] - pelvis[:, 2].min() > 0.25
    across = point(truth, "left_shoulder") - point(truth, "right_shoulder")
    heading = np.degrees(np.arctan2(-across[:, 0], across[:, 1]))
    assert heading.max() > 30.0
    assert heading.min() < -30.0
    for k, side in enumerate(("left", "right")):
        ankle = point(truth, f"{side}_ankle")
        assert np.count_nonzero(np.diff(truth["contact"][:, k].astype(int)) == -1) == 1
        assert ankle[:, 2].max() - ankle[0, 2] > 0.08
        assert ankle[-1, 0] - ankle[0, 0] == pytest.approx(0.38, abs=1e-3)


def test_the_person_keeps_balance(truth):
    """Standing, the centre of mass lies over the feet; one foot at least is always planted."""
    assert truth["contact"].any(axis=1).all()
    times_s = truth["times_s"]
    standing = (times_s < 8.0) | (times_s > 11.7)
    com = truth["com_in_world"][standing]
    middle = 0.5 * (point(truth, "left_ankle") + point(truth, "right_ankle"))[standing]
    ahead = com[:, 0] - middle[:, 0]
    assert ahead.min() > -0.02
    assert ahead.max() < 0.12
    assert np.abs(com[:, 1] - middle[:, 1]).max() < 0.06
