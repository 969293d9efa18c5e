"""Which frames of a PoseTrack show one person, whole and in the picture: the longest such run."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter1d

from exoactor_rt.errors import MotionError
from exoactor_rt.motion.landmarks import LANDMARK
from exoactor_rt.motion.options import MotionOptions
from exoactor_rt.motion.runs import true_runs
from exoactor_rt.types import BoolArray, FloatArray, PoseTrack

MAX_GAP_S = 0.25
MIN_LEG_VISIBILITY = 0.3
VISIBILITY_SMOOTHING_S = 0.1
FOOT_MARGIN_OF_IMAGE = 0.02
MIN_POINTS_INSIDE = 0.9
MAX_HIP_SPEED_ROI_S = 1.6
JUMP_SMOOTHING_S = 2.0 / 30.0
_LEGS = [LANDMARK[f"{s}_{p}"] for p in ("knee", "ankle") for s in ("left", "right")]
_ANKLES = [LANDMARK["left_ankle"], LANDMARK["right_ankle"]]
_HIPS = [LANDMARK["left_hip"], LANDMARK["right_hip"]]
_BODY = slice(LANDMARK["left_shoulder"], LANDMARK["left_heel"])


@dataclass(frozen=True)
class Selection:
    """The chosen frames.

    Attributes:
        start: first frame in the track.
        stop: one past the last.
        usable: [stop - start] frames to trust; the others are filled in.
        notes: what was trimmed and filled.
    """

    start: int
    stop: int
    usable: BoolArray
    notes: tuple[str, ...]


def select_run(track: PoseTrack, options: MotionOptions) -> Selection:
    """Find the longest run of usable frames, bridging gaps up to a quarter of a second.

    Args:
        track: the pose track.
        options: for the limits of duration.

    Raises:
        MotionError: no run is long enough, or the run is too long.
    """
    times = _checked_times(track)
    reasons = _reasons(track, times)
    usable = ~np.any(list(reasons.values()), axis=0)
    bridged = usable.copy()
    for start, stop in true_runs(~usable):
        inner = start > 0 and stop < len(usable)
        if inner and times[stop] - times[start - 1] <= MAX_GAP_S:
            bridged[start:stop] = not reasons["jump to another place"][start:stop].any()
    found = true_runs(bridged)
    start, stop = max(found, key=lambda run: run[1] - run[0]) if found else (0, 0)
    duration_s = times[stop - 1] - times[start] if stop > start else 0.0
    where = f"track {track.clip_sha256[:8]}" if track.clip_sha256 else "track"
    counts = ", ".join(f"{int(flags.sum())} {name}" for name, flags in reasons.items())
    if not options.min_duration_s <= duration_s <= options.max_duration_s:
        raise MotionError(
            f"{where}: longest usable run {stop - start} of {len(times)} frames, "
            f"{duration_s:.2f} s, allowed {options.min_duration_s:g} to "
            f"{options.max_duration_s:g} s ({counts}); motion not recovered"
        )
    notes = []
    if stop - start < len(times):
        notes.append(
            f"kept frames {start} to {stop - 1} of {len(times)}, trimmed the rest ({counts})"
        )
    filled = int((~usable[start:stop]).sum())
    if filled:
        notes.append(f"filled {filled} frames in gaps up to {MAX_GAP_S:g} s")
    return Selection(start, stop, usable[start:stop], tuple(notes))


def _checked_times(track: PoseTrack) -> FloatArray:
    times = np.asarray(track.times_s, dtype=np.float64)
    if len(times) < 2 or not (np.diff(times) > 0.0).all() or not np.isfinite(times).all():
        backward = int((~(np.diff(times) > 0.0)).sum())
        raise MotionError(
            f"track: {len(times)} frames, {backward} steps in time not forward, allowed at least "
            "2 frames and 0 such steps; motion not recovered"
        )
    return times


def _reasons(track: PoseTrack, times: FloatArray) -> dict[str, BoolArray]:
    """Flags [T] of what is wrong with a frame, each frame under its first reason only."""
    width, height = track.image_size
    pixel = np.asarray(track.landmarks_px, dtype=np.float64)
    visibility = np.asarray(track.visibility, dtype=np.float64)
    world = np.asarray(track.landmarks_world, dtype=np.float64)
    known = np.asarray(track.valid, dtype=np.bool_) & np.isfinite(pixel).all(axis=(1, 2))
    known &= np.isfinite(visibility).all(axis=1) & np.isfinite(world).all(axis=(1, 2))
    inside = (pixel >= 0.0) & (pixel < np.array([width, height]))
    margin = FOOT_MARGIN_OF_IMAGE * np.array([width, height])
    ankles = pixel[:, _ANKLES]
    feet_out = ((ankles < -margin) | (ankles > np.array([width, height]) + margin)).any(axis=(1, 2))
    hip = pixel[:, _HIPS].mean(axis=1)
    cut = ~((hip >= 0.0) & (hip < np.array([width, height]))).all(axis=1)
    cut |= inside[:, _BODY].all(axis=2).mean(axis=1) < MIN_POINTS_INSIDE
    sigma = VISIBILITY_SMOOTHING_S / float(np.median(np.diff(times)))
    legs = gaussian_filter1d(np.nan_to_num(visibility[:, _LEGS]).mean(axis=1), sigma)
    flags = {
        "without a person": ~known,
        "with the feet out of the picture": feet_out,
        "with the body cut by the picture": cut,
        "with the legs hidden": legs <= MIN_LEG_VISIBILITY,
        "jump to another place": _jumps(hip, np.asarray(track.roi)[:, 2], known, times),
    }
    taken = np.zeros(len(times), dtype=np.bool_)
    for name, flag in flags.items():
        flags[name] = flag & ~taken
        taken |= flags[name]
    return flags


def _jumps(hip: FloatArray, roi_side: FloatArray, known: BoolArray, times: FloatArray) -> BoolArray:
    """Frames in which the hips move faster than a person can: the tracker changed the person."""
    if known.sum() < 3:
        return np.zeros(len(times), dtype=np.bool_)
    filled = np.stack([np.interp(times, times[known], hip[known, c]) for c in (0, 1)], axis=1)
    side = np.median(roi_side[known])
    rate_hz = 1.0 / float(np.median(np.diff(times)))
    smooth = gaussian_filter1d(filled, JUMP_SMOOTHING_S * rate_hz, axis=0, mode="nearest")
    velocity = np.gradient(smooth, times, axis=0) / side
    fast: BoolArray = np.linalg.norm(velocity, axis=1) > MAX_HIP_SPEED_ROI_S
    return fast
