"""How the quantity that an incident is about grew before it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from exoactor_rt.recorder.tick_table import Columns
from exoactor_rt.replay.explain.incident import Incident, joint_name
from exoactor_rt.replay.explain.symptom import Symptom
from exoactor_rt.replay.fall import tilt_rad
from exoactor_rt.types import FloatArray

LEADS_S = (1.0, 0.5, 0.2, 0.1, 0.05, 0.0)
_BY_CAUSE = {
    "joint_speed": ("sensed_velocity", "speed", "rad/s"),
    "sustained_speed": ("sensed_velocity", "speed", "rad/s"),
    "joint_position": ("sensed_position", "position", "rad"),
    "gyro": ("gyro_in_imu", "angular velocity of the pelvis", "rad/s"),
}
TREND_COLUMNS = tuple(dict.fromkeys(column for column, _, _ in _BY_CAUSE.values()))


def trend_lines(ticks: Columns, incident: Incident, symptoms: Sequence[Symptom]) -> Iterator[str]:
    """One line a quantity: what the incident is about, then the first symptom."""
    column, name, unit = _BY_CAUSE.get(incident.cause, ("", "", ""))
    if column in ticks:
        values = ticks[column]
        if incident.joint >= 0:
            yield _line(
                ticks,
                incident,
                f"{joint_name(incident.joint)} {name}, {unit}",
                np.abs(values[:, incident.joint]),
            )
        else:
            yield _line(ticks, incident, f"{name}, {unit}", np.linalg.norm(values, axis=1))
    elif incident.kind.value in ("trip", "fall"):
        yield _line(ticks, incident, "tilt, rad", tilt_rad(ticks))
    for symptom in symptoms[:1]:
        quantity = symptom.quantity
        unit = f", {quantity.unit}" if quantity.unit else ""
        yield _line(ticks, incident, f"{quantity.name}{unit}", quantity.values(ticks))


def _line(ticks: Columns, incident: Incident, name: str, values: FloatArray) -> str:
    stamps = ticks["now_ns"]
    at = int(stamps[incident.row])
    parts = []
    for lead_s in LEADS_S:
        row = int(np.searchsorted(stamps, at - round(lead_s * 1e9)))
        if at - int(stamps[0]) >= round(lead_s * 1e9):
            parts.append(f"{values[row]:.3g} at -{lead_s:g} s" if lead_s else f"{values[row]:.3g}")
    return f"{name}: {', '.join(parts)} then"
