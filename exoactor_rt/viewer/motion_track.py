"""What a viewer shows of a log, a plan or a reference: poses of all links over time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from exoactor_rt.progress import ReportProgress
from exoactor_rt.recorder import read_run
from exoactor_rt.replay import Kind, Subject, load_subject, subject_of_run
from exoactor_rt.replay.checks import Evidence
from exoactor_rt.replay.subject_file import LOG_COLUMNS, is_log
from exoactor_rt.retarget import kinematics
from exoactor_rt.types import BoolArray, FloatArray

_ASKED = "planned_position"
_REFERENCE_TIME = "reference_time_s"


@dataclass(frozen=True)
class MotionTrack:
    """`M` moments of a motion; link order of `kinematic_bodies`.

    Attributes:
        name: of the file.
        kind: log, plan or reference.
        times_s: [M] s from the first sample.
        reference_time_s: [M] s, where in the reference the robot is.
        position_in_world: [M, 30, 3] m, of the links.
        quat_world_link_wxyz: [M, 30, 4].
        asked: the same two of the posture that was asked for, on the robot's own pelvis; None where
            nothing else was asked for than what is shown.
        contact: [M, 2] a foot stands, left first; None where unknown.
        com_in_world: [M, 3] m, centre of mass.
        events: (s from the first sample, severity, text), in order.
    """

    name: str
    kind: Kind
    times_s: FloatArray
    reference_time_s: FloatArray
    position_in_world: FloatArray
    quat_world_link_wxyz: FloatArray
    asked: tuple[FloatArray, FloatArray] | None
    contact: BoolArray | None
    com_in_world: FloatArray
    events: tuple[tuple[float, str, str], ...] = ()

    def sample_at(self, time_s: float) -> int:
        """Row that shows `time_s`: the last not after it, the first before the beginning."""
        row = int(np.searchsorted(self.times_s, time_s + 1e-9, side="right")) - 1
        return max(row, 0)


def load_motion_track(path: Path, progress: ReportProgress | None = None) -> MotionTrack:
    """Reads a log (MCAP), a plan or a reference (npz); logs at 50 Hz.

    Raises:
        ExoactorError: the file cannot be read, or is none of the three.
    """
    if not is_log(path):
        return _track_of(load_subject(path))
    run = read_run(path, (*LOG_COLUMNS, _ASKED, _REFERENCE_TIME), progress)
    return _track_of(subject_of_run(run))


def _track_of(subject: Subject) -> MotionTrack:
    """All of it, also what came after the guard had tripped."""
    evidence = Evidence(replace(subject, driven=np.ones_like(subject.driven)))
    rows = evidence.samples
    positions, quats = evidence.links
    asked = subject.ticks.get(_ASKED)
    reference_time = subject.ticks.get(_REFERENCE_TIME)
    ghost = None
    if asked is not None:
        posture = asked[rows]
        posture = np.where(posture.any(axis=1, keepdims=True), posture, evidence.posture)
        ghost = kinematics().forward(positions[:, 0], quats[:, 0], posture)
    return MotionTrack(
        subject.name,
        subject.kind,
        evidence.sample_times_s,
        evidence.sample_times_s if reference_time is None else reference_time[rows],
        positions,
        quats,
        ghost,
        None if subject.contact is None else subject.contact[rows],
        evidence.com,
        subject.events,
    )
