"""Accuracy on recorded pose tracks against exact and triangulated truth, with margins."""

from pathlib import Path

import pytest

from exoactor_rt.motion import MotionOptions, recover
from exoactor_rt.motion.metrics import MotionAccuracy
from exoactor_rt.motion.truth import (
    Truth,
    accuracy_against,
    load_calibrated_truth,
    load_rendered_truth,
    load_track,
)

TRACKS = Path(__file__).resolve().parents[1] / "data" / "pose_tracks"


def measure(name: str, truth: Truth) -> tuple[MotionAccuracy, float | None]:
    track = load_track(TRACKS / f"{name}.npz")
    return accuracy_against(recover(track, MotionOptions(subject_height_m=truth.height_m)), truth)


def test_rendered_walk(shared_data: Path) -> None:
    truth = load_rendered_truth(shared_data / "videos" / "synth_walk_truth.npz", 1.75)
    accuracy, f1 = measure("synth_walk", truth)
    assert accuracy.mpjpe_mm < 82.0
    assert accuracy.pa_mpjpe_mm < 62.0
    assert accuracy.wa_mpjpe_mm < 82.0
    assert accuracy.rte_first_percent < 4.4
    assert accuracy.rte_rigid_percent < 2.0
    assert abs(accuracy.travel_percent) < 3.0
    assert accuracy.foot_slide_mm < 2.8
    assert accuracy.jitter < accuracy.true_jitter
    assert accuracy.gravity_deg < 5.0
    assert f1 is not None
    assert f1 >= 0.94


@pytest.mark.parametrize(
    ("camera", "mpjpe_mm", "pa_mpjpe_mm"), [("cam01", 92.0, 64.0), ("cam03", 98.0, 70.0)]
)
def test_rolled_and_pitched_cameras(
    camera: str, mpjpe_mm: float, pa_mpjpe_mm: float, shared_data: Path
) -> None:
    videos = shared_data / "videos"
    truth = load_calibrated_truth(
        videos / "p2s_single_triangulated.npz", videos / "p2s_single_Calib.qca.txt", camera
    )
    accuracy, _ = measure(f"p2s_single_{camera}", truth)
    assert accuracy.mpjpe_mm < mpjpe_mm
    assert accuracy.pa_mpjpe_mm < pa_mpjpe_mm
    assert accuracy.gravity_deg < 8.0
    assert accuracy.foot_slide_mm < 4.0
