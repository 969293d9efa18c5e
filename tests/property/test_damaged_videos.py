"""Thirty damaged files give thirty errors that name the cause; no crash, no hang, no child left."""

import time
from pathlib import Path

import clip_files
import numpy as np
import pytest
from damaged_videos import make_damaged_clips

from exoactor_rt.errors import VideoError
from exoactor_rt.video import VideoLimits, open_clip

LIMITS = VideoLimits(timeout_s=30.0)
CAUSES = {
    "empty.mp4": "file is empty",
    "one_byte.mp4": "not a video file",
    "zeros.mp4": "not a video file: it begins with zeros",
    "random.mp4": "not a video file: it begins with bytes",
    "text.mp4": "not a video file: it is text",
    "error_page.mp4": "not a video file: it is text",
    "picture.mp4": "not a video file: it is a PNG picture",
    "archive.mp4": "not a video file: it is a gzip archive",
    "sound_only.mp4": "no video stream: it holds audio",
    "ebml_then_noise.mkv": "container is damaged or incomplete",
    "cut_at_10_percent.mp4": r"cut short or damaged at frame \d+ of 360",
    "cut_at_half.mp4": r"cut short or damaged at frame \d+ of 360",
    "last_kilobyte_missing.mp4": r"cut short or damaged at frame \d+ of 360",
    "index_missing.mp4": "container is damaged or incomplete",
    "only_first_box.mp4": "container is damaged or incomplete",
    "cut_at_half.mkv": "truncated: 0.* s of the 2.00 s",
    "index_zeroed.mp4": "no video stream",
    "index_of_another_clip.mp4": "cut short or damaged|corrupt",
    "offsets_shifted.mp4": "frame 0: corrupt",
    "half_zeroed.mp4": r"frame \d+: corrupt",
    "noise_in_frames.mp4": r"frame \d+: corrupt",
    "bits_flipped.mp4": r"frame \d+: corrupt",
    "parameters_lost.mp4": "corrupt|damaged",
    "half_zeroed.mkv": "at the same time|both at|after the one before|damaged|truncated|corrupt",
    "huge_frames.mp4": r"8192x4096 px = 33554432 px > \d+ px allowed",
    "100000_frames_a_second.mp4": "frames a second; allowed 5 to 240",
    "hours_long.mp4": "s long > 120 s allowed",
    "promises_more.mkv": "truncated: 2.00 s of the 20.00 s",
    "all_at_one_time.mp4": "frames 0 and 1 are both at",
    "seven_seconds_missing.mp4": "frame 15 comes 7.* s after the one before",
}


@pytest.fixture(scope="module")
def damaged(tmp_path_factory):
    return make_damaged_clips(tmp_path_factory.mktemp("damaged"))


def children():
    tasks = Path("/proc/self/task").iterdir()
    return {pid for task in tasks for pid in (task / "children").read_text().split()}


def read(path):
    with open_clip(path, LIMITS) as clip:
        return clip.info, sum(1 for _ in clip)


def test_there_are_thirty(damaged):
    assert len(CAUSES) == 30
    assert set(damaged) == set(CAUSES)


def test_the_sound_clips_are_read(damaged):
    folder = damaged["empty.mp4"].parent / "sound"
    counts = {name: read(folder / name)[1] for name in ("small.mp4", "other.mp4", "small.mkv")}
    assert counts == {"small.mp4": 30, "other.mp4": 50, "small.mkv": 30}


@pytest.mark.parametrize("name", CAUSES)
def test_damage_is_named(damaged, name):
    before = children()
    began_s = time.monotonic()
    with pytest.raises(VideoError, match=CAUSES[name]) as caught:
        read(damaged[name])
    assert time.monotonic() - began_s < LIMITS.timeout_s
    assert str(caught.value).startswith(f"clip {name}: ")
    assert "\n" not in str(caught.value)
    assert children() == before


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["mp4", "mkv"])
def test_random_damage_ends_in_all_frames_or_an_error(tmp_path, suffix):
    data = clip_files.encode(tmp_path / f"whole.{suffix}").read_bytes()
    rng = np.random.default_rng(7)
    before = children()
    refused = 0
    for index in range(40):
        bent = np.frombuffer(data, np.uint8).copy()
        hit = rng.integers(0, len(bent), rng.integers(1, 40))
        bent[hit] = rng.integers(0, 256, len(hit))
        path = tmp_path / f"bent_{index}.{suffix}"
        path.write_bytes(bent.tobytes())
        try:
            info, count = read(path)
            assert count == info.frame_count
        except VideoError as error:
            refused += 1
            assert "\n" not in str(error)
    assert refused > 20
    assert children() == before
