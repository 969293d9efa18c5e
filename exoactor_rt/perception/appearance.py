"""What a person wears: the colour of the torso, to tell people apart who cross."""

from __future__ import annotations

import cv2
import numpy as np

from exoactor_rt.perception.frame import RgbImage
from exoactor_rt.types import FloatArray

_LEFT_SHOULDER, _RIGHT_SHOULDER, _LEFT_HIP, _RIGHT_HIP = 11, 12, 23, 24
_MARGIN = 0.2
_SAMPLES = 12
_MIN_INSIDE = 0.5
_LIGHTNESS_WEIGHT = 0.5


def torso_colour(image: RgbImage, landmarks_px: FloatArray) -> FloatArray | None:
    """The median colour inside the torso.

    Args:
        image: The frame.
        landmarks_px: [33, 2] px.

    Returns:
        [3] CIELAB, lightness halved since it changes with the light; None if less than half of the
        torso is in the image.
    """
    height, width = image.shape[:2]
    steps = np.linspace(_MARGIN, 1.0 - _MARGIN, _SAMPLES)
    across, down = (grid.reshape(-1, 1) for grid in np.meshgrid(steps, steps))
    top = landmarks_px[_LEFT_SHOULDER] * (1.0 - across) + landmarks_px[_RIGHT_SHOULDER] * across
    bottom = landmarks_px[_LEFT_HIP] * (1.0 - across) + landmarks_px[_RIGHT_HIP] * across
    points = np.floor(top * (1.0 - down) + bottom * down).astype(np.int64)
    inside = ((points >= 0) & (points < (width, height))).all(axis=1)
    if inside.mean() < _MIN_INSIDE:
        return None
    columns, rows = points[inside].T
    samples = image[rows, columns][None].astype(np.float32) / np.float32(255.0)
    lab = cv2.cvtColor(samples, cv2.COLOR_RGB2LAB)[0]
    colour = np.median(lab, axis=0).astype(np.float64)
    return np.asarray(colour * (_LIGHTNESS_WEIGHT, 1.0, 1.0), np.float64)


def colour_distance(one: FloatArray | None, other: FloatArray | None) -> float:
    """Between two torso colours (about CIE 1976 delta E); 0 where either is unknown."""
    if one is None or other is None:
        return 0.0
    return float(np.linalg.norm(one - other))
