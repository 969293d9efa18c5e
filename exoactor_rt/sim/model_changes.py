"""Where the simulated robot and floor differ from the model that the controller knows."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from exoactor_rt.sim.options import SimOptions

_FREE_JOINT_DOFS = 6
_DISABLED = ("mjDSBL_AUTORESET", "mjDSBL_MIDPHASE", "mjDSBL_ISLAND")
"""Flags that not every release of MuJoCo has: a diverged state shall not be reset; the others only
pay where there are many bodies, and change no number for a robot on a floor."""


def apply_options(mujoco: Any, model: Any, options: SimOptions) -> None:
    """Changes a MuJoCo model in place as the options say."""
    model.opt.timestep = options.timestep_s
    for flag in _DISABLED:
        model.opt.disableflags |= int(getattr(mujoco.mjtDisableBit, flag, 0))
    model.body_mass[:] *= options.mass_scale
    model.body_inertia[:] *= options.mass_scale
    for load in options.loads:
        model.body_mass[model.body(load.body).id] += load.mass_kg
    model.dof_armature[:] *= options.armature_scale
    model.dof_frictionloss[_FREE_JOINT_DOFS:] += options.joint_friction_nm
    model.dof_damping[_FREE_JOINT_DOFS:] += options.joint_damping_nm_s
    if options.friction is not None:
        model.geom_friction[:, 0] = options.friction
        model.pair_friction[:, :2] = options.friction
    if options.contact_time_s is not None:
        model.geom_solref[_may_touch_floor(model), 0] = options.contact_time_s
    mujoco.mj_setConst(model, mujoco.MjData(model))


def _may_touch_floor(model: Any) -> npt.NDArray[np.bool_]:
    """The floor and what may touch it; contacts between given pairs have their own softness."""
    may: npt.NDArray[np.bool_] = (model.geom_contype != 0) | (model.geom_conaffinity != 0)
    return may
