"""References on disk: npz with the fields of Reference; also reads the common motion layout."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from exoactor_rt.errors import RetargetError
from exoactor_rt.npz_file import read_npz
from exoactor_rt.robots.g1 import joint_table
from exoactor_rt.types import Reference

_ARRAYS = (
    "root_position_in_world",
    "quat_world_root_wxyz",
    "joint_position",
    "contact",
    "hand_openness",
)


def save_reference(reference: Reference, path: Path) -> None:
    """Writes a reference as npz, one array a field.

    Raises:
        RetargetError: the file cannot be written.
    """
    try:
        with path.open("wb") as file:
            np.savez_compressed(file, **reference_fields(reference))
    except OSError as error:
        raise RetargetError(f"reference {path}: {error.strerror}; not written") from error


def reference_fields(reference: Reference) -> dict[str, Any]:
    """What `save_reference` writes: name -> value."""
    arrays: dict[str, Any] = {name: getattr(reference, name) for name in _ARRAYS}
    return {"rate_hz": reference.rate_hz, "source": reference.source, **arrays}


def load_reference(path: Path) -> Reference:
    """Reads a reference written by `save_reference`, or the layout of shared robot motions.

    The shared layout holds `fps`, `root_pos` [T, 3] m, `root_quat_wxyz` [T, 4], `joint_pos`
    [T, 29] rad and `joint_names`; its joints are put into the SDK's order by name, contacts are
    taken as unknown (none) and hands as NaN.

    Raises:
        RetargetError: the file is not such an npz, or its arrays do not fit together.
    """
    try:
        data = read_npz(path)
    except (OSError, ValueError) as error:
        raise RetargetError(f"reference {path.name}: {error}; not read") from error
    return reference_from(data, path.name)


def reference_from(data: Mapping[str, Any], name: str) -> Reference:
    """The reference whose fields are in `data`, in either layout; `name` is for messages.

    Raises:
        RetargetError: fields are missing or do not fit together.
    """
    try:
        reference = _from_shared(data, name) if "joint_pos" in data else _from_own(data)
    except KeyError as error:
        raise RetargetError(f"reference {name}: field {error} is missing") from error
    except (TypeError, ValueError, IndexError) as error:
        raise RetargetError(f"reference {name}: {error}; not read") from error
    _check(reference, name)
    return reference


def _from_own(data: Mapping[str, Any]) -> Reference:
    arrays = {name: data[name] for name in _ARRAYS}
    arrays = {name: array.astype(np.float64) for name, array in arrays.items()}
    arrays["contact"] = data["contact"].astype(bool)
    return Reference(rate_hz=float(data["rate_hz"]), source=str(data["source"]), **arrays)


def _from_shared(data: Mapping[str, Any], name: str) -> Reference:
    given = [str(joint) for joint in data["joint_names"]]
    given = [joint if joint.endswith("_joint") else f"{joint}_joint" for joint in given]
    missing = [joint for joint in joint_table().names if joint not in given]
    if missing:
        raise RetargetError(f"reference {name}: joint {missing[0]} is missing")
    order = [given.index(joint) for joint in joint_table().names]
    frames = len(data["joint_pos"])
    return Reference(
        rate_hz=float(data["fps"]),
        root_position_in_world=data["root_pos"].astype(np.float64),
        quat_world_root_wxyz=data["root_quat_wxyz"].astype(np.float64),
        joint_position=data["joint_pos"][:, order].astype(np.float64),
        contact=np.zeros((frames, 2), bool),
        hand_openness=np.full((frames, 2), np.nan),
        source=name,
    )


def _check(reference: Reference, name: str) -> None:
    frames = len(reference.joint_position)
    widths = dict(zip(_ARRAYS, (3, 4, len(joint_table().names), 2, 2), strict=True))
    for field, width in widths.items():
        got = getattr(reference, field).shape
        if got != (frames, width):
            raise RetargetError(
                f"reference {name}: {field} has shape {got}, expected {(frames, width)}"
            )
    if not 0 < reference.rate_hz < np.inf:
        raise RetargetError(f"reference {name}: rate {reference.rate_hz} Hz, must be positive")
    for field in _ARRAYS[:3]:
        if not np.isfinite(getattr(reference, field)).all():
            raise RetargetError(f"reference {name}: {field} is not finite; not read")
