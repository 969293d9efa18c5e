"""The pose in which the robot stands before and after a motion."""

import numpy as np

from exoactor_rt.robots.g1.joint_table import joint_table
from exoactor_rt.types import FloatArray

_BOTH_SIDES_RAD = {
    "hip_pitch": -0.35,
    "knee": 0.7,
    "ankle_pitch": -0.35,
    "shoulder_pitch": 0.2,
    "elbow": 0.9,
}
_OUTWARD_RAD = {"shoulder_roll": 0.2}


def standing_position() -> FloatArray:
    """Knees slightly bent, soles level, arms clear of the trunk: [29] rad, SDK order."""
    table = joint_table()
    position = np.zeros(len(table.names))
    for side, outward in (("left", 1.0), ("right", -1.0)):
        for joint, angle in _BOTH_SIDES_RAD.items():
            position[table.index(f"{side}_{joint}_joint")] = angle
        for joint, angle in _OUTWARD_RAD.items():
            position[table.index(f"{side}_{joint}_joint")] = outward * angle
    return position
