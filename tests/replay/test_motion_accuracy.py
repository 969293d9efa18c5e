"""Accuracy on recorded pose tracks against exact and triangulated truth, with margins."""

from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from exoactor_rt.demo import truth_path
from exoactor_rt.motion import MotionOptions, recover
from exoactor_rt.motion.metrics import MotionAccuracy
from exoactor_rt.motion.truth import (
    Truth,
    accuracy_against,
    load_calibrated_truth,
    load_rendered_truth,
    load_track,
)
from exoactor_rt.types import FloatArray

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
    ("camera", "mpjpe_mm", "pa_mpjpe_mm"), [("cam01", 84.0, 61.0), ("cam03", 92.0, 67.0)]
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


def trunk_yaw_pitch(quat_wxyz: FloatArray) -> FloatArray:
    """Heading and forward lean [T, 2, 2] deg of pelvis and torso, quaternions [T, 2, 4]."""
    turns = Rotation.from_quat(np.roll(quat_wxyz, -1, axis=-1).reshape(-1, 4))
    angles = turns.as_euler("ZYX", degrees=True)[:, :2]
    return angles.reshape(-1, 2, 2)


def test_trunk_of_the_demo_clip() -> None:
    with np.load(truth_path(), allow_pickle=False) as truth:
        true = trunk_yaw_pitch(truth["quat_world_segment_wxyz"][:, :2])
        camera = truth["R_camera_world"]
    recovery = recover(load_track(TRACKS / "demo.npz"))
    motion = recovery.motion
    got = trunk_yaw_pitch(motion.quat_world_segment_wxyz[:, :2])
    across = (camera.T @ recovery.rotation_world_camera.T)[:, 0]
    got[..., 0] += np.degrees(np.arctan2(across[1], across[0]))
    assert motion.source_start_s == 0.0
    error = got - true[: len(got)]
    error[..., 0] = (error[..., 0] + 180.0) % 360.0 - 180.0
    pelvis, torso = np.moveaxis(error, 1, 0)
    assert abs(pelvis[:, 0].mean()) < 6.0
    assert abs(torso[:, 0].mean()) < 9.0
    assert np.sqrt((torso**2).mean(axis=0)) == pytest.approx([0.0, 0.0], abs=12.0)
    turned = got[:, 1, 0] - np.median(got[:, 1, 0])
    assert turned.max() > 30.0
    assert turned.min() < -15.0
    squat = true[: len(got), 1, 1].argmax()
    assert got[squat, 1, 1] > 23.0
    assert got[squat, 0, 1] == pytest.approx(true[squat, 0, 1], abs=4.0)
