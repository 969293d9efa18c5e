"""The rope of a gantry, which holds the simulated robot up."""

from __future__ import annotations

from typing import Any

import numpy as np

from exoactor_rt.sim.options import Gantry
from exoactor_rt.types import FloatArray

_BODY = "torso_link"
_HOOK_IN_BODY = np.array([0.0, 0.0, 0.3])
_LENGTH_M = 1.0
_STIFFNESS_N_M = 20_000.0
_DAMPING_NS_M = 500.0
_SWING_DAMPING_NS_M = 20.0
_TURN_DAMPING_NM_S = 5.0


class Rope:
    """Hangs from where the robot is set down; its stretch bears the robot's weight then."""

    def __init__(self, model: Any, data: Any, gantry: Gantry, period_s: float):
        """Takes up the weight.

        Args:
            model: of the robot.
            data: its state, with positions computed.
            gantry: how it hangs and is lowered.
            period_s: from one `pull` to the next.
        """
        self._data = data
        self._period_s = period_s
        self._gantry = gantry
        self._body = model.body(_BODY).id
        weight_n = float(model.body_mass.sum() * -model.opt.gravity[2])
        self._anchor = self._hook() + np.array([0.0, 0.0, _LENGTH_M])
        self._unloaded_m = _LENGTH_M - weight_n / _STIFFNESS_N_M
        self._before = self._hook()

    def pull(self) -> None:
        """Puts its force in the place of those that acted, until the next pull."""
        data = self._data
        hook = self._hook()
        velocity = (hook - self._before) / self._period_s
        data.xfrc_applied[:] = 0.0
        self._before = hook
        along = self._anchor - hook
        length_m = float(np.linalg.norm(along))
        along /= length_m
        stretch_m = length_m - self._unloaded_m - self._lowered_m()
        tension_n = _STIFFNESS_N_M * stretch_m - _DAMPING_NS_M * float(along @ velocity)
        if stretch_m <= 0.0 or tension_n <= 0.0:
            return
        force: FloatArray = tension_n * along - _SWING_DAMPING_NS_M * velocity
        torque = np.cross(hook - data.xipos[self._body], force)
        torque -= _TURN_DAMPING_NM_S * data.cvel[self._body, :3]
        data.xfrc_applied[self._body] += np.concatenate([force, torque])

    def _hook(self) -> FloatArray:
        data = self._data
        rotation = data.xmat[self._body].reshape(3, 3)
        hook: FloatArray = data.xpos[self._body] + rotation @ _HOOK_IN_BODY
        return hook

    def _lowered_m(self) -> float:
        let_out_m = self._gantry.speed_m_s * (float(self._data.time) - self._gantry.lowered_at_s)
        return min(max(let_out_m, 0.0), self._gantry.lowered_m)
