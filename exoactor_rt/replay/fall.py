"""When a robot fell, by what its own sensors and estimate tell."""

from __future__ import annotations

import numpy as np

from exoactor_rt.recorder.tick_table import Columns
from exoactor_rt.sim.body_options import FALLEN_HEIGHT_M, FALLEN_TILT_RAD
from exoactor_rt.types import FloatArray

HEIGHT_COLUMNS = ("true_root_position_in_world", "base_position_in_world")
"""Where the height of the pelvis is looked for, the first that there is."""


def tilt_rad(ticks: Columns) -> FloatArray:
    """[N] angle of the pelvis' z axis against the vertical, by the IMU's attitude."""
    w, x, y, z = ticks["quat_world_imu_wxyz"].T
    norm = np.maximum(w * w + x * x + y * y + z * z, 1e-12)
    return np.asarray(np.arccos(np.clip((w * w - x * x - y * y + z * z) / norm, -1.0, 1.0)))


def first_fall(ticks: Columns) -> tuple[int, str] | None:
    """(row, in words) from which the robot counts as fallen; None while it stands.

    The height is the truth's where a simulation told it, else the estimate's, once there is one.
    """
    tilt = tilt_rad(ticks)
    name = next(name for name in HEIGHT_COLUMNS if name in ticks)
    height = ticks[name][:, 2]
    known = height != 0.0
    low = known & (height < FALLEN_HEIGHT_M)
    fallen = low | (tilt > FALLEN_TILT_RAD)
    if not fallen.any():
        return None
    row = int(np.argmax(fallen))
    if low[row]:
        return row, f"pelvis at {height[row]:.2f} m, below {FALLEN_HEIGHT_M} m"
    return row, f"tilt of {tilt[row]:.2f} rad, over {FALLEN_TILT_RAD} rad"
