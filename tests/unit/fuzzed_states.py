"""States of robots that fall, tumble and lie: what no controller was made for."""

import numpy as np

from exoactor_rt import _core
from exoactor_rt.robots import g1

PERIOD_NS = 2_000_000


def fuzzed_states(count, seed=0):
    """States over and beyond all joint limits, in any attitude, moving fast.

    Every twentieth is not finite; every tenth stands at rest, so that no run of failures is long
    enough to end in damping, which would hide the solver from the ticks that follow.
    """
    rng = np.random.default_rng(seed)
    table = g1.joint_table()
    low, high = np.asarray(table.lower_rad), np.asarray(table.upper_rad)
    states = []
    for tick in range(count):
        state = _core.types.RobotState()
        state.stamp_ns = tick * PERIOD_NS
        state.joint_position = g1.standing_position()
        state.base_position_in_world = np.array([0, 0, 0.7431])
        if tick % 10:
            wild = rng.choice([0.1, 0.5, 1.1])
            middle, half = 0.5 * (low + high), 0.5 * (high - low)
            anywhere = middle + wild * half * rng.uniform(-1, 1, size=29)
            state.joint_position = wild * anywhere + (1 - wild) * g1.standing_position()
            state.joint_velocity = rng.choice([0.5, 5.0, 30.0]) * rng.normal(size=29)
            state.base_position_in_world = rng.normal(size=3)
            state.base_linear_velocity_in_world = 2 * rng.normal(size=3)
            state.base_angular_velocity_in_base = 5 * rng.normal(size=3)
            quat = np.array([1.0, 0, 0, 0]) + wild * rng.normal(size=4)
            state.quat_world_base_wxyz = quat / np.linalg.norm(quat)
            state.foot_force_in_world = rng.normal(size=(2, 3)) * 300
        if tick % 20 == 15:
            state.joint_velocity = np.full(29, np.nan)
        states.append(state)
    return states
