"""The first place where today's code decides otherwise, with both values and what led there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from exoactor_rt._core.safety import GuardState
from exoactor_rt.recorder.tick_table import Columns
from exoactor_rt.replay.rerun.calls import ARM, DAMP, POSE, RESET
from exoactor_rt.replay.rerun.comparison import Stage, stage_of
from exoactor_rt.robots import g1

AROUND_TICKS = 3
"""Ticks of inputs shown before the divergence, and after it one less."""

_CALL_NAMES = {RESET: "reset", ARM: "arm", DAMP: "damp", POSE: "pose"}
_COUNTED = {"stops": "stop", "plans": "plan", "trackings": "tracking", "targets": "target"}


@dataclass(frozen=True)
class Divergence:
    """One number that differs; `element` is its place in a column of vectors, else None."""

    tick: int
    time_s: float
    column: str
    element: int | None
    logged: float
    now: float
    others: tuple[str, ...]

    @property
    def stage(self) -> Stage:
        """Who decided it."""
        stage = stage_of(self.column)
        assert stage is not None
        return stage

    @property
    def where(self) -> str:
        """The column, with joint or index."""
        if self.element is None:
            return self.column
        return f"{self.column} {_element_name(self.column, self.element)}"

    def __str__(self) -> str:
        """One line: when, who, what, both values."""
        text = (
            f"tick {self.tick} at {self.time_s:.3f} s, {self.stage.value}: {self.where} was "
            f"{_number(self.logged)}, is {_number(self.now)}"
        )
        if self.column == "guard_state":
            was, now = (GuardState(int(value)).name.lower() for value in (self.logged, self.now))
            text += f" (was {was}, is {now})"
        if self.others:
            text += f"; in the same tick also {', '.join(self.others)}"
        return text


def divergence_at(
    ticks: Columns, made: Columns, row: int, made_row: int, columns: dict[str, npt.NDArray[Any]]
) -> Divergence:
    """Describes the first of the differing columns of a row.

    Args:
        ticks: the log's.
        made: today's.
        row: in the log.
        made_row: the same tick in `made`.
        columns: those that differ there, in order of cause, -> where: [] or [k].
    """
    column, where = next(iter(columns.items()))
    logged, now = ticks[column][row], made[column][made_row]
    element = int(np.argmax(where)) if where.ndim else None
    if element is not None:
        logged, now = logged[element], now[element]
    return Divergence(
        row,
        float(ticks["now_ns"][row] - ticks["now_ns"][0]) * 1e-9,
        column,
        element,
        float(logged),
        float(now),
        tuple(list(columns)[1:6]),
    )


def inputs_around(ticks: Columns, inputs: Columns, found: Divergence) -> list[str]:
    """Lines that tell what the tick was given around a divergence, the tick itself marked."""
    joint = found.element if _is_joint_column(ticks, found) else None
    first = max(0, found.tick - AROUND_TICKS)
    last = min(len(ticks["now_ns"]), found.tick + AROUND_TICKS)
    head = "   tick    time s  state age ms  gyro rad/s  specific force m/s^2"
    if joint is not None:
        head += f"  {g1.joint_table().names[joint].removesuffix('_joint')}: rad, rad/s, Nm"
    return [head, *(_line(ticks, inputs, row, found.tick, joint) for row in range(first, last))]


def _line(ticks: Columns, inputs: Columns, row: int, marked: int, joint: int | None) -> str:
    now_ns = int(ticks["now_ns"][row])
    age_ms = (now_ns - int(ticks["sensed_stamp_ns"][row])) * 1e-6
    mark = ">" if row == marked else " "
    line = (
        f"{mark} {row:6} {(now_ns - int(ticks['now_ns'][0])) * 1e-9:9.4f}  {age_ms:12.3f}"
        f"  {np.linalg.norm(ticks['gyro_in_imu'][row]):10.4f}"
        f"  {np.linalg.norm(ticks['accel_in_imu'][row]):20.4f}"
    )
    if joint is not None:
        sensed = (
            ticks[f"sensed_{name}"][row, joint] for name in ("position", "velocity", "torque")
        )
        line += "  " + " ".join(f"{value:.5g}" for value in sensed)
    asked = asked_at(inputs, row)
    return f"{line}  <- {', '.join(asked)}" if asked else line


def asked_at(inputs: Columns, row: int) -> list[str]:
    """What else reached the tick in this row, in words."""
    if not inputs:
        return []
    places = np.flatnonzero(inputs["tick_index"] == row)
    if not len(places):
        return []
    place = int(places[0])
    words = [_CALL_NAMES[call] for call in inputs["call"][place].tolist() if call]
    for name, word in _COUNTED.items():
        before = int(inputs[name][place - 1]) if place else 0
        if int(inputs[name][place]) > before:
            words.append(f"{word} {int(inputs[name][place])}")
    return words


def _is_joint_column(ticks: Columns, found: Divergence) -> bool:
    return found.element is not None and ticks[found.column].shape[1] == len(g1.joint_table().names)


def _element_name(column: str, element: int) -> str:
    joints = g1.joint_table().names
    per_joint = ("position", "velocity", "torque", "stiffness", "damping")
    if column.startswith(("wanted_", "sent_", "planned_pos", "desired_")) and column.endswith(
        per_joint
    ):
        return joints[element].removesuffix("_joint")
    return f"[{element}]"


def _number(value: float) -> str:
    return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else f"{value:.17g}"
