"""Which stage of the chain an incident points to, and why: the first rule that holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from exoactor_rt.recorder import RunRecord
from exoactor_rt.replay.clip_view import PARTS, Glimpse
from exoactor_rt.replay.explain.incident import Incident, IncidentKind
from exoactor_rt.replay.explain.origin import Origin
from exoactor_rt.replay.explain.symptom import Symptom

_ROBOT_CAUSES = {"state_not_finite", "state_age", "clock", "attitude", "imu_frozen", "crc_errors"}
_TOLD_CAUSES = {
    "motor_hot",
    "motor_fault",
    "battery_low",
    "mode_changed",
    "second_publisher",
    "motor_warm",
    "battery_reserve",
}
_ASKED_CAUSES = {"remote_abort", "emergency_stop"}
_CONTROL_CAUSES = {
    "command_not_finite",
    "command_age",
    "stiffness",
    "damping",
    "controller",
    "command_rate",
    "command_gap",
    "target_age",
    "overruns",
    "plan_age",
    "heartbeat",
}
_JUMP_CHECKS = ("jerk", "acceleration", "velocity")
_MOTION_CHECKS = ("self_collision", "position", "tilt", "torque_needed")
_CLIP_SUFFIXES = (".mp4", ".mov", ".avi", ".mkv", ".webm")
_ARM = ("shoulder", "elbow", "wrist", "hand", "forearm", "upper_arm")
_LEG = ("hip", "knee", "ankle", "foot", "shin", "thigh")
_WORDS = {"torso": ("waist", "torso", "pelvis")} | {
    f"{side} {limb}": tuple(f"{side}_{word}" for word in words)
    for side in ("left", "right")
    for limb, words in (("arm", _ARM), ("leg", _LEG))
}
_ASKED = {
    IncidentKind.STOP: "a person or program asked for it",
    IncidentKind.DAMP_REQUEST: "a person or program asked for it",
    IncidentKind.OWNER_LOSS: "the program that owned the robot ended or hung",
}


class Refused(NamedTuple):
    """A check that the plan does not pass, what it says, and what of it the clip hardly showed."""

    check: str
    words: str
    hidden: str = ""


Pointed = tuple[Origin, str]
"""The stage, and why."""


def point_to(
    incident: Incident,
    symptoms: Sequence[Symptom],
    refused: Sequence[Refused],
    clip: bool,
    hidden: Sequence[Glimpse] = (),
) -> Pointed:
    """The stage that an incident points to, and why.

    Args:
        incident: what happened.
        symptoms: what became unusual before, the first first.
        refused: what the checks refuse of the plan, the first first.
        clip: whether the motion came from a video.
        hidden: what of the person the clip hardly showed at that time.
    """
    rules = (
        _asked_for(incident),
        _told_by_robot(incident),
        _sensed_badly(incident, symptoms),
        (stage_of_plan(item, clip) for item in refused),
        _commanded_badly(incident),
        _guessed(hidden),
        ((item.quantity.origin, _passing(item.quantity.meaning)) for item in symptoms),
    )
    for rule in rules:
        for pointed in rule:
            return pointed
    return Origin.CONTROL, _passing("nothing was unusual before")


def stage_of_plan(refused: Refused, clip: bool) -> Pointed:
    """Where a plan got what its check refuses."""
    because = f"the plan asks for what its check refuses: {refused.words}"
    if refused.hidden and refused.check in (*_JUMP_CHECKS, *_MOTION_CHECKS):
        return Origin.VIDEO, f"{because}; {refused.hidden}, so that its motion there is a guess"
    if clip and refused.check in _JUMP_CHECKS:
        return Origin.VIDEO, f"{because}; a jump of the pose in the clip makes such a motion"
    if refused.check in (*_JUMP_CHECKS, *_MOTION_CHECKS):
        return Origin.MOTION, f"{because}; it came with the reference"
    return Origin.PLAN, because


def parts_of(where: str) -> tuple[str, ...]:
    """The parts of the body that a finding's joint or pair names; all where it names none."""
    named = where.replace(" ", "_")
    found = tuple(part for part in PARTS if any(word in named for word in _WORDS[part]))
    return found or tuple(PARTS)


def from_clip(run: RunRecord) -> bool:
    """Whether the log says that its motion came from a video."""
    return run.metadata.get("input", "").lower().endswith(_CLIP_SUFFIXES)


def _asked_for(incident: Incident) -> Iterator[Pointed]:
    if incident.kind in _ASKED:
        yield Origin.PEOPLE, _ASKED[incident.kind]
    if incident.cause in _ASKED_CAUSES:
        yield Origin.PEOPLE, "a person pressed the emergency stop, or a program asked for it"


def _told_by_robot(incident: Incident) -> Iterator[Pointed]:
    if incident.kind is IncidentKind.ROBOT_FINDING or incident.cause in _TOLD_CAUSES:
        yield Origin.ROBOT, "the robot itself told it"
    for text in incident.follows:
        if ": robot " in text:
            yield Origin.ROBOT, f"the robot itself told it ({text})"


def _sensed_badly(incident: Incident, symptoms: Sequence[Symptom]) -> Iterator[Pointed]:
    for symptom in symptoms:
        if symptom.quantity.origin is Origin.ROBOT:
            yield Origin.ROBOT, symptom.quantity.meaning
    if incident.cause in _ROBOT_CAUSES:
        yield Origin.ROBOT, "what it measured was not usable"


def _commanded_badly(incident: Incident) -> Iterator[Pointed]:
    if incident.cause in _CONTROL_CAUSES:
        yield (
            Origin.CONTROL,
            _passing("the controller or its process gave no usable command in time"),
        )


def _guessed(hidden: Sequence[Glimpse]) -> Iterator[Pointed]:
    if 2 * len(hidden) > len(PARTS):
        yield (
            Origin.VIDEO,
            _passing("most of the person was hidden in the clip, so that the motion is a guess"),
        )


def _passing(words: str) -> str:
    return f"{words}; the plan passes its check"
