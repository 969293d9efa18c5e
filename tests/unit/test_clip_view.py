"""How well the person was seen: kept whole in the log, and told where it was not well."""

import numpy as np
import pytest

from exoactor_rt.errors import LogError
from exoactor_rt.motion.landmarks import LANDMARK
from exoactor_rt.replay.clip_view import (
    PARTS,
    clip_view,
    hardly_seen,
    pack_clip_view,
    parse_clip_view,
)
from exoactor_rt.types import PoseTrack

FRAMES, RATE_HZ, START_S = 90, 30.0, 0.5


def track(visibility, valid=None, score=None):
    nothing = np.full((FRAMES, 33, 3), np.nan)
    return PoseTrack(
        times_s=np.arange(FRAMES) / RATE_HZ,
        image_size=(640, 480),
        valid=np.ones(FRAMES, bool) if valid is None else valid,
        landmarks_px=nothing[..., :2],
        landmarks_world=nothing,
        visibility=visibility,
        score=np.ones(FRAMES) if score is None else score,
        roi=np.zeros((FRAMES, 4)),
        hand_px=np.full((FRAMES, 2, 21, 2), np.nan),
        hand_world=np.full((FRAMES, 2, 21, 3), np.nan),
        hand_score=np.zeros((FRAMES, 2)),
    )


def seen_but_for_the_left_wrist():
    visibility = np.ones((FRAMES, 33))
    visibility[30:60, LANDMARK["left_wrist"]] = 0.2
    return visibility


def test_a_hidden_wrist_hides_its_arm_and_nothing_else():
    view = clip_view(track(seen_but_for_the_left_wrist()), START_S)
    (glimpse,) = hardly_seen(view, 0.6, 1.3)
    assert glimpse.part == "left arm"
    assert glimpse.seen == pytest.approx(0.2)
    assert (glimpse.from_s, glimpse.to_s) == (pytest.approx(0.6), pytest.approx(1.3))
    assert "left arm was hardly seen from 0.60 to 1.30 s of the reference" in str(glimpse)
    assert hardly_seen(view, 0.0, 0.4) == []
    assert hardly_seen(view, 1.6, 2.0) == []


def test_a_person_that_was_not_found_is_not_seen_at_all():
    valid = np.ones(FRAMES, bool)
    valid[45:] = False
    visibility = np.where(valid[:, None], 1.0, np.nan) * np.ones((FRAMES, 33))
    score = np.where(valid, 1.0, np.nan)
    view = clip_view(track(visibility, valid, score), START_S)
    assert np.isfinite(view.seen).all()
    assert {glimpse.part for glimpse in hardly_seen(view, 1.2, 2.0)} == set(PARTS)
    assert hardly_seen(view, 0.2, 0.9) == []


def test_a_doubtful_person_is_hardly_seen_however_visible_its_landmarks():
    view = clip_view(track(np.ones((FRAMES, 33)), score=np.full(FRAMES, 0.2)), START_S)
    assert len(hardly_seen(view, 0.0, 1.0)) == len(PARTS)


def test_times_outside_of_the_clip_tell_nothing():
    assert hardly_seen(clip_view(track(np.zeros((FRAMES, 33))), START_S), 10.0, 11.0) == []


def test_it_survives_the_log():
    view = clip_view(track(seen_but_for_the_left_wrist()), START_S)
    content = pack_clip_view(view)
    assert len(content) < 20 * FRAMES + 1000
    again = parse_clip_view(content, "log")
    np.testing.assert_array_equal(again.reference_time_s, view.reference_time_s)
    np.testing.assert_allclose(again.seen, view.seen, atol=0.003)


@pytest.mark.parametrize("damage", [b"", b"nonsense", "shape"])
def test_a_damaged_one_is_refused_by_name(damage):
    if damage == "shape":
        view = clip_view(track(np.ones((FRAMES, 33))), 0.0)
        view = type(view)(view.reference_time_s[:-1], view.seen)
        damage = pack_clip_view(view)
    with pytest.raises(LogError, match=r"log x: clip_view\.npz: .*not read"):
        parse_clip_view(damage, "log x: clip_view.npz")
