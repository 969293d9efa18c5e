"""BVH files in several dialects, malformed files, and the shared clips."""

from pathlib import Path

import numpy as np
import pytest
from bvh_text import DIALECTS, bvh_text
from scipy.spatial.transform import Rotation

from exoactor_rt.errors import MotionError
from exoactor_rt.motion import MotionOptions, load_bvh
from exoactor_rt.motion.bvh_file import read_bvh
from exoactor_rt.motion.resampling import resample_uniform
from exoactor_rt.types import KEYPOINTS, SEGMENTS, HumanMotion

K = {name: index for index, name in enumerate(KEYPOINTS)}
S = {name: index for index, name in enumerate(SEGMENTS)}


def write(folder: Path, text: str) -> Path:
    path = folder / "figure.bvh"
    path.write_text(text)
    return path


def segment(motion: HumanMotion, name: str) -> np.ndarray:
    wxyz = motion.quat_world_segment_wxyz[:, S[name]]
    return Rotation.from_quat(np.roll(wxyz, -1, axis=1)).as_matrix()


@pytest.mark.parametrize("dialect", DIALECTS)
def test_dialects_give_the_same_standing_person(dialect: str, tmp_path: Path) -> None:
    motion = load_bvh(write(tmp_path, bvh_text(dialect)))
    points = motion.keypoints_in_world
    assert motion.rate_hz == 30.0
    assert points.shape == (31, 18, 3)
    assert motion.contact.all()
    assert np.allclose(points[0, K["pelvis"], :2], 0.0, atol=1e-9)
    assert points[:, K["left_ankle"], 2] == pytest.approx(0.06 + 0.015, abs=0.01)
    assert points[:, K["pelvis"], 2] == pytest.approx(0.85 + 0.075, abs=0.01)
    assert np.isnan(motion.hand_openness).all()
    for name in ("pelvis", "torso", "left_foot", "right_foot"):
        assert np.allclose(segment(motion, name), np.eye(3), atol=0.05), name


@pytest.mark.parametrize("heading_deg", [-170.0, -90.0, 45.0, 180.0])
def test_any_heading(heading_deg: float, tmp_path: Path) -> None:
    motion = load_bvh(write(tmp_path, bvh_text(heading_deg=heading_deg)))
    turn = Rotation.from_euler("z", heading_deg, degrees=True).as_matrix()
    for name in ("pelvis", "torso", "left_foot", "right_foot"):
        assert np.allclose(segment(motion, name), turn, atol=0.05), name
    hips = (
        motion.keypoints_in_world[:, K["left_hip"]] - motion.keypoints_in_world[:, K["right_hip"]]
    )
    assert np.allclose(hips / np.linalg.norm(hips, axis=1)[:, None], turn[:, 1], atol=0.02)


@pytest.mark.parametrize(
    ("units_per_cm", "leg_m", "unit"),
    [(1.0, 0.85, "cm"), (0.01, 0.85, "m"), (10.0, 0.85, "mm"), (0.1772, 0.85, "CMU ASF")],
)
def test_units_from_the_leg(units_per_cm: float, leg_m: float, unit: str, tmp_path: Path) -> None:
    motion = load_bvh(write(tmp_path, bvh_text(units_per_cm=units_per_cm)))
    points = motion.keypoints_in_world[0]
    leg = points[K["left_hip"], 2] - points[K["left_ankle"], 2]
    assert leg == pytest.approx(leg_m, rel=0.01)
    assert f"file unit {unit}," in motion.notes[0]


def test_unknown_unit_takes_the_subject_height(tmp_path: Path) -> None:
    path = write(tmp_path, bvh_text(units_per_cm=0.03))
    motion = load_bvh(path, MotionOptions(subject_height_m=1.6))
    points = motion.keypoints_in_world[0]
    leg = points[K["left_hip"], 2] - points[K["left_ankle"], 2]
    assert leg == pytest.approx(0.491 * 1.6, rel=0.01)
    assert motion.height_m == pytest.approx(1.6, rel=0.01)


def test_calibration_frame_is_dropped(tmp_path: Path) -> None:
    lines = bvh_text().splitlines()
    first = next(i for i, line in enumerate(lines) if line.startswith("Frame Time")) + 1
    values = lines[first].split()
    lines[first] = " ".join(["500.0", *values[1:]])
    motion = load_bvh(write(tmp_path, "\n".join(lines)))
    assert motion.source_start_s == pytest.approx(1.0 / 60.0, abs=1e-6)
    assert any("calibration pose" in note for note in motion.notes)
    assert np.abs(motion.keypoints_in_world[:, K["pelvis"], :2]).max() < 0.01


def test_foot_without_toe_and_end_site_is_refused(tmp_path: Path) -> None:
    text = bvh_text("mixamo").replace("LeftToeBase", "LeftThing").replace("LeftFoot", "LeftFoot")
    with pytest.raises(MotionError, match="no toe and no end site on the left foot"):
        load_bvh(write(tmp_path, text))


