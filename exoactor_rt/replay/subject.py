"""What is checked: a log, a plan or a reference, each as a motion over time."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import numpy.typing as npt

from exoactor_rt.types import BoolArray, FloatArray


class Kind(str, Enum):
    """Where a motion comes from: what was measured, or what never ran."""

    LOG = "log"
    PLAN = "plan"
    REFERENCE = "reference"


@dataclass(frozen=True)
class Subject:
    """A motion to check; `N` samples, joints in the SDK's order.

    Attributes:
        kind: log, plan or reference.
        name: of its file.
        times_s: [N] s from the first sample.
        joint_position: [N, 29] rad, measured or asked for.
        joint_velocity: [N, 29] rad/s, measured; None where only positions are known.
        joint_torque: [N, 29] Nm, measured; None where it is not.
        root_position_in_world: [N, 3] m; None where the motion has no place in the world.
        quat_world_root_wxyz: [N, 4].
        contact: [N, 2] a foot stands, left first; None where unknown.
        driven: [N] the guard let commands through; always true for what never ran.
        ticks: the log's other columns; empty for what never ran.
        damages: what is wrong with the file.
        dropped_ticks: ticks that the log's writer counted as lost.
        events: (s from the first sample, severity, text) of a log, in order.
        facts: name -> value for the report, e.g. versions.
    """

    kind: Kind
    name: str
    times_s: FloatArray
    joint_position: FloatArray
    joint_velocity: FloatArray | None
    joint_torque: FloatArray | None
    root_position_in_world: FloatArray | None
    quat_world_root_wxyz: FloatArray
    contact: BoolArray | None
    driven: BoolArray
    ticks: dict[str, npt.NDArray[Any]] = field(default_factory=dict)
    damages: tuple[str, ...] = ()
    dropped_ticks: int = 0
    events: tuple[tuple[float, str, str], ...] = ()
    facts: dict[str, str] = field(default_factory=dict)
