"""The phase of a walking policy's gait, as holosoma's runtime counts it."""

from __future__ import annotations

import numpy as np

from exoactor_rt.tracker.bundle import Gait
from exoactor_rt.types import FloatArray


class GaitClock:
    """Two phases half a turn apart; both pi while the command says stand."""

    def __init__(self, gait: Gait | None, rate_hz: float):
        self._gait = gait
        self._advance_rad = 0.0 if gait is None else 2 * np.pi / (rate_hz * gait.period_s)
        self.reset()

    def reset(self) -> None:
        """Standing."""
        self._standing = True
        self._phase = np.full(2, np.pi)

    def step(self, velocity_command: FloatArray) -> FloatArray:
        """The phases [2] rad in (-pi, pi] for this step's command [3]."""
        if self._gait is None:
            return np.zeros(2)
        linear, turn = float(np.linalg.norm(velocity_command[:2])), abs(velocity_command[2])
        if max(linear, turn) < self._gait.stand_below:
            self._standing = True
            self._phase = np.full(2, np.pi)
        elif self._standing:
            self._standing = False
            self._phase = np.array([0.0, np.pi])
        else:
            self._phase = np.fmod(self._phase + self._advance_rad + np.pi, 2 * np.pi) - np.pi
        return self._phase
