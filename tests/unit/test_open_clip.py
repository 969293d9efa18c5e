"""Reading clips: frames and times are right, limits hold, the child process never outlives use."""

import os
import signal
import struct
import time
from dataclasses import replace
from pathlib import Path

import av
import clip_files
import numpy as np
import pytest

from exoactor_rt.errors import VideoError
from exoactor_rt.video import VideoLimits, open_clip

LIMITS = VideoLimits(timeout_s=60.0)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return clip_files.encode(tmp_path_factory.mktemp("clips") / "small.mp4")


def decoded_here(path):
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        return [
            (float(f.pts * stream.time_base), f.to_ndarray(format="rgb24"))
            for f in container.decode(stream)
        ]


def gone(pid):
    return not Path(f"/proc/{pid}").exists()


@pytest.mark.parametrize("name", ["a.mp4", "a.mov", "a.mkv", "a.webm"])
def test_frames_and_times_are_those_of_a_plain_decode(tmp_path, name):
    codec = "libvpx-vp9" if name.endswith("webm") else "libx264"
    path = clip_files.encode(tmp_path / name, codec=codec)
    expected = decoded_here(path)
    with open_clip(path, LIMITS) as clip:
        frames = list(clip)
    assert [f.index for f in frames] == list(range(clip_files.COUNT))
    assert [f.time_s for f in frames] == [t for t, _ in expected]
    for frame, (_, rgb) in zip(frames, expected, strict=True):
        assert frame.rgb.dtype == np.uint8
        np.testing.assert_array_equal(frame.rgb, rgb)


def test_info(small):
    with open_clip(small, LIMITS) as clip:
        info = clip.info
    assert (info.width, info.height) == clip_files.SIZE
    assert info.frame_count == clip_files.COUNT
    assert info.rate_hz == pytest.approx(clip_files.RATE_HZ)
    assert info.duration_s == pytest.approx(clip_files.COUNT / clip_files.RATE_HZ)
    assert info.codec == "h264"
    assert len(info.sha256) == 64


def test_frames_keep_their_own_times(tmp_path):
    times = np.cumsum([0, *([1, 1, 2, 3] * 7), 1]).tolist()
    path = clip_files.encode(tmp_path / "uneven.mp4", times=times)
    with open_clip(path, LIMITS) as clip:
        read_s = [f.time_s for f in clip]
    np.testing.assert_allclose(read_s, np.array(times) / clip_files.RATE_HZ, atol=1e-4)


@pytest.mark.parametrize(
    ("quarter_turns_clockwise", "matrix"),
    [(1, (0, 1, -1, 0)), (2, (-1, 0, 0, -1)), (3, (0, -1, 1, 0))],
)
def test_rotation_is_applied(tmp_path, small, quarter_turns_clockwise, matrix):
    data = bytearray(small.read_bytes())
    at = clip_files.box(data, b"tkhd")[0] + 40
    a, b, c, d = (value * 65536 for value in matrix)
    data[at : at + 36] = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)
    path = tmp_path / "turned.mp4"
    path.write_bytes(data)
    upright = decoded_here(small)[0][1]
    with open_clip(path, LIMITS) as clip:
        rgb = next(iter(clip)).rgb
        assert (clip.info.height, clip.info.width) == rgb.shape[:2]
    np.testing.assert_array_equal(rgb, np.rot90(upright, -quarter_turns_clockwise))


def test_pixels_are_made_square(tmp_path):
    path = clip_files.encode(tmp_path / "wide.mp4", pixel_aspect=2, count=3)
    with open_clip(path, LIMITS) as clip:
        rgb = next(iter(clip)).rgb
    assert rgb.shape == (144, 384, 3)
    red = (rgb[..., 0] > 150) & (rgb[..., 1] < 100)
    rows, columns = np.nonzero(red)
    assert np.ptp(columns) + 1 == pytest.approx(64, abs=4)
    assert np.ptp(rows) + 1 == pytest.approx(32, abs=4)


@pytest.mark.parametrize("skipped", [3, 13])
def test_a_trimmed_clip_is_whole(tmp_path, small, skipped):
    """Its edit list leaves out frames that are still in the file."""
    data = bytearray(small.read_bytes())
    at = clip_files.box(data, b"elst")[0] + 8
    length, start = struct.unpack(">Ii", data[at : at + 8])
    frame_ms, frame_ticks = 66, 1024
    data[at : at + 8] = struct.pack(
        ">Ii", length - skipped * frame_ms, start + skipped * frame_ticks
    )
    path = tmp_path / "trimmed.mp4"
    path.write_bytes(data)
    with open_clip(path, LIMITS) as clip:
        assert sum(1 for _ in clip) == clip.info.frame_count == clip_files.COUNT - skipped


