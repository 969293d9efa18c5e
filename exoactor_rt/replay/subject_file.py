"""From a file to what is checked: a log, a plan or a reference."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from exoactor_rt._core.safety import is_driven
from exoactor_rt._core.types import PhaseKind, Plan
from exoactor_rt.errors import LogError, PlanningError
from exoactor_rt.planning import load_plan, plan_clock
from exoactor_rt.progress import ReportProgress
from exoactor_rt.recorder import RunRecord, read_run
from exoactor_rt.replay.subject import Kind, Subject
from exoactor_rt.retarget import kinematics, load_reference
from exoactor_rt.retarget.metrics import sole_corners
from exoactor_rt.sim.rollout import TIMING_COLUMNS, Rollout
from exoactor_rt.types import FloatArray, Reference

PLAN_RATE_HZ = 50.0
"""Rate at which a plan's nominal execution is checked."""

HEALTH_COLUMNS = (
    "state_crc_errors",
    "winding_c",
    "casing_c",
    "battery_percent",
    "motor_fault",
    "mode_machine",
    "command_publishers",
)
"""What a robot tells of itself, if it does: `health_stamp_ns` is 0 where it does not."""

LOG_COLUMNS = (
    "sensed_position",
    "sensed_velocity",
    "sensed_torque",
    "quat_world_imu_wxyz",
    "gyro_in_imu",
    "base_position_in_world",
    "quat_world_base_wxyz",
    "sent_position",
    "sent_velocity",
    "sent_torque",
    "sent_stiffness",
    "sent_damping",
    "contact",
    "dcm_in_world",
    "zmp_in_world",
    "guard_state",
    "trip_cause",
    "late_ns",
    "took_ns",
    "sensed_stamp_ns",
    "health_stamp_ns",
    *HEALTH_COLUMNS,
)
"""Columns of a log that checks read."""

_ARCHIVE = b"PK"


def load_subject(path: Path, progress: ReportProgress | None = None) -> Subject:
    """Reads what is to be checked; the content tells the kind, not the name.

    Raises:
        ExoactorError: the file cannot be read, or is none of the three.
    """
    if is_log(path):
        return subject_of_run(read_run(path, LOG_COLUMNS, progress))
    if _is_plan(path):
        return subject_of_plan(load_plan(path), path.name)
    return subject_of_reference(load_reference(path), path.name)


def is_log(path: Path) -> bool:
    """Whether the file is no archive, so that it must be a log.

    Raises:
        LogError: the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(len(_ARCHIVE)) != _ARCHIVE
    except OSError as error:
        raise LogError(f"{path}: {error.strerror}; nothing checked") from error


def _is_plan(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return "header.npy" in archive.namelist()
    except (OSError, zipfile.BadZipFile) as error:
        raise LogError(f"{path}: damaged archive: {error}; nothing checked") from error


def _without_unknown_health(ticks: dict[str, npt.NDArray[Any]]) -> dict[str, npt.NDArray[Any]]:
    """Without the columns of what this robot did not tell of itself."""
    unknown: set[str] = set()
    if "health_stamp_ns" in ticks and not np.any(ticks.pop("health_stamp_ns")):
        unknown.update(HEALTH_COLUMNS)
    battery = ticks.get("battery_percent", np.zeros(1))
    told = battery >= 0
    if not np.any(told):
        unknown.add("battery_percent")
    elif not np.all(told):
        ticks["battery_percent"] = np.where(told, battery, battery[told][0])
    return {name: column for name, column in ticks.items() if name not in unknown}


def subject_of_run(run: RunRecord) -> Subject:
    """What a log tells.

    Raises:
        LogError: the log lacks joint positions or attitudes.
    """
    ticks = dict(run.ticks)
    for name in ("sensed_position", "quat_world_base_wxyz"):
        if name not in ticks:
            raise LogError(f"log {run.path}: it has no column {name}; nothing checked")
    dropped = run.metadata.get("dropped_ticks", "0")
    stamps = ticks["now_ns"]
    return replace(
        _subject_of_ticks(ticks, run.path.name),
        damages=run.damages,
        dropped_ticks=int(dropped) if dropped.isdecimal() else 1,
        events=tuple(
            ((event.stamp_ns - int(stamps[0])) * 1e-9, event.severity, event.text)
            for event in run.events
        ),
        facts=dict(run.metadata),
    )


def subject_of_rollout(rollout: Rollout, name: str) -> Subject:
    """What a log of the rollout would tell, but for the computing time, which is this machine's."""
    told = set(LOG_COLUMNS).difference(TIMING_COLUMNS).intersection(rollout.ticks)
    ticks = {column: rollout.ticks[column] for column in ("now_ns", *sorted(told))}
    return _subject_of_ticks(ticks, name)


