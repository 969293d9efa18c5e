"""Uniform resampling of trajectories with a low-pass against aliasing."""

from __future__ import annotations

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.signal import butter, sosfiltfilt

from exoactor_rt.types import FloatArray

CUTOFF_OF_RATE = 0.4
_ORDER = 4
_MIN_CUBIC = 4


def resample_uniform(values: FloatArray, source_hz: float, rate_hz: float) -> FloatArray:
    """Resample from one uniform rate to another.

    Where the rate falls, a zero-phase Butterworth filter (order 4, run both ways, 0.4 of the new
    rate) goes before; values between samples come from a cubic spline.

    Args:
        values: [T, ...] at `source_hz`.
        source_hz: frames a second of the source.
        rate_hz: wanted frames a second.

    Returns:
        [N, ...], N = floor((T - 1) rate / source) + 1; the first sample stays the first.
    """
    frames = len(values)
    count = int(np.floor((frames - 1) * rate_hz / source_hz + 1e-6)) + 1
    cutoff = CUTOFF_OF_RATE * rate_hz
    filtered = values
    if cutoff < 0.45 * source_hz:
        sos = butter(_ORDER, cutoff, fs=source_hz, output="sos")
        padding = min(frames - 1, int(3 * source_hz / cutoff))
        filtered = sosfiltfilt(sos, values, axis=0, padlen=padding)
    times = np.arange(count) * (source_hz / rate_hz)
    if np.allclose(times, np.round(times), atol=1e-9):
        picked: FloatArray = filtered[np.round(times).astype(np.int64)]
        return picked
    if frames < _MIN_CUBIC:
        low = np.minimum(times.astype(np.int64), frames - 2)
        part = (times - low).reshape(-1, *([1] * (values.ndim - 1)))
        linear: FloatArray = filtered[low] * (1.0 - part) + filtered[low + 1] * part
        return linear
    spline: FloatArray = CubicSpline(np.arange(frames), filtered, axis=0)(times)
    return spline
