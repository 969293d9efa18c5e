"""The pose in which the robot stands before and after a motion."""

import numpy as np

from exoactor_rt._core.control import standing_posture
from exoactor_rt.types import FloatArray


def standing_position() -> FloatArray:
    """Knees slightly bent, soles level, arms clear of the trunk: [29] rad, SDK order."""
    return np.array(standing_posture(), dtype=np.float64)
