"""What the simulated body, in C++, is told of the options and of MuJoCo."""

from __future__ import annotations

import ctypes
import sys
from dataclasses import asdict
from typing import Any

import numpy as np

from exoactor_rt._core import sim as native
from exoactor_rt.errors import HardwareError
from exoactor_rt.robots import g1
from exoactor_rt.sim.options import SimOptions
from exoactor_rt.types import FloatArray

FALLEN_HEIGHT_M = 0.4
FALLEN_TILT_RAD = 1.0

_FUNCTIONS = ("mj_step", "mj_kinematics", "mj_comPos")
_DIVERGENCES = ("mjWARN_BADQPOS", "mjWARN_BADQVEL", "mjWARN_BADQACC")


def physics_of(mujoco: Any, model: Any, data: Any) -> native.Physics:
    """Where MuJoCo's functions and the robot's state lie in memory."""
    table = g1.joint_table()
    joints = [model.joint(name) for name in table.names]
    return native.Physics(
        functions=_addresses(mujoco),
        model=model,
        data=data,
        pelvis=model.body("pelvis").id,
        accelerometer=int(model.sensor("base_accel").adr[0]),
        divergences=[int(getattr(mujoco.mjtWarning, name)) for name in _DIVERGENCES],
        position_of=[int(joint.qposadr[0]) for joint in joints],
        velocity_of=[int(joint.dofadr[0]) for joint in joints],
        control_of=[model.actuator(name).id for name in table.names],
    )


def body_options(options: SimOptions, posture: FloatArray, model: Any) -> native.BodyOptions:
    """The options of a robot that stands or hangs in `posture`, its bodies by number.

    Raises:
        HardwareError: the control period is no multiple of the physics step.
    """
    substeps = round(options.control_period_s / options.timestep_s)
    if abs(substeps * options.timestep_s - options.control_period_s) > 1e-12:
        raise HardwareError(
            f"simulation: control period {options.control_period_s} s is no multiple of "
            f"the step {options.timestep_s} s; no simulated robot"
        )
    told = native.BodyOptions()
    told.substeps = substeps
    told.latency_ns = round(1e9 * options.latency_s)
    told.effort = g1.joint_table().effort_nm
    if options.gantry is None:
        told.resting_torque = options.mass_scale * g1.standing_torque(posture)
    told.resting_force = -np.array(model.opt.gravity)
    told.fallen_height_m = FALLEN_HEIGHT_M
    told.fallen_tilt_rad = FALLEN_TILT_RAD
    told.noise = _noise(options)
    told.pushes = [
        native.SimulatedPush(p.start_s, p.duration_s, model.body(p.body).id, p.force_in_world)
        for p in options.pushes
    ]
    told.dropouts = [native.SensorDropout(gap.start_s, gap.duration_s) for gap in options.dropouts]
    return told


def _noise(options: SimOptions) -> native.SensorNoise:
    noise = native.SensorNoise()
    for name, value in asdict(options.noise).items():
        setattr(noise, name, value)
    return noise


def _addresses(mujoco: Any) -> list[int]:
    """Of the functions in the library that the `mujoco` module itself calls."""
    library = ctypes.CDLL(sys.modules[mujoco.mj_step.__module__].__file__)
    addresses = [ctypes.cast(getattr(library, name), ctypes.c_void_p).value for name in _FUNCTIONS]
    return [address or 0 for address in addresses]
