"""Which way is up, from the person's balance.

Over time the ground's force passes through the centre of mass.

Neither the plane fitted to the feet (0.5 to 33 degrees off) nor the camera's own up (8 to 26) is
as good as the mean direction from the standing foot to the centre of mass (3 to 8).
"""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter1d

from exoactor_rt.motion.body import FEET, HIPS, POINT, SHOULDERS, midpoint
from exoactor_rt.motion.rotation import unit
from exoactor_rt.types import BoolArray, FloatArray

GRAVITY_M_S2 = 9.81
COM_SMOOTHING_S = 0.1
BALANCE_DEVIATION_DEG = 6.0
CAMERA_TILT_DEVIATION_DEG = 18.0
_FRAMES_AT_LEAST = 5
_CAMERA_UP = np.array([0.0, -1.0, 0.0])


def centre_of_mass(points: FloatArray) -> FloatArray:
    """Centre of mass [T, 3] of points [T, 17, 3] m, from trunk, head, knees and elbows."""
    knees = midpoint(points, (POINT["left_knee"], POINT["right_knee"]))
    elbows = midpoint(points, (POINT["left_elbow"], POINT["right_elbow"]))
    mass: FloatArray = (
        0.45 * midpoint(points, HIPS)
        + 0.35 * midpoint(points, SHOULDERS)
        + 0.05 * points[:, POINT["head"]]
        + 0.075 * knees
        + 0.075 * elbows
    )
    return mass


def body_up(points: FloatArray) -> FloatArray:
    """Median direction [3] from ankles to shoulders; up for want of anything better."""
    ankles = midpoint(points, (POINT["left_ankle"], POINT["right_ankle"]))
    return unit(np.median(unit(midpoint(points, SHOULDERS) - ankles), axis=0))


def up_from_balance(points: FloatArray, contact: BoolArray, rate_hz: float) -> FloatArray:
    """Up in the axes of the points.

    Gravity and acceleration together point from the support to the centre of mass, as in the
    linear inverted pendulum; averaged over all frames in which a foot stands.

    Args:
        points: [T, 17, 3] m in fixed axes.
        contact: [T, 2].
        rate_hz: frames a second.

    Returns:
        [3] unit; the body's own up where no foot stands for five frames.
    """
    standing = contact.any(axis=1)
    if standing.sum() < _FRAMES_AT_LEAST:
        return body_up(points)
    feet = np.stack(
        [
            0.4 * points[:, a] + 0.3 * points[:, heel] + 0.3 * points[:, toe]
            for a, heel, toe in FEET
        ],
        axis=1,
    )
    share = contact / np.maximum(contact.sum(axis=1), 1)[:, None]
    support = (feet * share[..., None]).sum(axis=1)
    mass = centre_of_mass(points)
    smooth = gaussian_filter1d(mass, COM_SMOOTHING_S * rate_hz, axis=0, mode="nearest")
    acceleration = np.gradient(np.gradient(smooth, 1 / rate_hz, axis=0), 1 / rate_hz, axis=0)
    lean = unit(mass - support) * GRAVITY_M_S2 - acceleration
    return unit(lean[standing].mean(axis=0))


def up_in_camera(points: FloatArray, contact: BoolArray, rate_hz: float) -> FloatArray:
    """Up [3] in camera axes: balance, drawn a tenth of the way to the camera's own up.

    The mean of two independent estimates by their variances: balance errs by about 6 degrees,
    a camera is held level to within about 18.
    """
    balance = up_from_balance(points, contact, rate_hz)
    share = 1.0 / (1.0 + (CAMERA_TILT_DEVIATION_DEG / BALANCE_DEVIATION_DEG) ** 2)
    return unit((1.0 - share) * balance + share * _CAMERA_UP)


def world_axes(up: FloatArray) -> FloatArray:
    """Rotation [3, 3] from camera axes into a z-up world whose x axis points at the camera.

    Args:
        up: [3] unit in camera axes (x right, y down, z away).
    """
    towards = np.array([0.0, 0.0, -1.0])
    if abs(towards @ up) > 0.98:
        towards = np.array([0.0, 1.0, 0.0])
    x = unit(towards - (towards @ up) * up)
    return np.stack([x, np.cross(up, x), up])
