"""Accuracy of recovered motion against exact and triangulated truth.

python benchmarks/motion_accuracy.py [--data FOLDER]

`--data` holds videos and truth, by default the shared data beside the checkout. Perception runs
first, with the installed models.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import astuple, fields
from pathlib import Path

from exoactor_rt.demo import clip_path, truth_path
from exoactor_rt.motion import MotionOptions, recover
from exoactor_rt.motion.metrics import MotionAccuracy
from exoactor_rt.motion.truth import (
    Truth,
    accuracy_against,
    load_calibrated_truth,
    load_keypoint_truth,
    load_rendered_truth,
)
from exoactor_rt.perception import estimate_poses
from exoactor_rt.types import PoseTrack
from exoactor_rt.video import open_clip

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
RENDERED_HEIGHT_M = 1.748
REPEATS = 3


def cases(data: Path) -> Iterator[tuple[Path, Truth]]:
    """Clips and their truth."""
    videos = data / "videos"
    rendered = load_rendered_truth(videos / "synth_walk_truth.npz", RENDERED_HEIGHT_M)
    yield videos / "synth_walk.mp4", rendered
    points = videos / "p2s_single_triangulated.npz"
    calibration = videos / "p2s_single_Calib.qca.txt"
    for camera in ("cam01", "cam03"):
        truth = load_calibrated_truth(points, calibration, camera)
        yield videos / f"p2s_single_{camera}.mp4", truth
    yield clip_path(), load_keypoint_truth(truth_path())


def observe(path: Path) -> PoseTrack:
    """What perception sees in a clip."""
    with open_clip(path) as clip:
        return estimate_poses(clip, (clip.info.width, clip.info.height))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, default=SHARED_DATA)
    arguments = parser.parse_args()
    names = [field.name for field in fields(MotionAccuracy)]
    print("clip focal_px height_m", *names, "contact_f1 seconds", sep="  ")
    for path, truth in cases(arguments.data):
        track = observe(path)
        for focal_px in (None, truth.focal_px):
            options = MotionOptions(subject_height_m=truth.height_m, focal_px=focal_px)
            took_s = []
            for _ in range(REPEATS):
                started = time.perf_counter()
                recovery = recover(track, options)
                took_s.append(time.perf_counter() - started)
            accuracy, f1 = accuracy_against(recovery, truth)
            print(
                f"{path.stem:18s} {recovery.observation.focal_px:6.0f} {truth.height_m:5.2f}  ",
                *(f"{value:7.1f}" for value in astuple(accuracy)),
                "    -" if f1 is None else f"{f1:6.3f}",
                f"{min(took_s):6.2f}",
            )


if __name__ == "__main__":
    main()
