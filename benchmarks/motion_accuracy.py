"""Accuracy of recovered motion against exact and triangulated truth.

python benchmarks/motion_accuracy.py [--tracks FOLDER] [--data FOLDER]

`--tracks` holds pose tracks (the fields of `PoseTrack`) named `synth_walk.npz`,
`p2s_single_cam01.npz`, `p2s_single_cam03.npz`, `demo.npz`, by default the recorded ones of the
tests; a missing one is skipped by name.
`--data` holds the truth, by default the shared data beside the checkout.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import astuple, fields
from pathlib import Path

from exoactor_rt.motion import MotionOptions, recover
from exoactor_rt.motion.metrics import MotionAccuracy
from exoactor_rt.motion.truth import (
    Truth,
    accuracy_against,
    load_calibrated_truth,
    load_keypoint_truth,
    load_rendered_truth,
    load_track,
)

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
RECORDED_TRACKS = Path(__file__).resolve().parents[1] / "tests" / "data" / "pose_tracks"
DEMO_TRUTH = Path(__file__).resolve().parents[1] / "exoactor_rt" / "demo" / "truth.npz"
RENDERED_HEIGHT_M = 1.748
REPEATS = 3


def truths(data: Path) -> Iterator[tuple[str, Truth]]:
    """Name of the track and its truth."""
    videos = data / "videos"
    yield "synth_walk", load_rendered_truth(videos / "synth_walk_truth.npz", RENDERED_HEIGHT_M)
    points, calibration = (
        videos / "p2s_single_triangulated.npz",
        videos / "p2s_single_Calib.qca.txt",
    )
    for camera in ("cam01", "cam03"):
        truth = load_calibrated_truth(points, calibration, camera)
        yield f"p2s_single_{camera}", truth
    if DEMO_TRUTH.is_file():
        yield "demo", load_keypoint_truth(DEMO_TRUTH)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--tracks", type=Path, default=RECORDED_TRACKS)
    parser.add_argument("--data", type=Path, default=SHARED_DATA)
    arguments = parser.parse_args()
    names = [field.name for field in fields(MotionAccuracy)]
    print("clip focal_px height_m", *names, "contact_f1 seconds", sep="  ")
    for clip, truth in truths(arguments.data):
        if not (arguments.tracks / f"{clip}.npz").is_file():
            print(f"{clip:18s} skipped: no pose track")
            continue
        track = load_track(arguments.tracks / f"{clip}.npz")
        for focal_px in (None, truth.focal_px):
            options = MotionOptions(subject_height_m=truth.height_m, focal_px=focal_px)
            took_s = []
            for _ in range(REPEATS):
                started = time.perf_counter()
                recovery = recover(track, options)
                took_s.append(time.perf_counter() - started)
            accuracy, f1 = accuracy_against(recovery, truth)
            print(
                f"{clip:18s} {recovery.observation.focal_px:6.0f} {truth.height_m:5.2f}  ",
                *(f"{value:7.1f}" for value in astuple(accuracy)),
                "    -" if f1 is None else f"{f1:6.3f}",
                f"{min(took_s):6.2f}",
            )


if __name__ == "__main__":
    main()
