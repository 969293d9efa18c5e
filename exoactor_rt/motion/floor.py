"""The floor under the person, frame by frame, from the soles of the standing feet."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter1d

from exoactor_rt.motion.body import FEET
from exoactor_rt.motion.foot_contact import foot_contacts
from exoactor_rt.motion.runs import true_runs
from exoactor_rt.types import BoolArray, FloatArray

MEDIAN_HALF_WINDOW_S = 0.5
SMOOTHING_S = 0.2
LOW_PERCENTILE = 10
ROUNDS = 3


def sole_heights(points: FloatArray) -> FloatArray:
    """Height [T, 2] m of the lower of heel and toe, for points [T, 17, 3] m in a z-up world."""
    return np.stack([points[:, list(foot[1:]), 2].min(axis=1) for foot in FEET], axis=1)


def floor_heights(sole: FloatArray, contact: BoolArray, rate_hz: float) -> FloatArray:
    """Height of the floor over time: the running median sole height of each contact run.

    Medians run within a contact run only, over half a second to each side; both feet are averaged,
    gaps without contact interpolated, and the result smoothed by .2 s.

    Args:
        sole: [T, 2] m.
        contact: [T, 2].
        rate_hz: frames a second.

    Returns:
        [T] m.
    """
    frames = len(sole)
    total, count = np.zeros(frames), np.zeros(frames)
    half = max(1, round(MEDIAN_HALF_WINDOW_S * rate_hz))
    for side in (0, 1):
        for start, stop in true_runs(contact[:, side]):
            total[start:stop] += _running_median(sole[start:stop, side], half)
            count[start:stop] += 1
    known = count > 0
    if not known.any():
        return np.full(frames, float(np.percentile(sole.min(axis=1), LOW_PERCENTILE)))
    time = np.arange(frames)
    height = np.interp(time, time[known], total[known] / count[known])
    smooth: FloatArray = gaussian_filter1d(height, SMOOTHING_S * rate_hz, mode="nearest")
    return smooth


def remove_floor_drift(
    points: FloatArray, rate_hz: float, sole_thickness_m: float
) -> tuple[FloatArray, BoolArray, float]:
    """Put the floor at z = 0, three times: contacts, floor, contacts again.

    A tilt of a few degrees that gravity kept lifts the floor by decimetres over a few metres.

    Args:
        points: [T, 17, 3] m in a z-up world, any height.
        rate_hz: frames a second.
        sole_thickness_m: height of heel and toe points above the floor when standing.

    Returns:
        The points with the floor at z = 0, contacts [T, 2], and the drift taken out (10th to 90th
        percentile) in m.
    """
    points = points.copy()
    points[..., 2] -= np.percentile(sole_heights(points).min(axis=1), LOW_PERCENTILE)
    removed = np.zeros(len(points))
    for _ in range(ROUNDS):
        sole = sole_heights(points)
        floor = floor_heights(sole, foot_contacts(points, sole, rate_hz), rate_hz)
        floor = floor - sole_thickness_m
        points[..., 2] -= floor[:, None]
        removed += floor
    contact = foot_contacts(points, sole_heights(points), rate_hz)
    low, high = np.percentile(removed, [10.0, 90.0])
    return points, contact, float(high - low)


def _running_median(values: FloatArray, half: int) -> FloatArray:
    """Median over up to `half` neighbours on each side; windows end with the values."""
    padded = np.pad(values, half, constant_values=np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1)
    median: FloatArray = np.nanmedian(windows, axis=1)
    return median
