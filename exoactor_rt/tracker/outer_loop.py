"""Place and heading kept by what a policy is told: errors in them become velocity it is shown."""

from __future__ import annotations

import numpy as np

from exoactor_rt.types import FloatArray

GAIN_1_S = 1.0
"""Of the error on the velocity. At 2 robots fall."""
MAX_CORRECTION = 1.0
"""m/s, and rad/s."""
SMOOTHING_S = 0.3
"""Time constant of the correction: a reference's velocity does not jump either."""
SIDEWAYS_M_S = 0.6
"""Up to here a correction may speed a sidestep up; beyond it only the reference itself asks for
more, as few steps sideways faster than that, in training data too."""


class OuterLoop:
    """The smoothed correction; one `update` a policy step."""

    def __init__(self, rate_hz: float):
        self._share = 1.0 - float(np.exp(-1.0 / (rate_hz * SMOOTHING_S)))
        self.reset()

    def reset(self) -> None:
        """No correction."""
        self._correction = np.zeros(3)

    def update(
        self, error_in_base_m: FloatArray, error_rad: float, velocity_m_s: FloatArray
    ) -> FloatArray:
        """What to add to the reference's velocity.

        Args:
            error_in_base_m: [2] where the reference is, seen from the robot.
            error_rad: the reference's heading less the robot's.
            velocity_m_s: [2] the reference's own, forward and left.

        Returns:
            [3] forward, left m/s and yaw rad/s.
        """
        place = GAIN_1_S * error_in_base_m
        place = place * min(1.0, MAX_CORRECTION / max(float(np.linalg.norm(place)), 1e-9))
        turn = float(np.clip(GAIN_1_S * error_rad, -MAX_CORRECTION, MAX_CORRECTION))
        self._correction += self._share * (np.array([*place, turn]) - self._correction)
        bound = max(SIDEWAYS_M_S, abs(velocity_m_s[1]))
        sideways = float(np.clip(velocity_m_s[1] + self._correction[1], -bound, bound))
        return np.array([self._correction[0], sideways - velocity_m_s[1], self._correction[2]])
