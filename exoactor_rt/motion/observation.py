"""What the camera saw of the body, at a uniform rate, ready for refinement."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial.transform import Rotation

from exoactor_rt.motion.body import ANKLE_TO_EAR_OF_HEIGHT, HIPS, ankle_to_ear, midpoint
from exoactor_rt.motion.hands import observe_hands
from exoactor_rt.motion.landmarks import body_from_landmarks
from exoactor_rt.motion.options import MotionOptions
from exoactor_rt.motion.resampling import resample_uniform
from exoactor_rt.motion.track_selection import Selection
from exoactor_rt.types import BoolArray, FloatArray, PoseTrack


@dataclass(frozen=True)
class BodyObservation:
    """The observations of one person by one static camera; N frames.

    Camera axes are x right, y down, z away; the principal point is the image's centre.

    Attributes:
        rate_hz: frames a second.
        focal_px: focal length.
        ray: [N, 17, 2] image points as (x / z, y / z).
        relative: [N, 17, 3] m, body points from mid-hip in camera axes, in the metric scale of the
            subject; depth is weak.
        visibility: [N, 17] 0..1; near 0 in filled gaps.
        body_side_px: side of the square around the person, median over time.
        thumb_side: [N, 2, 3] direction towards the index finger's side in camera axes; zero where
            unknown.
        hand_openness: [N, 2] 0 closed .. 1 open; NaN unknown.
        start_s: time of frame 0 in the clip.
    """

    rate_hz: float
    focal_px: float
    ray: FloatArray
    relative: FloatArray
    visibility: FloatArray
    body_side_px: float
    thumb_side: FloatArray
    hand_openness: FloatArray
    start_s: float


def observe_body(track: PoseTrack, run: Selection, options: MotionOptions) -> BodyObservation:
    """Fill gaps, resample and scale the chosen run of a track.

    The network sees the person in the middle of a crop, as if the camera looked straight at the
    person; its relative positions are therefore turned by the angle between the optical axis and
    the ray to the hips.

    Args:
        track: the pose track.
        run: the frames to take.
        options: focal length, rate and subject height.
    """
    width, height = track.image_size
    focal = options.focal_px or float(np.hypot(width, height))
    frames = slice(run.start, run.stop)
    times = np.asarray(track.times_s, dtype=np.float64)[frames]
    centre = np.array([width, height]) / 2.0
    ray = (body_from_landmarks(track.landmarks_px[frames].astype(np.float64)) - centre) / focal
    ok = run.usable
    turn = _turn_to_ray(np.where(ok[:, None], midpoint(ray, HIPS), 0.0))
    world = track.landmarks_world[frames].astype(np.float64) @ np.swapaxes(turn, 1, 2)
    relative = body_from_landmarks(world)
    relative -= midpoint(relative, HIPS)[:, None]
    visibility = body_from_landmarks(track.visibility[frames].astype(np.float64))
    hands = observe_hands(track, frames, turn, times)
    visibility = np.where(ok[:, None], visibility, 0.0)
    scale = ANKLE_TO_EAR_OF_HEIGHT * options.subject_height_m / ankle_to_ear(relative[ok])
    seen = _Resampler(times, ok, options.rate_hz)
    return BodyObservation(
        rate_hz=options.rate_hz,
        focal_px=focal,
        ray=seen(ray),
        relative=seen(relative) * scale,
        visibility=np.clip(seen(visibility), 0.0, 1.0),
        body_side_px=float(np.median(np.asarray(track.roi)[frames][ok, 2])),
        thumb_side=seen.everywhere(hands.thumb_side),
        hand_openness=seen.nearest(hands.openness),
        start_s=float(times[0]),
    )


class _Resampler:
    """From the clip's own times to the uniform rate."""

    def __init__(self, times: FloatArray, usable: BoolArray, rate_hz: float) -> None:
        self._times, self._usable, self._rate_hz = times, usable, rate_hz
        self._source_hz = (len(times) - 1) / (times[-1] - times[0])
        self._uniform = times[0] + np.arange(len(times)) / self._source_hz

    def __call__(self, values: FloatArray) -> FloatArray:
        """Interpolate unusable frames and resample `[T, ...]`."""
        return self._resample(self._times[self._usable], values[self._usable])

    def everywhere(self, values: FloatArray) -> FloatArray:
        """Resample `[T, ...]` that is known in all frames."""
        return self._resample(self._times, values)

    def nearest(self, values: FloatArray) -> FloatArray:
        """Take the nearest frame, which keeps NaN where it is."""
        span = self._times[-1] - self._times[0]
        wanted = self._times[0] + np.arange(int(span * self._rate_hz + 1e-6) + 1) / self._rate_hz
        index = np.abs(wanted[:, None] - self._times[None, :]).argmin(axis=1)
        picked: FloatArray = values[index]
        return picked

    def _resample(self, times: FloatArray, values: FloatArray) -> FloatArray:
        flat = values.reshape(len(values), -1)
        uniform = np.stack([np.interp(self._uniform, times, column) for column in flat.T], axis=1)
        out = resample_uniform(uniform, self._source_hz, self._rate_hz)
        shaped: FloatArray = out.reshape(len(out), *values.shape[1:])
        return shaped


def _turn_to_ray(ray: FloatArray) -> FloatArray:
    """Smallest rotations [T, 3, 3] from the optical axis to rays [T, 2] given as (x / z, y / z)."""
    axis = np.stack([-ray[:, 1], ray[:, 0], np.zeros(len(ray))], axis=1)
    sine = np.linalg.norm(axis, axis=1, keepdims=True)
    turn: FloatArray = Rotation.from_rotvec(
        axis / np.maximum(sine, 1e-12) * np.arctan(sine)
    ).as_matrix()
    return turn