def test_missing_joint_is_named(tmp_path: Path) -> None:
    text = bvh_text("mixamo").replace("RightLeg", "Something")
    with pytest.raises(MotionError, match="no joint for right_knee"):
        load_bvh(write(tmp_path, text))


MALFORMED = {
    "empty": (lambda text: "", "file ends, expected HIERARCHY"),
    "no hierarchy": (lambda text: text[10:], "line 1: expected HIERARCHY"),
    "cut hierarchy": (lambda text: text[:400], "line"),
    "cut motion": (lambda text: text[: len(text) - 800], "frame"),
    "word in offset": (lambda text: text.replace("25.000000", "abc", 1), "'abc', not a number"),
    "nan sample": (lambda text: text.replace("91.000000", "nan", 1), "not finite"),
    "short row": (
        lambda text: text.replace("0.000000 91.000000", "91.000000", 1),
        "53 values, expected 54",
    ),
    "bad count": (lambda text: text.replace("CHANNELS 3", "CHANNELS 4", 1), "CHANNELS 4"),
    "bad channel": (lambda text: text.replace("Zrotation", "Wrotation", 1), "'wrotation' unknown"),
    "zero frames": (lambda text: text.replace("Frames: 61", "Frames: 0"), "Frames: N"),
    "huge frames": (lambda text: text.replace("Frames: 61", "Frames: 99999999"), "cannot lie in"),
    "bad time": (lambda text: text.replace("0.0166667", "7.0"), "Frame Time 7 s"),
    "twice": (lambda text: text.replace("LeftLeg", "LeftFoot"), "occurs twice"),
    "no brace": (lambda text: text.replace("{", "[", 1), "expected {"),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_file_is_refused_in_one_line(name: str, tmp_path: Path) -> None:
    damage, message = MALFORMED[name]
    with pytest.raises(MotionError, match=r"bvh figure\.bvh line \d+: .*; not loaded") as caught:
        load_bvh(write(tmp_path, damage(bvh_text())))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_absent_too_short_and_too_long(tmp_path: Path) -> None:
    with pytest.raises(MotionError, match="No such file"):
        load_bvh(tmp_path / "none.bvh")
    with pytest.raises(MotionError, match=r"0\.05 s, allowed 0\.5"):
        load_bvh(write(tmp_path, bvh_text(frames=4)))
    with pytest.raises(MotionError, match="to 1 s"):
        load_bvh(write(tmp_path, bvh_text(frames=200)), MotionOptions(max_duration_s=1.0))


def test_large_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large.bvh"
    with path.open("wb") as stream:
        stream.truncate(65 * 1024 * 1024)
    with pytest.raises(MotionError, match="bytes > 67108864 allowed"):
        read_bvh(path)


def test_resampling_keeps_slow_and_stops_fast_motion() -> None:
    times = np.arange(240) / 120.0
    slow, fast = np.sin(2 * np.pi * 2 * times), np.sin(2 * np.pi * 28 * times)
    kept = resample_uniform(np.stack([slow, slow + fast], axis=1), 120.0, 30.0)
    expected = np.sin(2 * np.pi * 2 * np.arange(60) / 30.0)
    assert np.abs(kept[6:-6] - expected[6:-6, None]).max() < 0.02
    other = resample_uniform(slow[:, None], 120.0, 50.0)
    assert (
        np.abs(other[6:-6, 0] - np.sin(2 * np.pi * 2 * np.arange(len(other)) / 50.0)[6:-6]).max()
        < 0.02
    )


@pytest.mark.parametrize(
    ("name", "leg_m"),
    [("cmu_02_01", 0.84), ("cmu_02_06", 0.84), ("cmu_03_03", 0.83), ("cgspeed_cmu_131_01", 0.80)],
)
def test_shared_clips(name: str, leg_m: float, shared_data: Path) -> None:
    motion = load_bvh(shared_data / "motions" / "human" / f"{name}.bvh")
    points = motion.keypoints_in_world
    thigh = np.linalg.norm(points[:, K["left_knee"]] - points[:, K["left_hip"]], axis=1)
    shank = np.linalg.norm(points[:, K["left_ankle"]] - points[:, K["left_knee"]], axis=1)
    assert np.median(thigh + shank) == pytest.approx(leg_m, abs=0.02)
    assert np.ptp(thigh) < 0.01
    assert points[..., 2].min() > -0.02
    for side, ankle in enumerate(("left_ankle", "right_ankle")):
        standing = motion.contact[:, side]
        assert 0.03 < np.median(points[standing, K[ankle], 2]) < 0.12
    assert motion.contact.any(axis=1).mean() > 0.95
    assert np.allclose(np.linalg.norm(motion.quat_world_segment_wxyz, axis=2), 1.0)


def test_walk_has_its_steps(shared_data: Path) -> None:
    motion = load_bvh(shared_data / "motions" / "human" / "cmu_02_01.bvh")
    lift_offs = int((np.diff(motion.contact.astype(int), axis=0) == -1).sum())
    assert lift_offs == 5
    travel = motion.keypoints_in_world[-1, 0] - motion.keypoints_in_world[0, 0]
    assert np.linalg.norm(travel[:2]) == pytest.approx(3.35, abs=0.1)
