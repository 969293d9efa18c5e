"""Frames to PoseTrack with stand-in networks, and the track's file."""

from types import SimpleNamespace

import numpy as np
import pytest

from exoactor_rt.errors import AssetError, PerceptionError
from exoactor_rt.perception import PoseModels, estimate_poses, load_models, load_track, save_track
from exoactor_rt.types import PoseTrack


class Network:
    """An engine that gives fixed outputs."""

    def __init__(self, **outputs):
        self.outputs = {name: np.asarray(value, np.float32) for name, value in outputs.items()}

    def run(self, inputs):
        return self.outputs


def networks(seen_when=lambda image: True):
    """A person standing still in the image's middle, present where `seen_when` the crop."""
    boxes, logits = np.zeros((1, 2254, 12)), np.full((1, 2254, 1), -20.0)
    boxes[0, 1500, 2:8] = [60, 100, 0, 0, 0, -60]
    logits[0, 1500] = 5.0
    landmarks = np.full((39, 5), 128.0)
    landmarks[34, 1] = 128.0 - 256.0 / 2.5
    body = Network(
        landmarks=landmarks.reshape(1, 195),
        presence=[[1.0]],
        heatmap=np.full((1, 64, 64, 39), -20.0),
        world=np.ones((1, 117)),
    )
    hand = Network(
        landmarks=np.full((1, 63), 112.0),
        presence=[[0.0]],
        handedness=[[0.0]],
        world=np.zeros((1, 63)),
    )

    class Body:
        def run(self, inputs):
            present = seen_when(inputs["input"])
            return {**body.outputs, "presence": np.array([[float(present)]], np.float32)}

    return PoseModels(
        detector=Network(boxes=boxes, logits=logits),
        body=Body(),
        hand=hand,
        hand_recrop=Network(points=np.full((1, 1, 1, 4), 128.0)),
    )


def frames(count, brightness=lambda index: 100, size=(64, 48)):
    width, height = size
    return [
        SimpleNamespace(
            index=i, time_s=i / 30, rgb=np.full((height, width, 3), brightness(i), np.uint8)
        )
        for i in range(count)
    ]


def test_a_track_has_every_frame_and_nan_where_nobody_is_seen():
    done = []
    dark = {3, 4}
    track = estimate_poses(
        iter(frames(12, lambda i: 0 if i in dark else 100)),
        (64, 48),
        models=networks(lambda image: image.max() > 0),
        progress=done.append,
        clip_sha256="ab" * 32,
    )
    assert track.valid.tolist() == [i not in dark for i in range(12)]
    assert done == list(range(1, 13))
    np.testing.assert_allclose(track.times_s, np.arange(12) / 30)
    for name in ("landmarks_px", "landmarks_world", "visibility", "roi"):
        values = getattr(track, name)
        assert np.isnan(values[3]).all()
        assert np.isfinite(values[5]).all()
    assert track.score[3] == 0.0
    assert track.score[5] == 1.0
    assert np.isnan(track.hand_px).all()
    assert track.clip_sha256 == "ab" * 32


def test_too_few_frames_with_a_person_is_an_error_that_counts_them():
    clip = frames(40, lambda i: 100 if i < 3 else 0)
    with pytest.raises(PerceptionError, match="found in 3 of 40 frames, at least 8 are needed; "):
        estimate_poses(clip, (64, 48), models=networks(lambda image: image.max() > 0))


def test_a_clip_without_frames_and_a_frame_of_another_size_are_errors():
    with pytest.raises(PerceptionError, match="no frames"):
        estimate_poses([], (64, 48), models=networks())
    with pytest.raises(PerceptionError, match="frame 0: 64x48 px, the clip is 48x64 px"):
        estimate_poses(frames(2), (48, 64), models=networks())


def test_a_failing_hand_network_is_raised():
    class Broken:
        def run(self, inputs):
            raise PerceptionError("model hand_recrop: failed (x)")

    models = networks()
    with pytest.raises(PerceptionError, match="hand_recrop: failed"):
        estimate_poses(
            frames(6),
            (64, 48),
            models=PoseModels(
                detector=models.detector, body=SpreadBody(), hand=models.hand, hand_recrop=Broken()
            ),
        )


class SpreadBody:
    """A body whose landmarks lie apart, so that the hands are sought."""

    def run(self, inputs):
        landmarks = np.full((39, 5), 128.0)
        landmarks[:33, 0] += np.linspace(-100.0, 100.0, 33)
        landmarks[34, 1] = 26.0
        return {
            "landmarks": landmarks.reshape(1, 195).astype(np.float32),
            "presence": np.ones((1, 1), np.float32),
            "heatmap": np.full((1, 64, 64, 39), -20.0, np.float32),
            "world": np.ones((1, 117), np.float32),
        }


def test_models_that_are_not_installed_are_an_asset_error(monkeypatch, tmp_path):
    monkeypatch.setenv("EXOACTOR_CACHE", str(tmp_path))
    with pytest.raises(AssetError, match="run `exoactor models pull`"):
        load_models()


def random_track(count=7):
    rng = np.random.default_rng(2)
    return PoseTrack(
        times_s=np.arange(count) / 29.97,
        image_size=(640, 480),
        valid=rng.random(count) < 0.7,
        landmarks_px=rng.normal(size=(count, 33, 2)) * 300,
        landmarks_world=rng.normal(size=(count, 33, 3)),
        visibility=rng.random((count, 33)),
        score=rng.random(count),
        roi=rng.normal(size=(count, 4)),
        hand_px=np.full((count, 2, 21, 2), np.nan),
        hand_world=rng.normal(size=(count, 2, 21, 3)),
        hand_score=rng.random((count, 2)),
        clip_sha256="0f" * 32,
    )


def test_a_track_survives_its_file(tmp_path):
    track = random_track()
    save_track(tmp_path / "track.npz", track)
    back = load_track(tmp_path / "track.npz")
    assert back.image_size == (640, 480)
    assert back.clip_sha256 == track.clip_sha256
    np.testing.assert_array_equal(back.times_s, track.times_s)
    np.testing.assert_array_equal(back.valid, track.valid)
    for name in ("landmarks_px", "landmarks_world", "hand_px", "hand_world", "roi", "score"):
        np.testing.assert_allclose(getattr(back, name), getattr(track, name), rtol=1e-6)
        assert getattr(back, name).dtype == np.float64


def test_files_that_are_no_tracks_are_errors(tmp_path):
    path = tmp_path / "track.npz"
    with pytest.raises(PerceptionError, match=r"track .*: No such file"):
        load_track(path)
    path.write_bytes(b"PK\x03\x04 damaged")
    with pytest.raises(PerceptionError, match="not a readable npz file"):
        load_track(path)
    np.savez(path, valid=np.ones(3))
    with pytest.raises(PerceptionError, match="format '', must be"):
        load_track(path)
    with pytest.raises(PerceptionError, match="not written"):
        save_track(tmp_path / "nowhere" / "track.npz", random_track())


def test_a_track_of_another_shape_is_an_error(tmp_path):
    path = tmp_path / "track.npz"
    save_track(path, random_track())
    with np.load(path) as stored:
        arrays = dict(stored)
    for name, odd in (("roi", arrays["roi"][:, :3]), ("image_size", np.array("big"))):
        np.savez(path, **{**arrays, name: odd})
        with pytest.raises(PerceptionError, match=f"{name} is .*, must be numbers"):
            load_track(path)
