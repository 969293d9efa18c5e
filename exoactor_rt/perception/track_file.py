"""A PoseTrack as an npz file."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import numpy as np

from exoactor_rt.errors import PerceptionError
from exoactor_rt.npz_file import read_npz
from exoactor_rt.types import FloatArray, PoseTrack

_FORMAT = "exoactor_pose_track_1"
_SHAPES: dict[str, tuple[int, ...]] = {
    "image_size": (2,),
    "times_s": (),
    "valid": (),
    "landmarks_px": (33, 2),
    "landmarks_world": (33, 3),
    "visibility": (33,),
    "score": (),
    "roi": (4,),
    "hand_px": (2, 21, 2),
    "hand_world": (2, 21, 3),
    "hand_score": (2,),
}
"""Of one frame."""


def save_track(path: Path, track: PoseTrack) -> None:
    """Writes a track; values as float32 except the times.

    Raises:
        PerceptionError: The file cannot be written.
    """
    arrays = {"format": np.array(_FORMAT)}
    for field in fields(PoseTrack):
        value = np.asarray(getattr(track, field.name))
        narrow = value.dtype == np.float64 and field.name != "times_s"
        arrays[field.name] = value.astype(np.float32) if narrow else value
    try:
        with path.open("wb") as file:
            np.savez_compressed(file, allow_pickle=False, **arrays)
    except OSError as error:
        raise PerceptionError(f"track {path}: {error.strerror}; not written") from error


def load_track(path: Path) -> PoseTrack:
    """Reads a track that `save_track` wrote.

    Raises:
        PerceptionError: The file cannot be read or is not a track.
    """
    try:
        arrays = read_npz(path)
    except OSError as error:
        raise PerceptionError(f"track {path}: {error.strerror or error}; not read") from error
    except ValueError as error:
        raise PerceptionError(f"track {path}: {error}; not read") from error
    found = str(arrays.get("format", ""))
    if found != _FORMAT:
        raise PerceptionError(f"track {path}: format {found!r}, must be {_FORMAT!r}; not read")
    missing = [field.name for field in fields(PoseTrack) if field.name not in arrays]
    if missing:
        raise PerceptionError(f"track {path}: lacks {missing}; not read")

    frames = len(arrays["times_s"]) if arrays["times_s"].ndim else 0
    for name, shape in _SHAPES.items():
        expected = (frames, *shape) if name != "image_size" else shape
        if arrays[name].shape != expected or arrays[name].dtype.kind not in "bif":
            raise PerceptionError(
                f"track {path}: {name} is {arrays[name].dtype}{list(arrays[name].shape)}, must be "
                f"numbers {list(expected)}; not read"
            )

    def wide(name: str) -> FloatArray:
        return np.asarray(arrays[name], np.float64)

    width, height = (int(value) for value in arrays["image_size"])
    return PoseTrack(
        times_s=wide("times_s"),
        image_size=(width, height),
        valid=arrays["valid"].astype(np.bool_),
        landmarks_px=wide("landmarks_px"),
        landmarks_world=wide("landmarks_world"),
        visibility=wide("visibility"),
        score=wide("score"),
        roi=wide("roi"),
        hand_px=wide("hand_px"),
        hand_world=wide("hand_world"),
        hand_score=wide("hand_score"),
        clip_sha256=str(arrays["clip_sha256"]),
    )
