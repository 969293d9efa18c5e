"""Postures written by formula, for plans that no reference was made for."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np

from exoactor_rt.planning import PostureTrack
from exoactor_rt.robots import g1
from exoactor_rt.types import FloatArray

RATE_HZ = 50.0
UPRIGHT_COM_M = 0.65

Curve = Callable[[FloatArray], FloatArray]
"""Values at times [T] s."""


def posture_track(
    duration_s: float, com_height_m: Curve, offsets: Mapping[str, Curve] | None = None
) -> PostureTrack:
    """Upright, in the standing pose but for some joints.

    Args:
        duration_s: of reference time; the last frame is at its end or just past it.
        com_height_m: of the centre of mass above the soles.
        offsets: joint name -> angle to add to the standing pose's, rad.
    """
    times_s = np.arange(math.ceil(duration_s * RATE_HZ - 1e-6) + 1) / RATE_HZ
    joints = np.tile(g1.standing_position(), (len(times_s), 1))
    for name, offset in (offsets or {}).items():
        joints[:, g1.joint_table().index(name)] += offset(times_s)
    track = PostureTrack()
    track.rate_hz = RATE_HZ
    track.joint_position = joints
    track.com_height = np.broadcast_to(com_height_m(times_s), times_s.shape)
    upright = np.tile([1.0, 0.0, 0.0, 0.0], (len(times_s), 1))
    track.quat_heading_torso_wxyz = upright
    track.quat_heading_pelvis_wxyz = upright
    return track


def raised_cosine(amplitude: float, rate_hz: float, start_s: float, end_s: float) -> Curve:
    """Between 0 and `amplitude`, in whole periods of about 1 / `rate_hz` over a stretch of time.

    0 outside of the stretch, which it enters and leaves at rest.
    """
    periods = max(1, round(rate_hz * (end_s - start_s)))

    def curve(times_s: FloatArray) -> FloatArray:
        share = np.clip((times_s - start_s) / (end_s - start_s), 0.0, 1.0)
        return np.asarray(0.5 * amplitude * (1.0 - np.cos(2.0 * np.pi * periods * share)))

    return curve


def constant(value: float) -> Curve:
    """The same at all times."""
    return lambda times_s: np.full(times_s.shape, value)
