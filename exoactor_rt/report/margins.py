"""How close an execution came to the joint limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from exoactor_rt.execution import Execution
from exoactor_rt.robots.g1 import joint_table
from exoactor_rt.types import FloatArray


@dataclass(frozen=True)
class Margin:
    """The closest a joint came to a limit.

    Attributes:
        quantity: "position", "velocity" or "torque".
        joint: its name.
        time_s: when, execution time.
        value: the joint's value then, with its sign.
        limit: the limit it came closest to, with its sign.
        margin: distance left, negative beyond the limit; unit as value.
        unit: rad, rad/s or Nm.
    """

    quantity: str
    joint: str
    time_s: float
    value: float
    limit: float
    margin: float
    unit: str

    @property
    def share(self) -> float:
        """Margin as a share of the limit's size; 0 for a limit at zero."""
        return self.margin / abs(self.limit) if self.limit else 0.0


def joint_margins(
    times_s: FloatArray,
    joint_position: FloatArray,
    joint_velocity: FloatArray,
    joint_torque: FloatArray,
) -> tuple[Margin, ...]:
    """The smallest margin of every joint and quantity, by quantity, then in the SDK's order.

    Args:
        times_s: [N] s, execution time; every tick, as peaks fall between coarser samples.
        joint_position: [N, 29] rad.
        joint_velocity: [N, 29] rad/s.
        joint_torque: [N, 29] Nm.
    """
    table = joint_table()
    speed = table.velocity_rad_s
    ranges = (
        ("position", joint_position, table.lower_rad, table.upper_rad, "rad"),
        ("velocity", joint_velocity, -speed, speed, "rad/s"),
        ("torque", joint_torque, -table.effort_nm, table.effort_nm, "Nm"),
    )
    margins = []
    for quantity, values, lower, upper, unit in ranges:
        for joint, name in enumerate(table.names):
            sample, limit = _closest(values[:, joint], float(lower[joint]), float(upper[joint]))
            value = float(values[sample, joint])
            margin = limit - value if limit == upper[joint] else value - limit
            time_s = float(times_s[sample])
            margins.append(Margin(quantity, name, time_s, value, limit, margin, unit))
    return tuple(margins)


def _closest(values: FloatArray, lower: float, upper: float) -> tuple[int, float]:
    """(sample, limit) where the values come closest to either limit, or go furthest beyond."""
    to_lower, to_upper = values - lower, upper - values
    if to_lower.min() < to_upper.min():
        return int(np.argmin(to_lower)), lower
    return int(np.argmin(to_upper)), upper


def execution_margins(execution: Execution) -> tuple[Margin, ...]:
    """`joint_margins` of an execution's samples."""
    return joint_margins(
        execution.times_s,
        execution.joint_position,
        execution.joint_velocity,
        execution.joint_torque,
    )


def worst_margins(margins: Sequence[Margin]) -> list[Margin]:
    """The smallest margin of each quantity, compared as shares of the limits."""
    worst: dict[str, Margin] = {}
    for margin in margins:
        if margin.quantity not in worst or _tightness(margin) < _tightness(worst[margin.quantity]):
            worst[margin.quantity] = margin
    return list(worst.values())


def _tightness(margin: Margin) -> float:
    """Positions compare by angle left, as their limits lie at any angle; the others by share."""
    return margin.margin if margin.quantity == "position" else margin.share