def _subject_of_ticks(ticks: dict[str, npt.NDArray[Any]], name: str) -> Subject:
    """`ticks` have the columns of LOG_COLUMNS and now_ns; those with a place of their own leave."""
    ticks = _without_unknown_health(ticks)
    stamps = ticks["now_ns"]
    state = ticks.get("guard_state")
    return Subject(
        Kind.LOG,
        name,
        (stamps - stamps[0]) * 1e-9,
        ticks.pop("sensed_position"),
        ticks.pop("sensed_velocity", None),
        ticks.pop("sensed_torque", None),
        ticks.pop("base_position_in_world", None),
        ticks.pop("quat_world_base_wxyz"),
        ticks.pop("contact") > 0.5 if "contact" in ticks else None,
        np.ones(len(stamps), bool) if state is None else is_driven(state),
        ticks,
    )


def subject_of_reference(reference: Reference, name: str) -> Subject:
    """A reference as it stands; one without any contact is taken as not telling them."""
    count = len(reference.joint_position)
    return Subject(
        Kind.REFERENCE,
        name,
        np.arange(count) / reference.rate_hz,
        reference.joint_position,
        None,
        None,
        reference.root_position_in_world,
        reference.quat_world_root_wxyz,
        reference.contact if reference.contact.any() else None,
        np.ones(count, bool),
        facts={"rate": f"{reference.rate_hz:.4g} Hz", "source": reference.source},
    )


def subject_of_plan(plan: Plan, name: str) -> Subject:
    """The nominal execution of a plan: posture by the plan's clock, blended with standing.

    A plan's steps are relative to feet, so it has no place in the world; the pelvis has the
    attitude that the plan asks for and stands on its lower sole.

    Raises:
        PlanningError: the plan has no duration.
    """
    corners = plan_clock(plan)
    if not len(corners) or corners[-1, 0] <= 0:
        raise PlanningError(f"plan {name}: it lasts no time; nothing checked")
    count = max(2, int(corners[-1, 0] * PLAN_RATE_HZ) + 1)
    times_s = np.arange(count) / PLAN_RATE_HZ
    reference_s = np.interp(times_s, corners[:, 0], corners[:, 1])
    blend = _blend(plan, corners, times_s)
    posture = plan.posture
    frame = reference_s * posture.rate_hz
    joints = _sampled(posture.joint_position, frame)
    joints = plan.standing_position + blend[:, None] * (joints - plan.standing_position)
    upright = np.array([1.0, 0.0, 0.0, 0.0])
    quats = _sampled(posture.quat_heading_pelvis_wxyz, frame)
    quats = upright + blend[:, None] * (quats - upright)
    quats = quats / np.linalg.norm(quats, axis=1, keepdims=True)
    height = -_lowest_sole(quats, joints)
    root = np.stack([np.zeros(count), np.zeros(count), height], axis=1)
    facts = {"level": plan.level.name.lower(), "steps": str(len(plan.steps))}
    return Subject(
        Kind.PLAN,
        name,
        times_s,
        joints,
        None,
        None,
        root,
        quats,
        None,
        np.ones(count, bool),
        facts=facts,
    )


def _blend(plan: Plan, corners: FloatArray, times_s: FloatArray) -> FloatArray:
    """[N] 0 standing pose .. 1 reference, by the phases' own times.

    A stance blends over all of its time, a walk within its first weight shift.
    """
    ends, values = [0.0], [plan.phases[0].blend_start]
    corner = 0
    for phase in plan.phases:
        steps = phase.step_count if phase.kind == PhaseKind.WALK else 0
        blended = min(corner + 1, len(corners) - 1)
        corner = min(corner + 2 * steps + 1, len(corners) - 1)
        ends += [ends[-1] + 1e-9, float(corners[blended, 0]), float(corners[corner, 0])]
        values += [phase.blend_start, phase.blend_end, phase.blend_end]
    return np.interp(times_s, ends, values)


def _sampled(values: FloatArray, frame: FloatArray) -> FloatArray:
    """Rows of `values` at fractions of frames, linearly between."""
    frame = np.clip(frame, 0, len(values) - 1)
    before = np.minimum(frame.astype(int), len(values) - 1)
    after = np.minimum(before + 1, len(values) - 1)
    share = (frame - before)[:, None]
    return np.asarray((1 - share) * values[before] + share * values[after])


def _lowest_sole(quats_wxyz: FloatArray, joints: FloatArray) -> FloatArray:
    """[N] m, height of the lowest sole corner when the pelvis is at zero."""
    positions, quats = kinematics().forward(np.zeros((len(joints), 3)), quats_wxyz, joints)
    lowest: FloatArray = sole_corners(positions, quats)[..., 2].min(axis=(1, 2))
    return lowest
