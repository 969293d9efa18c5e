"""Where refinement starts: the person's place in each frame, and standing feet."""

from __future__ import annotations

import numpy as np

from exoactor_rt.motion.body import FEET
from exoactor_rt.motion.observation import BodyObservation
from exoactor_rt.types import BoolArray, FloatArray

STANDING_BODY_SIDES_S = 0.12
_MIN_WEIGHT = 0.02


def place_body(seen: BodyObservation) -> FloatArray:
    """Relative positions moved, frame by frame, to where they project best onto the image.

    Linear least squares in the translation: `x - u z = 0` for each point and axis.

    Returns:
        [T, 17, 3] m in camera axes.
    """
    u = seen.ray
    weight = np.maximum(seen.visibility, _MIN_WEIGHT) ** 2
    slope = np.zeros((*u.shape, 3))
    slope[..., 0, 0] = slope[..., 1, 1] = 1.0
    slope[..., 2] = -u
    right = u * seen.relative[..., 2:] - seen.relative[..., :2]
    matrix = np.einsum("tpri,tp,tprj->tij", slope, weight, slope)
    vector = np.einsum("tpri,tp,tpr->ti", slope, weight, right)
    place = np.linalg.solve(matrix, vector[..., None])[..., 0]
    place[:, 2] = np.maximum(place[:, 2], 0.5)
    placed: FloatArray = seen.relative + place[:, None]
    return placed


def standing_in_image(seen: BodyObservation) -> BoolArray:
    """Feet [T, 2] whose heel and toe move by less than .12 body sides a second in the image."""
    pixel = seen.ray * seen.focal_px / seen.body_side_px
    velocity = np.gradient(pixel, 1.0 / seen.rate_hz, axis=0)
    speed = np.linalg.norm(velocity, axis=2)
    return np.stack(
        [speed[:, list(foot[1:])].max(axis=1) < STANDING_BODY_SIDES_S for foot in FEET], axis=1
    )
