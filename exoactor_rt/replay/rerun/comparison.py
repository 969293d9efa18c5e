"""Which columns of a tick are decided, in the order of cause, and when two of them are equal."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Any

import numpy as np
import numpy.typing as npt

from exoactor_rt.replay.rerun.recorded_run import SENSED
from exoactor_rt.types import BoolArray


class Stage(str, Enum):
    """Part of the tick that decides a column."""

    ESTIMATE = "estimate"
    CONTROL = "control"
    GUARD = "guard"


STAGES = tuple(Stage)
"""In the order in which a tick runs them."""

_ESTIMATE = (
    "base_position_in_world",
    "quat_world_base_wxyz",
    "base_linear_velocity_in_world",
    "base_angular_velocity_in_base",
    "foot_force_in_world",
)
_GUARD = ("guard_state", "trip_cause", "concern_cause", "emergency", "clamped")
_GUARD_PREFIXES = ("trip_", "sent_")
_NOT_DECIDED = {
    *SENSED,
    "tick_index",
    "input_ticks",
    "late_ns",
    "took_ns",
    "control_us",
    "dynamics_us",
    "qp_us",
}
_EXPLAINING = ("driver", "activity", "control_status", "phase_index", "done", *_GUARD)
"""Columns that explain the others of their stage, in order."""

OTHER_KIND_TOLERANCE = (
    ("qp_iterations", np.inf),
    ("torque", 1e-8),
    ("force", 1e-8),
    ("", 1e-9),
)
"""(part of a column's name, greatest difference in its SI unit) on another kind of machine.

The first that fits counts. Other mathematical functions and compilers change last places there: a
thousand times what a tick makes of one unit in the last place of every measurement, which was
1.3e-11 Nm, 2.5e-12 N, 1.4e-12 rad/s and 2.3e-14 rad over a pushed walk; the solver's iterations
then differ in some ticks, its solution no more than that."""


def stage_of(column: str) -> Stage | None:
    """Who decides a column; None for what is measured or tells of the machine."""
    if column in _NOT_DECIDED:
        return None
    if column in _ESTIMATE:
        return Stage.ESTIMATE
    if column in _GUARD or column.startswith(_GUARD_PREFIXES):
        return Stage.GUARD
    return Stage.CONTROL


def in_order_of_cause(columns: Iterable[str]) -> list[str]:
    """The decided columns, what decides others first."""
    decided = [column for column in columns if stage_of(column) is not None]

    def rank(column: str) -> tuple[int, int, str]:
        stage = stage_of(column)
        assert stage is not None
        known = column in _EXPLAINING
        place = _EXPLAINING.index(column) if known else len(_EXPLAINING)
        return STAGES.index(stage), place, column

    return sorted(decided, key=rank)


def tolerance_of(column: str, same_machine: bool) -> float:
    """Greatest difference that counts as equal; 0: bit for bit."""
    if same_machine:
        return 0.0
    return next(limit for part, limit in OTHER_KIND_TOLERANCE if part in column)


def differs(logged: npt.NDArray[Any], made: npt.NDArray[Any], tolerance: float) -> BoolArray:
    """[N] or [N, k] where the two are not equal; whole numbers bit for bit or not at all."""
    if np.isinf(tolerance):
        return np.zeros(logged.shape, bool)
    if tolerance == 0.0 or logged.dtype.kind != "f":
        bits = np.dtype(f"i{logged.dtype.itemsize}")
        return np.asarray(
            np.ascontiguousarray(logged).view(bits) != np.ascontiguousarray(made).view(bits)
        )
    both_blank = np.isnan(logged) & np.isnan(made)
    close = np.abs(logged - made) <= tolerance
    return np.asarray(~(close | (logged == made) | both_blank))
