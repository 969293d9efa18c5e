"""Posture kept by what a policy is told: lasting errors of joints are added to what it is shown.

A tracker is soft by training and settles off what it is shown, by its own weight and habit. The
loop is slow, so it takes out what lasts and leaves motion alone. It works the less the faster
reference or robot move, on legs only in standing: on the move a tracker balances with its joints,
and corrected there it falls.
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
ROOT_M_S = 0.3
LEG_JOINTS_RAD_S = 2.0
"""At these speeds nothing is corrected any more; half as fast, half of it."""
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
        self._calm = np.zeros(len(self._gain))

    def update(self, present: ReferenceWindow, state: RobotState) -> FloatArray:
        """What to add to the joints that the policy is shown.

        Args:
            present: the reference now, in its first frame.
            state: the robot's, as estimated.

        Returns:
            [29] rad, SDK order.
        """
        self._calm += self._share * (self._calmness(present, state) - self._calm)
        error = present.joint_position[0] - np.asarray(state.joint_position)
        grown = self._integral + self._calm * self._gain * error
        self._integral = np.clip(grown, -self._bound, self._bound)
        return np.asarray(self._calm * self._integral)

    def _calmness(self, present: ReferenceWindow, state: RobotState) -> FloatArray:
        """[29] from 0, on the move, to 1, at rest."""
        velocities = (present.linear_velocity_in_root[0], state.base_linear_velocity_in_world)
        root_m_s = max(float(np.linalg.norm(velocity)) for velocity in velocities)
        joints_rad_s = float(np.abs(present.joint_velocity[0, self._legs]).max())
        legs = 1.0 - max(root_m_s / ROOT_M_S, joints_rad_s / LEG_JOINTS_RAD_S)
        upper = 1.0 - root_m_s / ROOT_M_S
        return np.maximum(0.0, np.where(self._legs, legs, upper))
