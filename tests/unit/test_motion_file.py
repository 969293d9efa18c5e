"""Motions on disk."""

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from exoactor_rt.errors import MotionError
from exoactor_rt.motion import load_motion, save_motion
from exoactor_rt.types import HumanMotion


def motion(frames: int = 4) -> HumanMotion:
    rng = np.random.default_rng(1)
    return HumanMotion(
        rate_hz=30.0,
        keypoints_in_world=rng.normal(size=(frames, 18, 3)),
        quat_world_segment_wxyz=np.tile([1.0, 0.0, 0.0, 0.0], (frames, 6, 1)),
        contact=rng.random((frames, 2)) > 0.5,
        hand_openness=np.full((frames, 2), np.nan),
        height_m=1.75,
        source_start_s=0.25,
        source="clip.mp4",
        notes=("one", "two"),
    )


def test_round_trip(tmp_path: Path) -> None:
    saved = motion()
    save_motion(tmp_path / "m.npz", saved)
    loaded = load_motion(tmp_path / "m.npz")
    for field in fields(HumanMotion):
        a, b = getattr(saved, field.name), getattr(loaded, field.name)
        assert np.array_equal(a, b, equal_nan=True) if isinstance(a, np.ndarray) else a == b


def test_no_notes(tmp_path: Path) -> None:
    saved = motion()
    save_motion(tmp_path / "m.npz", HumanMotion(**{**vars(saved), "notes": ()}))
    assert load_motion(tmp_path / "m.npz").notes == ()


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04broken"])
def test_damaged_file_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "m.npz").write_bytes(content)
    with pytest.raises(MotionError, match="not loaded"):
        load_motion(tmp_path / "m.npz")


def test_absent_missing_field_and_wrong_shape(tmp_path: Path) -> None:
    with pytest.raises(MotionError, match="No such file"):
        load_motion(tmp_path / "none.npz")
    np.savez(tmp_path / "few.npz", contact=np.zeros((3, 2)))
    with pytest.raises(MotionError, match="not a motion file"):
        load_motion(tmp_path / "few.npz")
    save_motion(
        tmp_path / "odd.npz", HumanMotion(**{**vars(motion()), "hand_openness": np.zeros((9, 2))})
    )
    with pytest.raises(MotionError, match=r"hand_openness \[9, 2\]"):
        load_motion(tmp_path / "odd.npz")


def test_unwritable_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(MotionError, match="not saved"):
        save_motion(tmp_path / "no" / "m.npz", motion())
