"""Which foot stands on the ground: hysteresis on its own speed and on that against the other's.

Absolute thresholds on speed and height fail where a recovered foot slides or the floor drifts; the
comparison with the other foot does not.
"""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter1d

from exoactor_rt.motion.body import FEET, LEG_OF_HEIGHT, leg_length
from exoactor_rt.motion.runs import true_runs
from exoactor_rt.types import BoolArray, FloatArray

STANCE_BELOW_M_S = 0.30
SWING_ABOVE_M_S = 0.55
STANCE_BELOW_OTHER = 0.6
SWING_ABOVE_OTHER = 0.9
MOVES_ABOVE_M_S = 0.15
MIN_SWING_S = 0.13
MIN_STANCE_S = 0.10
MAX_FLIGHT_S = 0.30
LOW_M = 0.12
SAME_SPEED_M_S = 0.30
_REFERENCE_LEG_M = LEG_OF_HEIGHT * 1.75


def foot_speeds(points: FloatArray, rate_hz: float) -> FloatArray:
    """Speed of each foot: median of ankle, heel and toe after smoothing by 1/30 s.

    Args:
        points: [T, 17, 3] m, any fixed frame.
        rate_hz: frames a second.

    Returns:
        [T, 2] m/s, left and right.
    """
    speeds = []
    for foot in FEET:
        smooth = gaussian_filter1d(points[:, list(foot)], rate_hz / 30.0, axis=0, mode="nearest")
        velocity = np.gradient(smooth, 1.0 / rate_hz, axis=0)
        speeds.append(np.median(np.linalg.norm(velocity, axis=2), axis=1))
    return np.stack(speeds, axis=1)


def contacts_from_speeds(
    speed: FloatArray, sole_height: FloatArray, rate_hz: float, size: float = 1.0
) -> BoolArray:
    """Contact labels from the feet's speeds.

    A foot swings when faster than .55 m/s and than .9 of the other foot; it stands when slower
    than .30 m/s, or than .6 of the other foot while that one swings. Swings under .13 s and
    stances under .10 s are removed. A swing over a standing foot then begins and ends where its
    speed, rising from rest and falling to it, passes .15 m/s. Where neither stands, the slower or
    lower foot does, unless both are off for .3 s and high: that is flight.

    Args:
        speed: [T, 2] m/s.
        sole_height: [T, 2] m above the floor, used only where neither foot stands.
        rate_hz: frames a second.
        size: leg length over that of a person of 1.75 m; scales speeds and heights.

    Returns:
        [T, 2] true in contact.
    """
    speed, sole_height = speed / size, sole_height / size
    contact = np.zeros(speed.shape, dtype=np.bool_)
    for side in (0, 1):
        own, other = speed[:, side], speed[:, 1 - side]
        lands = (own < STANCE_BELOW_M_S) | (
            (own < STANCE_BELOW_OTHER * other) & (other > SWING_ABOVE_M_S)
        )
        leaves = (own > SWING_ABOVE_M_S) & (own > SWING_ABOVE_OTHER * other)
        state = _hysteresis(lands, leaves)
        state = _drop_short(state, False, MIN_SWING_S * rate_hz)
        contact[:, side] = _drop_short(state, True, MIN_STANCE_S * rate_hz)
    contact = _widen_swings(contact, speed)
    for start, stop in true_runs(np.logical_not(contact.any(axis=1))):
        height = sole_height[start:stop].mean(axis=0)
        if (stop - start) / rate_hz >= MAX_FLIGHT_S and height.min() >= LOW_M:
            continue
        mean_speed = speed[start:stop].mean(axis=0)
        clear = abs(mean_speed[0] - mean_speed[1]) > SAME_SPEED_M_S
        contact[start:stop, int(np.argmin(mean_speed if clear else height))] = True
    return contact


def foot_contacts(points: FloatArray, sole_height: FloatArray, rate_hz: float) -> BoolArray:
    """Contact labels `[T, 2]` of a body `[T, 17, 3] m`; see `contacts_from_speeds`."""
    size = leg_length(points) / _REFERENCE_LEG_M
    return contacts_from_speeds(foot_speeds(points, rate_hz), sole_height, rate_hz, size)


def _hysteresis(lands: BoolArray, leaves: BoolArray) -> BoolArray:
    state = bool(lands[0])
    out = np.zeros(len(lands), dtype=np.bool_)
    for frame in range(len(lands)):
        state = not leaves[frame] if state else bool(lands[frame])
        out[frame] = state
    return out


def _widen_swings(contact: BoolArray, speed: FloatArray) -> BoolArray:
    """Swings widened over frames in which their foot is on the way from or to rest."""
    out: BoolArray = contact.copy()
    for side in (0, 1):
        own = speed[:, side]
        may_move = contact.all(axis=1) & (own > MOVES_ABOVE_M_S)
        for run in true_runs(np.logical_not(contact[:, side])):
            start, stop = run
            while start > 0 and may_move[start - 1] and own[start - 1] < own[start]:
                start -= 1
            while stop < len(own) and may_move[stop] and own[stop] < own[stop - 1]:
                stop += 1
            out[start:stop, side] = False
    return out


def _drop_short(state: BoolArray, value: bool, min_frames: float) -> BoolArray:
    out: BoolArray = state.copy()
    for start, stop in true_runs(out == value):
        if stop - start < min_frames and start > 0 and stop < len(out):
            out[start:stop] = not value
    return out
