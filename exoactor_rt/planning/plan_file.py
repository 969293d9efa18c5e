"""A plan as one file: NumPy archive with the numbers, and a JSON header with the words."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from exoactor_rt._core.planning import check_plan
from exoactor_rt._core.types import (
    AskedStep,
    BurstTiming,
    FootKeyframe,
    Footstep,
    Phase,
    PhaseKind,
    Plan,
    PlanChange,
    PlanLevel,
    PostureTrack,
    Side,
)
from exoactor_rt.errors import PlanningError
from exoactor_rt.npz_file import MAX_BYTES, read_npz
from exoactor_rt.types import FloatArray

SCHEMA = "exoactor.plan"
VERSION = 2

_ASKED = ("forward_m", "lateral_m", "yaw_rad", "swing_s", "lift_m")
_STEP = (*_ASKED, "reference_liftoff_s", "reference_touchdown_s")
_KEYFRAME = ("time_s", "forward_m", "lateral_m", "height_m", "yaw_rad", "pitch_rad")
_PHASE = ("reference_start_s", "reference_end_s", "duration_s", "blend_start", "blend_end")
_CHANGE = ("reference_start_s", "reference_end_s", "asked", "given")
_CHANGE_WORDS = ("what", "unit", "why")
_BURST = ("shift_s", "double_support_s", "settle_s")
_TRACK = {
    "joint_position": (None, 29),
    "quat_heading_torso_wxyz": (None, 4),
    "quat_heading_pelvis_wxyz": (None, 4),
    "com_height": (None,),
}


def _table(items: list[Any], names: tuple[str, ...]) -> FloatArray:
    rows = [[float(getattr(item, name)) for name in names] for item in items]
    return np.array(rows, dtype=np.float64).reshape(len(items), len(names))


def _fill(item: Any, names: tuple[str, ...], row: FloatArray) -> Any:
    for name, value in zip(names, row, strict=True):
        setattr(item, name, float(value))
    return item


def save_plan(plan: Plan, path: str | Path) -> Path:
    """Writes `plan` to `path`; nothing is left half-written.

    Raises:
        PlanningError: the plan does not pass check_plan, or the file cannot be written.
    """
    path = Path(path)
    _require_feasible(plan, str(path))
    steps, phases, changes, posture = plan.steps, plan.phases, plan.changes, plan.posture
    header = {
        "schema": SCHEMA,
        "version": VERSION,
        "level": plan.level.name,
        "posture_rate_hz": posture.rate_hz,
        "changes": [{word: getattr(c, word) for word in _CHANGE_WORDS} for c in changes],
    }
    arrays: dict[str, Any] = {
        "header": np.array(json.dumps(header)),
        "standing_position": plan.standing_position,
        "burst": _table([plan.burst], _BURST)[0],
        "steps": _table(steps, _STEP),
        "steps_asked": _table([step.asked for step in steps], _ASKED),
        "steps_kind": np.array(
            [[int(s.side), int(s.inserted), s.first_keyframe, s.keyframe_count] for s in steps],
            dtype=np.int64,
        ),
        "foot_keyframes": _table(plan.foot_keyframes, _KEYFRAME),
        "phases": _table(phases, _PHASE),
        "phases_kind": np.array(
            [[int(p.kind), p.first_step, p.step_count] for p in phases], dtype=np.int64
        ),
        "changes": _table(changes, _CHANGE),
    }
    arrays |= {name: getattr(posture, name) for name in _TRACK}
    try:
        part = path.with_name(path.name + ".part")
        try:
            with part.open("wb") as file:
                np.savez_compressed(file, **arrays)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise PlanningError(f"plan {path}: cannot be written: {error}") from error
    return path


def _require_feasible(plan: Plan, name: str) -> None:
    violations = check_plan(plan)
    if violations:
        raise PlanningError(f"plan {name}: {violations[0]}")


class _Archive:
    """Arrays of one file, checked for shape and type as they are taken."""

    def __init__(self, source: Path | BinaryIO, name: str, max_bytes: int = MAX_BYTES) -> None:
        self.name = name
        try:
            self.arrays = read_npz(source, max_bytes)
        except (OSError, ValueError) as error:
            raise PlanningError(f"plan {name}: not a plan file: {error}; not loaded") from error

    def take(self, name: str, shape: tuple[int | None, ...], kind: str = "f") -> Any:
        array = self.arrays.get(name)
        if array is None:
            raise PlanningError(f"plan {self.name}: array '{name}' is missing; not loaded")
        if array.dtype.kind != kind or array.ndim != len(shape):
            raise PlanningError(
                f"plan {self.name}: array '{name}' is {array.dtype}{list(array.shape)},"
                f" allowed kind '{kind}' of {len(shape)} dimensions; not loaded"
            )
        fits = all(
            want is None or want == got for want, got in zip(shape, array.shape, strict=True)
        )
        if not fits:
            raise PlanningError(
                f"plan {self.name}: array '{name}' has shape {list(array.shape)},"
                f" allowed {list(shape)}; not loaded"
            )
        if kind == "f" and not np.isfinite(array).all():
            raise PlanningError(f"plan {self.name}: array '{name}' is not finite; not loaded")
        return array

    def header(self) -> dict[str, Any]:
        try:
            header = json.loads(str(self.take("header", (), "U")))
        except (ValueError, RecursionError) as error:
            raise PlanningError(f"plan {self.name}: damaged header: {error!r}") from error
        if not isinstance(header, dict) or header.get("schema") != SCHEMA:
            raise PlanningError(f"plan {self.name}: not a plan file; not loaded")
        if header.get("version") != VERSION:
            found = f"{header.get('version')!r:.40}"
            raise PlanningError(f"plan {self.name}: version {found}, allowed {VERSION}; not loaded")
        return header


def _read_steps(archive: _Archive) -> list[Footstep]:
    numbers = archive.take("steps", (None, len(_STEP)))
    asked = archive.take("steps_asked", (len(numbers), len(_ASKED)))
    if len(numbers) == 0:
        return []
    steps = []
    kinds = archive.take("steps_kind", (len(numbers), 4), "i")
    for row, asked_row, (side, inserted, first_keyframe, keyframe_count) in zip(
        numbers, asked, kinds, strict=True
    ):
        step = _fill(Footstep(), _STEP, row)
        step.side = Side(int(side))
        step.inserted = bool(inserted)
        step.first_keyframe = int(first_keyframe)
        step.keyframe_count = int(keyframe_count)
        step.asked = _fill(AskedStep(), _ASKED, asked_row)
        steps.append(step)
    return steps


def _read_keyframes(archive: _Archive) -> list[FootKeyframe]:
    numbers = archive.take("foot_keyframes", (None, len(_KEYFRAME)))
    return [_fill(FootKeyframe(), _KEYFRAME, row) for row in numbers]


def _read_phases(archive: _Archive) -> list[Phase]:
    numbers = archive.take("phases", (None, len(_PHASE)))
    kinds = archive.take("phases_kind", (len(numbers), 3), "i")
    phases = []
    for row, (kind, first_step, step_count) in zip(numbers, kinds, strict=True):
        phase = _fill(Phase(), _PHASE, row)
        phase.kind = PhaseKind(int(kind))
        phase.first_step = int(first_step)
        phase.step_count = int(step_count)
        phases.append(phase)
    return phases


def _read_changes(archive: _Archive, words: list[dict[str, str]]) -> list[PlanChange]:
    numbers = archive.take("changes", (len(words), len(_CHANGE)))
    changes = []
    for row, texts in zip(numbers, words, strict=True):
        change = _fill(PlanChange(), _CHANGE, row)
        for word in _CHANGE_WORDS:
            setattr(change, word, texts[word])
        changes.append(change)
    return changes


def load_plan(path: str | Path) -> Plan:
    """Reads and checks a plan: every number equals the saved one and lies within its level.

    Raises:
        PlanningError: the file is missing, damaged, of another version or infeasible.
    """
    return _plan_of(_Archive(Path(path), str(path)))


def parse_plan(content: bytes, name: str, max_bytes: int = MAX_BYTES) -> Plan:
    """As load_plan, from a plan file's bytes.

    Args:
        content: the file's bytes.
        name: what errors call it.
        max_bytes: bound on what they unpack to.
    """
    return _plan_of(_Archive(io.BytesIO(content), name, max_bytes))


def _plan_of(archive: _Archive) -> Plan:
    header = archive.header()
    plan = Plan()
    posture = PostureTrack()
    try:
        plan.level = PlanLevel.__members__[header["level"]]
        posture.rate_hz = float(header["posture_rate_hz"])
        plan.steps = _read_steps(archive)
        plan.foot_keyframes = _read_keyframes(archive)
        plan.phases = _read_phases(archive)
        plan.changes = _read_changes(archive, header["changes"])
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise PlanningError(f"plan {archive.name}: damaged: {error!r}; not loaded") from error
    for name, shape in _TRACK.items():
        setattr(posture, name, archive.take(name, shape))
    plan.posture = posture
    plan.standing_position = archive.take("standing_position", (29,))
    plan.burst = _fill(BurstTiming(), _BURST, archive.take("burst", (len(_BURST),)))
    _require_feasible(plan, archive.name)
    return plan
