"""Thirty damaged video files, made from sound ones by a seeded script.

Run as a script to write them somewhere: `python tests/property/damaged_videos.py FOLDER`.
"""

import gzip
import shutil
import struct
import sys
from pathlib import Path

import cv2
import numpy as np

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import clip_files
from clip_files import box

from exoactor_rt import demo

SEED = 20260


def with_bytes(data, at, new):
    return data[:at] + new + data[at + len(new) :]


def sound_clips(folder):
    """The undamaged clips, by name."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(demo.clip_path(), folder / "demo.mp4")
    clip_files.encode(folder / "small.mp4")
    clip_files.encode(folder / "other.mp4", count=50, size=(256, 192))
    clip_files.encode(folder / "small.mkv")
    return {path.name: path for path in sorted(folder.iterdir())}


def not_videos(folder, rng):
    """Files that never were a clip in a readable container."""
    png = cv2.imencode(".png", clip_files.picture(0))[1].tobytes()
    sound = clip_files.encode_sound(folder / "sound.m4a")
    return {
        "empty.mp4": b"",
        "one_byte.mp4": b"\x00",
        "zeros.mp4": bytes(65536),
        "random.mp4": rng.bytes(65536),
        "text.mp4": b"the job failed; try again later\n" * 20,
        "error_page.mp4": b"<!doctype html><html><body>404 Not Found</body></html>",
        "picture.mp4": png,
        "archive.mp4": gzip.compress(rng.bytes(4096), mtime=0),
        "sound_only.mp4": sound.read_bytes(),
        "ebml_then_noise.mkv": b"\x1a\x45\xdf\xa3" + rng.bytes(8192),
    }


def cut_short(clips):
    """Files of which the end is missing."""
    whole, small, mkv = (clips[n].read_bytes() for n in ("demo.mp4", "small.mp4", "small.mkv"))
    return {
        "cut_at_10_percent.mp4": whole[: len(whole) // 10],
        "cut_at_half.mp4": whole[: len(whole) // 2],
        "last_kilobyte_missing.mp4": whole[:-1024],
        "index_missing.mp4": small[: box(small, b"mdat")[1]],
        "only_first_box.mp4": small[: box(small, b"ftyp")[1]],
        "cut_at_half.mkv": mkv[: len(mkv) // 2],
    }


def wrong_contents(clips, rng):
    """Files of which bytes inside were lost or changed."""
    small = clips["small.mp4"].read_bytes()
    start, end = box(small, b"mdat")
    moov, moov_end = box(small, b"moov")
    other = clips["other.mp4"].read_bytes()
    strange_index = other[box(other, b"moov")[0] - 8 :]
    offsets = box(small, b"stco")[0] + 8
    first = struct.unpack(">I", small[offsets : offsets + 4])[0]
    mkv = clips["small.mkv"].read_bytes()
    middle, half = len(mkv) // 3, len(mkv) // 2
    flipped = np.frombuffer(small, np.uint8).copy()
    hit = start + 64 + rng.choice(end - start - 64, (end - start) // 100, replace=False)
    flipped[hit] ^= (1 << rng.integers(0, 8, len(hit))).astype(np.uint8)
    parameters = box(small, b"avcC")[0] + 8
    return {
        "index_zeroed.mp4": with_bytes(small, moov, bytes(moov_end - moov)),
        "index_of_another_clip.mp4": small[:end] + strange_index,
        "offsets_shifted.mp4": with_bytes(small, offsets, struct.pack(">I", first + 1000)),
        "half_zeroed.mp4": with_bytes(small, (start + end) // 2, bytes((end - start) // 2)),
        "noise_in_frames.mp4": with_bytes(small, start + 9000, rng.bytes(3000)),
        "bits_flipped.mp4": flipped.tobytes(),
        "parameters_lost.mp4": with_bytes(small, parameters, rng.bytes(24)),
        "half_zeroed.mkv": with_bytes(mkv, middle, bytes(half)),
    }


def lying_headers(clips, folder):
    """Files whose header says what is not so, or what no clip may be."""
    small = clips["small.mp4"].read_bytes()
    scale = box(small, b"mdhd")[0] + 12
    deltas = box(small, b"stts")[0] + 12
    shown = box(small, b"elst")[0] + 8
    endless = with_bytes(small, shown, struct.pack(">I", 2**31 - 1))
    mkv = clips["small.mkv"].read_bytes()
    duration = mkv.index(b"\x44\x89\x88") + 3
    huge = clip_files.encode(folder / "huge.mp4", count=1, size=(8192, 4096), preset="ultrafast")
    gap = clip_files.encode(folder / "gap.mp4", times=[*range(15), *range(120, 135)])
    return {
        "huge_frames.mp4": huge.read_bytes(),
        "100000_frames_a_second.mp4": with_bytes(small, scale, struct.pack(">I", 100_000_000)),
        "hours_long.mp4": with_bytes(endless, deltas, struct.pack(">I", 10_000_000)),
        "promises_more.mkv": with_bytes(mkv, duration, struct.pack(">d", 20_000.0)),
        "all_at_one_time.mp4": with_bytes(small, deltas, struct.pack(">I", 0)),
        "seven_seconds_missing.mp4": gap.read_bytes(),
    }


def make_damaged_clips(folder, seed=SEED):
    """Write the thirty files below `folder`; returns their paths by name."""
    rng = np.random.default_rng(seed)
    sources = folder / "sources"
    clips = sound_clips(folder / "sound")
    sources.mkdir(parents=True, exist_ok=True)
    contents = {
        **not_videos(sources, rng),
        **cut_short(clips),
        **wrong_contents(clips, rng),
        **lying_headers(clips, sources),
    }
    for name, data in contents.items():
        (folder / name).write_bytes(data)
    return {name: folder / name for name in contents}


if __name__ == "__main__":
    for made in make_damaged_clips(Path(sys.argv[1])).values():
        print(made)
