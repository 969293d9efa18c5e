"""What a log shows before an incident: quantities over time, and when each became unusual."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from exoactor_rt.recorder.tick_table import Columns
from exoactor_rt.replay.explain.origin import Origin
from exoactor_rt.replay.fall import tilt_rad
from exoactor_rt.types import FloatArray

WINDOW_S = 2.0
"""How far before an incident symptoms are looked for."""

_FROZEN_TICKS = 5


@dataclass(frozen=True)
class Quantity:
    """Something that is watched.

    Attributes:
        name: what people call it.
        unit: of its values.
        unusual: from this value on it is told.
        origin: the stage that it speaks for.
        meaning: what it says, in words.
        values: ticks -> [N]; None where the log does not tell.
        needs: columns.
    """

    name: str
    unit: str
    unusual: float
    origin: Origin
    meaning: str
    values: Callable[[Columns], FloatArray]
    needs: tuple[str, ...]


@dataclass(frozen=True)
class Symptom:
    """A quantity that became unusual: `lead_s` before the incident, and how large it grew."""

    quantity: Quantity
    lead_s: float
    worst: float

    def __str__(self) -> str:
        """One line."""
        unit = f" {self.quantity.unit}" if self.quantity.unit else ""
        return (
            f"{self.lead_s:.3f} s before: {self.quantity.name} over "
            f"{self.quantity.unusual:g}{unit}, later {self.worst:.3g}{unit}"
        )


def _state_age_ms(ticks: Columns) -> FloatArray:
    return np.asarray((ticks["now_ns"] - ticks["sensed_stamp_ns"]) * 1e-6)


def _frozen_ticks(ticks: Columns) -> FloatArray:
    """[N] fresh measurements in a row whose gyroscope says the very same as the one before."""
    same = np.zeros(len(ticks["now_ns"]), bool)
    same[1:] = (np.diff(ticks["gyro_in_imu"], axis=0) == 0.0).all(axis=1) & (
        np.diff(ticks["sensed_stamp_ns"]) > 0
    )
    count = np.arange(len(same))
    last_moved = np.maximum.accumulate(np.where(same, 0, count))
    return np.asarray((count - last_moved).astype(float))


def _not_finite(ticks: Columns) -> FloatArray:
    bad = np.zeros(len(ticks["now_ns"]))
    for name in ("sensed_position", "sensed_velocity", "sensed_torque", "gyro_in_imu"):
        bad += (~np.isfinite(ticks[name])).sum(axis=1)
    return bad


def _capture_error_m(ticks: Columns) -> FloatArray:
    error: FloatArray = np.linalg.norm(
        ticks["dcm_in_world"] - ticks["planned_dcm_in_world"], axis=1
    )
    planned = ticks["planned_dcm_in_world"].any(axis=1) & (ticks["wanted_stamp_ns"] != 0)
    return np.where(planned, error, 0.0)


def _tracking_rad(ticks: Columns) -> FloatArray:
    error = np.abs(ticks["sensed_position"] - ticks["desired_position"])[:, 12:]
    planned = ticks["desired_position"].any(axis=1)
    return np.where(planned, error.max(axis=1), 0.0)


def _unsolved_in_a_row(ticks: Columns) -> FloatArray:
    bad = ticks["control_status"] != 0
    count = np.arange(len(bad))
    last_good = np.maximum.accumulate(np.where(bad, 0, count))
    return np.asarray((count - last_good).astype(float) * bad)


QUANTITIES = (
    Quantity(
        "numbers that are not finite",
        "",
        1.0,
        Origin.ROBOT,
        "a sensor gave no number",
        _not_finite,
        ("sensed_position", "sensed_velocity", "sensed_torque", "gyro_in_imu"),
    ),
    Quantity(
        "age of the robot's state",
        "ms",
        10.0,
        Origin.ROBOT,
        "measurements no longer came, or were withheld",
        _state_age_ms,
        ("sensed_stamp_ns",),
    ),
    Quantity(
        "IMU samples that repeat the last",
        "",
        float(_FROZEN_TICKS),
        Origin.ROBOT,
        "the IMU is frozen: fresh stamps, the same numbers",
        _frozen_ticks,
        ("gyro_in_imu", "sensed_stamp_ns"),
    ),
    Quantity(
        "ticks in a row that the QP could not solve in full",
        "",
        5.0,
        Origin.CONTROL,
        "the controller asked for more than the joints give",
        _unsolved_in_a_row,
        ("control_status",),
    ),
    Quantity(
        "capture point away from its plan",
        "m",
        0.06,
        Origin.SURROUNDINGS,
        "something pushed the robot, or a foot slipped or met what the plan does not know",
        _capture_error_m,
        ("dcm_in_world", "planned_dcm_in_world", "wanted_stamp_ns"),
    ),
    Quantity(
        "arms and waist away from their targets",
        "rad",
        0.35,
        Origin.SURROUNDINGS,
        "an arm was blocked or pushed",
        _tracking_rad,
        ("sensed_position", "desired_position"),
    ),
    Quantity(
        "tilt of the pelvis",
        "rad",
        0.35,
        Origin.SURROUNDINGS,
        "the robot was tipping over",
        tilt_rad,
        ("quat_world_imu_wxyz",),
    ),
)
"""In the order of cause where two become unusual at once."""


def find_symptoms(ticks: Columns, row: int) -> list[Symptom]:
    """What became unusual in the window before a row and stayed or grew, the first first."""
    stamps = ticks["now_ns"]
    begin = int(np.searchsorted(stamps, int(stamps[row]) - round(WINDOW_S * 1e9)))
    window = {name: column[begin : row + 1] for name, column in ticks.items()}
    found = []
    for quantity in QUANTITIES:
        if any(name not in ticks for name in quantity.needs):
            continue
        values = np.nan_to_num(quantity.values(window), nan=0.0)
        over = values >= quantity.unusual
        if over.any():
            first = int(np.argmax(over))
            lead_s = float(stamps[row] - window["now_ns"][first]) * 1e-9
            found.append(Symptom(quantity, lead_s, float(values.max())))
    return sorted(found, key=lambda symptom: -symptom.lead_s)
