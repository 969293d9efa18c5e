"""What stands in for the truth on a robot that only has sensors: the estimate."""

from __future__ import annotations

import numpy as np

from exoactor_rt.sim.body_options import FALLEN_HEIGHT_M, FALLEN_TILT_RAD
from exoactor_rt.sim.rollout import Columns

_SOURCES = {
    "true_root_position_in_world": "base_position_in_world",
    "true_quat_world_root_wxyz": "quat_world_base_wxyz",
    "true_joint_position": "sensed_position",
    "true_joint_velocity": "sensed_velocity",
    "true_joint_torque": "sensed_torque",
    "true_com_in_world": "com_in_world",
}


def estimated_truth(ticks: Columns) -> Columns:
    """The columns true_* of a run, made of what was sensed and estimated."""
    columns = {name: ticks[source].copy() for name, source in _SOURCES.items()}
    columns["true_time_s"] = (ticks["now_ns"] - ticks["now_ns"][0]) * 1e-9
    return columns


def estimated_fall(ticks: Columns) -> str:
    """Why the robot counts as fallen at the last tick, in words; empty while it stands."""
    height_m = float(ticks["base_position_in_world"][-1, 2])
    w, x, y, z = ticks["quat_world_imu_wxyz"][-1]
    tilt_rad = float(np.arccos(np.clip(w * w - x * x - y * y + z * z, -1.0, 1.0)))
    if tilt_rad > FALLEN_TILT_RAD:
        return f"tilt {tilt_rad:.2f} rad > {FALLEN_TILT_RAD} rad"
    if height_m < FALLEN_HEIGHT_M:
        return f"pelvis {height_m:.2f} m < {FALLEN_HEIGHT_M} m as estimated"
    return ""
