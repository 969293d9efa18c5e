"""A HumanMotion on disk: one compressed npz, one array a field."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from exoactor_rt.errors import MotionError
from exoactor_rt.npz_file import read_npz
from exoactor_rt.types import KEYPOINTS, SEGMENTS, HumanMotion

_FIELDS = {
    "keypoints_in_world": (len(KEYPOINTS), 3),
    "quat_world_segment_wxyz": (len(SEGMENTS), 4),
    "contact": (2,),
    "hand_openness": (2,),
}
_SCALARS = ("rate_hz", "height_m", "source_start_s", "source")
MAX_BYTES = 256 * 1024 * 1024


def save_motion(path: Path | str, motion: HumanMotion) -> None:
    """Write a motion; the arrays bear the names of the fields of HumanMotion.

    Raises:
        MotionError: the file cannot be written.
    """
    arrays: dict[str, Any] = {
        name: np.asarray(getattr(motion, name)) for name in (*_FIELDS, *_SCALARS)
    }
    try:
        with Path(path).open("wb") as stream:
            np.savez_compressed(stream, notes=np.array(motion.notes, dtype=np.str_), **arrays)
    except OSError as error:
        raise MotionError(f"motion {path}: {error.strerror}; not saved") from error


def load_motion(path: Path | str) -> HumanMotion:
    """Read a motion written by `save_motion`.

    Raises:
        MotionError: the file is absent, too large, no npz, lacks a field, or a shape is wrong.
    """
    path = Path(path)
    try:
        values = read_npz(path, MAX_BYTES)
    except OSError as error:
        raise MotionError(f"motion {path}: {error.strerror or error}; not loaded") from error
    except ValueError as error:
        raise MotionError(f"motion {path}: not a motion file ({error}); not loaded") from error
    missing = [name for name in (*_FIELDS, *_SCALARS, "notes") if name not in values]
    if missing:
        raise MotionError(f"motion {path}: not a motion file (lacks {missing}); not loaded")
    frames = len(values["contact"]) if values["contact"].ndim else 0
    for name, shape in _FIELDS.items():
        if frames == 0 or values[name].shape != (frames, *shape):
            raise MotionError(
                f"motion {path}: {name} {list(values[name].shape)}, allowed "
                f"[T >= 1, {', '.join(map(str, shape))}]; not loaded"
            )
    return HumanMotion(
        rate_hz=float(values["rate_hz"]),
        keypoints_in_world=values["keypoints_in_world"].astype(np.float64),
        quat_world_segment_wxyz=values["quat_world_segment_wxyz"].astype(np.float64),
        contact=values["contact"].astype(np.bool_),
        hand_openness=values["hand_openness"].astype(np.float64),
        height_m=float(values["height_m"]),
        source_start_s=float(values["source_start_s"]),
        source=str(values["source"]),
        notes=tuple(str(note) for note in values["notes"]),
    )
