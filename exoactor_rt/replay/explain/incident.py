"""Finds in a log what ended or interrupted the motion."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np

from exoactor_rt._core.safety import GuardState, TripCause
from exoactor_rt.recorder import RunRecord
from exoactor_rt.replay.fall import first_fall
from exoactor_rt.robots import g1

TOGETHER_S = 3.0
"""What begins within this time after an incident follows from it."""


class IncidentKind(str, Enum):
    """What ended or interrupted the motion."""

    TRIP = "trip"
    DAMP_REQUEST = "damp_request"
    ROBOT_FINDING = "robot_finding"
    FALL = "fall"
    OWNER_LOSS = "owner_loss"
    STOP = "stop"
    CONCERN = "concern"


@dataclass(frozen=True)
class Incident:
    """One of them.

    Attributes:
        kind: what.
        row: of the tick at which it was.
        time_s: from the log's first tick.
        words: what happened, with figures.
        cause: name of the guard's cause; empty where it did not trip.
        joint: concerned, SDK order; -1 for none.
        got: what the guard measured; NaN where the log does not tell.
        allowed: its limit.
        follows: what came of it within TOGETHER_S, in words with times.
    """

    kind: IncidentKind
    row: int
    time_s: float
    words: str
    cause: str = ""
    joint: int = -1
    got: float = float("nan")
    allowed: float = float("nan")
    follows: tuple[str, ...] = ()


def find_incidents(run: RunRecord) -> list[Incident]:
    """The incidents of a log in order; what follows from one is told with it."""
    found = sorted(
        [*_dampings(run), *_falls(run), *_told(run), *_stops(run), *_concerns(run)],
        key=lambda item: item.time_s,
    )
    kept: list[Incident] = []
    for item in found:
        if kept and item.time_s - kept[-1].time_s <= TOGETHER_S:
            before = kept[-1]
            words = f"{item.time_s:.3f} s: {item.words}"
            if item.words != before.words and words not in before.follows:
                kept[-1] = replace(before, follows=(*before.follows, words))
        else:
            kept.append(item)
    return kept


def time_of(run: RunRecord, row: int) -> float:
    """Seconds from the log's first tick."""
    stamps = run.ticks["now_ns"]
    return float(stamps[row] - stamps[0]) * 1e-9


def _dampings(run: RunRecord) -> Iterator[Incident]:
    ticks = run.ticks
    state = ticks["guard_state"]
    damping = state == int(GuardState.DAMPING)
    for row in (np.flatnonzero(np.diff(damping.astype(int)) == 1) + 1).tolist():
        cause = TripCause(int(ticks["trip_cause"][row]))
        if cause != TripCause.REQUESTED:
            yield _trip(run, row, cause)
        elif row != len(state) - 1:  # the loop's own end damps in the last tick
            yield Incident(
                IncidentKind.DAMP_REQUEST, row, time_of(run, row), "damping was asked for"
            )


def _trip(run: RunRecord, row: int, cause: TripCause) -> Incident:
    ticks = run.ticks
    name = cause.name.lower()
    joint = int(ticks["trip_joint"][row]) if "trip_joint" in ticks else -1
    got = float(ticks["trip_got"][row]) if "trip_got" in ticks else float("nan")
    allowed = float(ticks["trip_allowed"][row]) if "trip_allowed" in ticks else float("nan")
    where = f" ({joint_name(joint)})" if joint >= 0 else ""
    figures = "" if np.isnan(allowed) else f": {got:.4g}, allowed {allowed:.4g}"
    return Incident(
        IncidentKind.TRIP,
        row,
        time_of(run, row),
        f"the guard damped for {name}{where}{figures}",
        name,
        joint,
        got,
        allowed,
    )


def _falls(run: RunRecord) -> Iterator[Incident]:
    fall = first_fall(run.ticks)
    if fall is not None:
        row, words = fall
        yield Incident(IncidentKind.FALL, row, time_of(run, row), f"the robot fell: {words}")


def _told(run: RunRecord) -> Iterator[Incident]:
    """What the events say that no column does: the robot's own findings, owners that were lost."""
    stamps = run.ticks["now_ns"]
    for event in run.events:
        row = min(int(np.searchsorted(stamps, event.stamp_ns)), len(stamps) - 1)
        time_s = (event.stamp_ns - int(stamps[0])) * 1e-9
        if event.severity == "error" and event.text.startswith("robot"):
            joint = _joint_in(event.text)
            yield Incident(IncidentKind.ROBOT_FINDING, row, time_s, event.text, joint=joint)
        elif event.text.startswith("fallen: "):
            yield Incident(IncidentKind.FALL, row, time_s, f"the robot fell: {event.text[8:]}")
        elif event.text.startswith("owner ") and event.text.endswith(" lost"):
            yield Incident(IncidentKind.OWNER_LOSS, row, time_s, event.text)


def _stops(run: RunRecord) -> Iterator[Incident]:
    inputs = run.inputs
    if not inputs:
        return
    stops = inputs["stops"]
    before = np.concatenate([[0], stops[:-1]])
    last = len(run.ticks["now_ns"]) - 1
    for place in np.flatnonzero(stops > before).tolist():
        row = min(int(np.searchsorted(run.ticks["tick_index"], inputs["tick_index"][place])), last)
        yield Incident(IncidentKind.STOP, row, time_of(run, row), "a controlled stop was asked for")


def _concerns(run: RunRecord) -> Iterator[Incident]:
    """Controlled stops that the guard wanted."""
    if "concern_cause" not in run.ticks:
        return
    wants = np.where(run.ticks["guard_state"] == int(GuardState.RUN), run.ticks["concern_cause"], 0)
    for row in (np.flatnonzero((wants[1:] > 0) & (wants[:-1] == 0)) + 1).tolist():
        name = TripCause(int(wants[row])).name.lower()
        words = f"the guard stopped the task for {name}"
        yield Incident(IncidentKind.CONCERN, row, time_of(run, row), words, name)


def joint_name(joint: int) -> str:
    """Without its last word."""
    return g1.joint_table().names[joint].removesuffix("_joint")


def _joint_in(text: str) -> int:
    names = g1.joint_table().names
    return next((place for place, name in enumerate(names) if name in text), -1)
