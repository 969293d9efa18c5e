"""Posture kept by what a policy is told: lasting errors of joints are added to what it is shown.

A tracker is soft by training and settles off what it is shown, by its own weight and habit. The
loop is slow, so it takes out what lasts and leaves motion alone. It works only while reference and
robot stand: on the move a tracker balances with its joints, and corrected there it falls.
"""

from __future__ import annotations

import numpy as np

from exoactor_rt._core.types import RobotState
from exoactor_rt.robots.g1 import joint_table
from exoactor_rt.tracker.reference_track import ReferenceWindow
from exoactor_rt.types import FloatArray

UPPER_GAIN_1_S = 1.0
UPPER_BOUND_RAD = 0.35
LEG_GAIN_1_S = 0.5
LEG_BOUND_RAD = 0.15
STANDING_ROOT_M_S = 0.3
STANDING_LEGS_RAD_S = 2.0
"""Who is faster does not stand; below, one stands the more the slower one is."""
FADING_S = 0.5
"""Time constant with which the correction comes and goes."""


class PostureLoop:
    """The integrated errors; one `update` a policy step."""

    def __init__(self, rate_hz: float):
        table = joint_table()
        self._legs = np.arange(len(table.names)) < table.index("waist_yaw_joint")
        self._gain = np.where(self._legs, LEG_GAIN_1_S, UPPER_GAIN_1_S) / rate_hz
        self._bound = np.where(self._legs, LEG_BOUND_RAD, UPPER_BOUND_RAD)
        self._share = 1.0 - float(np.exp(-1.0 / (rate_hz * FADING_S)))
        self.reset()

    def reset(self) -> None:
        """No correction."""
        self._integral = np.zeros(len(self._gain))
        self._standing = 0.0

    def update(self, present: ReferenceWindow, state: RobotState) -> FloatArray:
        """What to add to the joints that the policy is shown.

        Args:
            present: the reference now, in its first frame.
            state: the robot's, as estimated.

        Returns:
            [29] rad, SDK order.
        """
        robot_m_s = float(np.linalg.norm(state.base_linear_velocity_in_world))
        self._standing += self._share * (self._stands(present, robot_m_s) - self._standing)
        error = present.joint_position[0] - np.asarray(state.joint_position)
        grown = self._integral + self._standing * self._gain * error
        self._integral = np.clip(grown, -self._bound, self._bound)
        return np.asarray(self._standing * self._integral)

    def _stands(self, present: ReferenceWindow, robot_m_s: float) -> float:
        """Share from 0, on the move, to 1."""
        reference_m_s = float(np.linalg.norm(present.linear_velocity_in_root[0]))
        root = max(reference_m_s, robot_m_s) / STANDING_ROOT_M_S
        legs = float(np.abs(present.joint_velocity[0, self._legs]).max()) / STANDING_LEGS_RAD_S
        return max(0.0, 1.0 - max(root, legs))
