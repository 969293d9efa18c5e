"""Footsteps of the benchmark's walks."""

from __future__ import annotations

import numpy as np

from exoactor_rt._core.planning import LevelLimits
from exoactor_rt.bench.control.task import Step, Walk
from exoactor_rt.planning import Plan, Side

SWING_S = 0.45
IN_PLACE_SWING_S = 0.4


def step_period_s(swing_s: float = SWING_S) -> float:
    """From one lift-off to the next."""
    return swing_s + Plan().burst.double_support_s


def forward(count: int, speed_m_s: float) -> Walk:
    """Straight ahead; the first step is half as long, the last one closes."""
    stride_m = speed_m_s * step_period_s()
    shares = [0.5, *([1.0] * (count - 2)), 0.0]
    return Walk(
        tuple(Step(index % 2, forward_m=share * stride_m) for index, share in enumerate(shares))
    )


def sideways(count: int) -> Walk:
    """To the left: the left foot goes out, the right one follows."""
    return Walk(tuple(Step(index % 2, lateral_m=(0.26, 0.18)[index % 2]) for index in range(count)))


def turning(count: int, yaw_rad: float = 0.15) -> Walk:
    """To the left on a circle; the last step closes."""
    turns = [*([Step(0, 0.1, yaw_rad=yaw_rad), Step(1, 0.1, yaw_rad=yaw_rad)] * (count // 2))]
    return Walk((*turns[:-1], Step(turns[-1].side)))


def in_place(count: int) -> Walk:
    """Without getting anywhere."""
    return Walk(tuple(Step(index % 2, swing_s=IN_PLACE_SWING_S) for index in range(count)))


def random_steps(count: int, limits: LevelLimits, seed: tuple[int, ...]) -> Walk:
    """Every number of every step, and the CoM's height, drawn uniformly from the planner's limits.

    A step knows nothing of the one before.
    """
    rng = np.random.default_rng(seed)

    def between(low: float, high: float) -> float:
        return float(rng.uniform(low, high))

    first = int(rng.integers(2))
    steps = []
    for index in range(count):
        side = (first + index) % 2
        steps.append(
            Step(
                side,
                between(limits.forward_min_m, limits.forward_max_m),
                between(limits.lateral_min_m, limits.lateral_max_m),
                between(limits.yaw_min_rad(Side(side)), limits.yaw_max_rad(Side(side))),
                between(limits.swing_min_s, limits.swing_max_s),
                between(limits.lift_min_m, limits.lift_max_m),
            )
        )
    height_m = between(limits.com_stepping_min_m, limits.com_stepping_max_m)
    return Walk(tuple(steps), height_m, between(-0.5, 0.5))
