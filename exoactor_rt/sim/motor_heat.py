"""How the simulated robot's motors warm up and its battery empties: plausible, not measured."""

from __future__ import annotations

import numpy as np

from exoactor_rt.robots import g1
from exoactor_rt.types import FloatArray

_AMBIENT_C = 30.0
_RISE_AT_EFFORT_C = 90.0
_TIME_CONSTANT_S = 120.0
_SURFACE_SHARE = 0.6
_BATTERY_S = 7200.0


class MotorHeat:
    """First-order warming of each winding by the square of its torque."""

    def __init__(self, charge_percent: float = 90.0):
        self._effort = g1.joint_table().effort_nm
        self._rise = np.zeros(len(self._effort))
        self.charge_percent = charge_percent

    def advance(self, torque_nm: FloatArray, duration_s: float) -> None:
        """Lets `duration_s` pass under [29] Nm."""
        share = np.clip(torque_nm / self._effort, -1.0, 1.0)
        aim = _RISE_AT_EFFORT_C * share**2
        self._rise += (aim - self._rise) * duration_s / _TIME_CONSTANT_S
        self.charge_percent = max(0.0, self.charge_percent - 100.0 * duration_s / _BATTERY_S)

    def winding_c(self) -> list[int]:
        """[29] Celsius."""
        return [round(value) for value in _AMBIENT_C + self._rise]

    def surface_c(self) -> list[int]:
        """[29] Celsius."""
        return [round(value) for value in _AMBIENT_C + _SURFACE_SHARE * self._rise]
