"""Smoothing of body points that trusts seen points more than hidden ones."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter1d

from exoactor_rt.motion.body import BODY_POINTS
from exoactor_rt.types import FloatArray

LEG_SIGMA_S = 1.0 / 30.0
ARM_SIGMA_S = 1.8 / 30.0
MIN_VISIBILITY = 0.05


def smooth_points(points: FloatArray, visibility: FloatArray, rate_hz: float) -> FloatArray:
    """Gaussian over time, weighted by visibility squared; wider for elbows and wrists.

    Args:
        points: [T, 17, 3] m.
        visibility: [T, 17] 0..1.
        rate_hz: frames a second.

    Returns:
        [T, 17, 3] m.
    """
    out = np.empty_like(points)
    weight = np.clip(visibility, MIN_VISIBILITY, 1.0) ** 2
    for index, name in enumerate(BODY_POINTS):
        arm = name.endswith(("elbow", "wrist"))
        sigma = (ARM_SIGMA_S if arm else LEG_SIGMA_S) * rate_hz
        own = weight[:, index, None]
        total = gaussian_filter1d(points[:, index] * own, sigma, axis=0, mode="nearest")
        out[:, index] = total / gaussian_filter1d(own, sigma, axis=0, mode="nearest")
    return out
