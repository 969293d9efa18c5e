"""Motions on disk, of the robot or of a person, brought to references of the robot."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from exoactor_rt.errors import RetargetError
from exoactor_rt.motion import load_bvh
from exoactor_rt.planning import label_contacts
from exoactor_rt.retarget import load_reference, retarget_motion
from exoactor_rt.robots.g1 import joint_table
from exoactor_rt.types import FloatArray, Reference

SUFFIXES = (".npz", ".bvh", ".csv")
LAFAN_RATE_HZ = 30.0
LEAST_FRAMES = 2
MAX_NORM_ERROR = 0.05
_ROOT_COLUMNS = 7
_XYZW_TO_WXYZ = [3, 0, 1, 2]


def find_motions(folder: Path) -> list[Path]:
    """All npz, BVH and CSV files of a folder and those below it, sorted by path.

    Raises:
        RetargetError: the folder is not there, or holds no motion.
    """
    if not folder.is_dir():
        raise RetargetError(f"{folder}: not a folder; nothing run")
    found = [
        path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file()
    ]
    if not found:
        raise RetargetError(f"{folder}: no file of {', '.join(SUFFIXES)}; nothing run")
    return sorted(found, key=lambda path: path.relative_to(folder).as_posix())


def read_reference(path: Path) -> Reference:
    """Any motion file as a reference with foot contacts.

    BVH goes through the motion and retarget rooms, at the person's size as the file tells it; npz
    and CSV are the robot's own motion. Contacts are labelled where the file has none.

    Raises:
        MotionError: a BVH file cannot be used.
        PlanningError: contacts cannot be labelled.
        RetargetError: any other file cannot be used.
    """
    suffix = path.suffix.lower()
    if suffix == ".bvh":
        return retarget_motion(load_bvh(path))
    reference = read_lafan_csv(path) if suffix == ".csv" else load_reference(path)
    if len(reference.joint_position) < LEAST_FRAMES:
        raise RetargetError(
            f"motion {path.name}: {len(reference.joint_position)} frames, at least {LEAST_FRAMES} "
            "needed; not loaded"
        )
    if reference.contact.any():
        return reference
    contact = label_contacts(
        reference.rate_hz,
        reference.root_position_in_world,
        reference.quat_world_root_wxyz,
        reference.joint_position,
    )
    return replace(reference, contact=contact)


def read_lafan_csv(path: Path) -> Reference:
    """A motion of Unitree's retargeted LAFAN1 set; contacts are unknown (none).

    No header; a line is a frame at 30 Hz: root xyz (m), root quaternion xyzw, 29 joints (rad) in
    the SDK's order.

    Raises:
        RetargetError: the file cannot be read, or a line is malformed; the message names the line.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise RetargetError(f"motion {path.name}: not a readable text file ({error})") from error
    while lines and not lines[-1].strip():
        lines.pop()
    if not lines:
        raise RetargetError(f"motion {path.name}: no frames; not loaded")
    values = np.array([_row(path.name, number, line) for number, line in enumerate(lines, 1)])
    quat_wxyz = values[:, 3:_ROOT_COLUMNS][:, _XYZW_TO_WXYZ]
    return Reference(
        rate_hz=LAFAN_RATE_HZ,
        root_position_in_world=values[:, :3],
        quat_world_root_wxyz=quat_wxyz / np.linalg.norm(quat_wxyz, axis=1, keepdims=True),
        joint_position=values[:, _ROOT_COLUMNS:],
        contact=np.zeros((len(values), 2), dtype=bool),
        hand_openness=np.full((len(values), 2), np.nan),
        source=path.name,
    )


def _row(name: str, number: int, line: str) -> FloatArray:
    where = f"motion {name} line {number}"
    cells = line.split(",")
    expected = _ROOT_COLUMNS + len(joint_table().names)
    if len(cells) != expected:
        raise RetargetError(f"{where}: {len(cells)} columns, expected {expected}; not loaded")
    for column, cell in enumerate(cells, 1):
        try:
            finite = bool(np.isfinite(float(cell)))
        except ValueError:
            finite = False
        if not finite:
            raise RetargetError(
                f"{where} column {column}: {cell.strip()!r}, expected a finite number; not loaded"
            )
    row = np.array([float(cell) for cell in cells])
    norm = float(np.linalg.norm(row[3:_ROOT_COLUMNS]))
    if abs(norm - 1.0) > MAX_NORM_ERROR:
        raise RetargetError(
            f"{where} columns 4 to 7: quaternion of length {norm:.3g}, allowed 1 +- "
            f"{MAX_NORM_ERROR}; not loaded"
        )
    return row
