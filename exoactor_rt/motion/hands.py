"""Hands seen by perception: which way the thumb's side faces, and how open the fingers are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter1d, median_filter

from exoactor_rt.motion.landmarks import (
    HAND_FINGERS,
    HAND_INDEX_KNUCKLE,
    HAND_LITTLE_KNUCKLE,
    HAND_MIDDLE_KNUCKLE,
    HAND_WRIST,
    LANDMARK,
)
from exoactor_rt.motion.rotation import unit
from exoactor_rt.types import BoolArray, FloatArray, PoseTrack

MIN_HAND_SCORE = 0.5
MIN_PALM_PX = 25.0
MAX_WRIST_DISTANCE_ROI = 0.06
THUMB_SIDE_SMOOTHING_S = 4.0 / 30.0
OPEN_BEND_RAD = np.radians(40.0)
CLOSED_BEND_RAD = np.radians(190.0)
OPENNESS_WINDOW_S = 0.17
MAX_UNSEEN_S = 0.5
_SIDES = ("left", "right")


@dataclass(frozen=True)
class HandObservation:
    """Both hands over the frames of a run.

    Attributes:
        thumb_side: [T, 2, 3] unit or zero, camera axes.
        openness: [T, 2] 0 closed .. 1 open; NaN unknown.
    """

    thumb_side: FloatArray
    openness: FloatArray


def observe_hands(
    track: PoseTrack, frames: slice, turn: FloatArray, times: FloatArray
) -> HandObservation:
    """Read both hands.

    The thumb's side is the smoothed direction from little to index finger, of the hand's own
    landmarks where that hand is seen near the body's wrist, else of the body's.

    Args:
        track: the pose track.
        frames: the run to read.
        turn: [T, 3, 3] from the axes of the network's view to camera axes.
        times: [T] s.
    """
    rate_hz = (len(times) - 1) / float(times[-1] - times[0])
    sides, openness = [], []
    for side, name in enumerate(_SIDES):
        seen = _seen(track, frames, side, name)
        body = track.landmarks_world[frames].astype(np.float64)
        across = unit(body[:, LANDMARK[f"{name}_index"]] - body[:, LANDMARK[f"{name}_pinky"]])
        hand = track.hand_world[frames, side].astype(np.float64)
        own = unit(hand[:, HAND_INDEX_KNUCKLE] - hand[:, HAND_LITTLE_KNUCKLE])
        across = np.where(seen[:, None], own, across)
        across = np.einsum("tij,tj->ti", turn, np.nan_to_num(across))
        sigma = THUMB_SIDE_SMOOTHING_S * rate_hz
        sides.append(gaussian_filter1d(across, sigma, axis=0, mode="nearest"))
        openness.append(_smooth_openness(finger_openness(hand), seen, rate_hz))
    return HandObservation(np.stack(sides, axis=1), np.stack(openness, axis=1))


def finger_openness(hand: FloatArray) -> FloatArray:
    """How far the four fingers are stretched.

    Args:
        hand: [T, 21, 3] m, any frame.

    Returns:
        [T] 1 where the fingers bend by 40 degrees or less from wrist to tip, 0 from 190 degrees on,
        linear between, mean over the fingers.
    """
    bends = []
    for finger in HAND_FINGERS:
        chain = unit(np.diff(hand[:, [HAND_WRIST, *finger]], axis=1))
        cosine = np.clip((chain[:, 1:] * chain[:, :-1]).sum(axis=2), -1.0, 1.0)
        bends.append(np.arccos(cosine).sum(axis=1))
    closed = (np.mean(bends, axis=0) - OPEN_BEND_RAD) / (CLOSED_BEND_RAD - OPEN_BEND_RAD)
    openness: FloatArray = 1.0 - np.clip(closed, 0.0, 1.0)
    return openness


def _seen(track: PoseTrack, frames: slice, side: int, name: str) -> BoolArray:
    """The hand is seen, large enough to tell fingers, and lies at the body's wrist.

    A quarter of the bad finds lie elsewhere; below 25 px of palm fingers are guessed.
    """
    body_wrist = track.landmarks_px[frames, LANDMARK[f"{name}_wrist"]]
    hand = np.nan_to_num(track.hand_px[frames, side].astype(np.float64))
    away = np.linalg.norm(hand[:, HAND_WRIST] - body_wrist, axis=1)
    palm = np.linalg.norm(hand[:, HAND_MIDDLE_KNUCKLE] - hand[:, HAND_WRIST], axis=1)
    seen = np.isfinite(track.hand_world[frames, side]).all(axis=(1, 2))
    seen &= np.nan_to_num(track.hand_score[frames, side]) >= MIN_HAND_SCORE
    seen &= away < MAX_WRIST_DISTANCE_ROI * np.asarray(track.roi)[frames, 2]
    seen &= palm >= MIN_PALM_PX
    return np.asarray(seen, dtype=np.bool_)


def _smooth_openness(openness: FloatArray, seen: BoolArray, rate_hz: float) -> FloatArray:
    """Median and interpolation over what was seen; NaN further than half a second from that."""
    out = np.full(len(seen), np.nan)
    known = np.flatnonzero(seen)
    if len(known) == 0:
        return out
    frames = np.arange(len(seen))
    filled = np.interp(frames, known, openness[known])
    size = 2 * round(0.5 * OPENNESS_WINDOW_S * rate_hz) + 1
    smooth = median_filter(filled, size=size, mode="nearest")
    near = np.abs(frames[:, None] - known[None, :]).min(axis=1) <= MAX_UNSEEN_S * rate_hz
    out[near] = smooth[near]
    return out