def test_frames_of_changing_size_are_refused(tmp_path):
    path = tmp_path / "grows.webm"
    with av.open(str(path), "w") as out:
        stream = None
        for part, size in enumerate([(192, 144), (256, 192)]):
            source = clip_files.encode(tmp_path / f"{part}.webm", size=size, codec="libvpx-vp9")
            with av.open(str(source)) as container:
                stream = stream or out.add_stream_from_template(container.streams.video[0])
                for packet in container.demux(video=0):
                    if packet.dts is not None:
                        packet.pts, packet.dts = packet.pts + 2000 * part, packet.dts + 2000 * part
                        packet.stream = stream
                        out.mux(packet)
    cause = "frame 30: size changes from 192x144 px to 256x192 px"
    with open_clip(path, LIMITS) as clip, pytest.raises(VideoError, match=cause):
        list(clip)


@pytest.mark.parametrize(
    ("limits", "cause"),
    [
        ({"max_bytes": 1000}, "bytes > 1000 bytes"),
        ({"max_pixels": 20_000}, "192x144 px = 27648 px > 20000 px"),
        ({"min_side_px": 150}, "192x144 px < 150 px"),
        ({"max_duration_s": 1.5}, "2 s long > 1.5 s"),
        ({"max_rate_hz": 10.0}, "15 frames a second; allowed 5 to 10"),
        ({"min_rate_hz": 20.0}, "15 frames a second; allowed 20 to 240"),
        ({"max_frames": 10}, "more than 10 frames"),
        ({"min_frames": 100}, "30 frames < 100"),
        ({"codecs": ("vp9",)}, "allowed"),
        ({"demuxers": ("matroska",)}, "container mov; allowed: matroska"),
    ],
)
def test_limits_hold(small, limits, cause):
    with pytest.raises(VideoError, match=cause):
        open_clip(small, replace(LIMITS, **limits))


def test_memory_is_bounded(tmp_path):
    path = clip_files.encode(tmp_path / "large.mp4", size=(3840, 2160), count=2, preset="ultrafast")
    for memory_mib in (64, 220):
        limits = replace(LIMITS, memory_bytes=memory_mib * 2**20)
        cause = f"more than the {memory_mib} MiB allowed"
        with pytest.raises(VideoError, match=cause), open_clip(path, limits) as clip:
            list(clip)
    with open_clip(path, LIMITS) as clip:
        assert sum(1 for _ in clip) == 2


def test_files_that_are_none(tmp_path):
    os.mkfifo(tmp_path / "pipe.mp4")
    with pytest.raises(VideoError, match="not a regular file"):
        open_clip(tmp_path / "pipe.mp4")
    with pytest.raises(VideoError, match="not a regular file"):
        open_clip(tmp_path)
    with pytest.raises(VideoError, match="no such file"):
        open_clip(tmp_path / "absent.mp4")


def test_a_killed_child_is_an_error(small):
    with open_clip(small, LIMITS) as clip:
        pid = clip.worker_pid
        with pytest.raises(VideoError, match="ended by signal 9"):
            for _ in clip:
                os.kill(pid, signal.SIGKILL)
    assert gone(pid)


def test_a_hanging_child_is_an_error(small):
    with open_clip(small, replace(LIMITS, timeout_s=4.0)) as clip:
        os.kill(clip.worker_pid, signal.SIGSTOP)
        with pytest.raises(VideoError, match="more than 4 s"):
            list(clip)
        assert gone(clip.worker_pid)


def test_waiting_is_bounded(small):
    with pytest.raises(VideoError, match=r"more than 0\.01 s"):
        open_clip(small, replace(LIMITS, timeout_s=0.01))


def test_a_slow_reader_is_waited_for(small):
    with open_clip(small, replace(LIMITS, timeout_s=4.0)) as clip:
        frames = iter(clip)
        next(frames)
        time.sleep(4.2)
        assert sum(1 for _ in frames) == clip_files.COUNT - 1


def test_the_child_does_not_run_ahead(small):
    with open_clip(small, LIMITS) as clip:
        stat = Path(f"/proc/{clip.worker_pid}/stat")
        time.sleep(0.5)
        used = stat.read_text().rsplit(")", 1)[1].split()[11:13]
        time.sleep(0.5)
        assert stat.read_text().rsplit(")", 1)[1].split()[11:13] == used
        assert sum(1 for _ in clip) == clip_files.COUNT


def test_leaving_early_frees_the_child(small):
    with open_clip(small, LIMITS) as clip:
        for frame in clip:
            if frame.index == 3:
                break
        assert gone(clip.worker_pid)
    with open_clip(small, LIMITS) as unread:
        pid = unread.worker_pid
    assert gone(pid)
    with pytest.raises(RuntimeError, match="reader's own"), open_clip(small, LIMITS) as failing:
        pid = failing.worker_pid
        raise RuntimeError("the reader's own")
    assert gone(pid)


def test_a_clip_is_read_once_and_opened_again(small):
    with open_clip(small, LIMITS) as clip:
        first = [f.time_s for f in clip]
        with pytest.raises(VideoError, match="open it again"):
            iter(clip)
    with open_clip(small, LIMITS) as clip:
        assert [f.time_s for f in clip] == first
    with pytest.raises(VideoError, match="was closed"):
        list(open_after_close(small))


def open_after_close(path):
    clip = open_clip(path, LIMITS)
    clip.close()
    return clip
