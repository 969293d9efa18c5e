"""Attitudes of pelvis, torso, feet and hands from body points in a z-up world.

Standing upright with arms hanging, pelvis, torso and feet have x forward, y left, z up; a hand has
x along the forearm towards the fingers and z towards the thumb's side.
"""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter1d

from exoactor_rt.motion.body import HIPS, POINT, SHOULDERS, SIDES, midpoint
from exoactor_rt.motion.rotation import frame_from_x_z, frame_from_y_z, unit
from exoactor_rt.types import BoolArray, FloatArray

AXIS_SMOOTHING_S = 2.0 / 30.0
PITCH_SMOOTHING_S = 1.5 / 30.0
YAW_PULL_M = 0.06
MAX_YAW_FROM_PELVIS_RAD = np.radians(50.0)
PITCH_DEADBAND_RAD = 0.08
PITCH_RANGE_RAD = (-0.9, 0.5)
MAX_PITCH_OFFSET_RAD = 0.6
MIN_CONTACT_FRAMES = 5
_UP = np.array([0.0, 0.0, 1.0])


def trunk_attitudes(points: FloatArray, rate_hz: float) -> tuple[FloatArray, FloatArray]:
    """Pelvis and torso attitudes.

    Pelvis: y along the hips, z midway between the spine and the vertical, for the pelvis tilts half
    as far as the trunk. Torso: y along the shoulders, z along the spine.

    Args:
        points: [T, 17, 3] m in world.
        rate_hz: frames a second.

    Returns:
        Two rotations [T, 3, 3], segment into world.
    """
    sigma = AXIS_SMOOTHING_S * rate_hz
    spine = unit(midpoint(points, SHOULDERS) - midpoint(points, HIPS))
    hip_axis = gaussian_filter1d(points[:, HIPS[0]] - points[:, HIPS[1]], sigma, axis=0)
    shoulder_axis = gaussian_filter1d(
        points[:, SHOULDERS[0]] - points[:, SHOULDERS[1]], sigma, axis=0
    )
    return frame_from_y_z(hip_axis, 0.5 * spine + 0.5 * _UP), frame_from_y_z(shoulder_axis, spine)


def foot_attitudes(
    points: FloatArray, pelvis: FloatArray, contact: BoolArray, rate_hz: float
) -> FloatArray:
    """Foot attitudes from heel and toe, without roll.

    Pitch: its median in contact is the offset between the line heel-toe and the sole, and taken
    out. Yaw: the smoothed horizontal line heel-toe, pulled by 6 cm towards the pelvis heading for
    when that line is short, and kept within 50 degrees of it.

    Args:
        points: [T, 17, 3] m in world.
        pelvis: [T, 3, 3] pelvis into world.
        contact: [T, 2].
        rate_hz: frames a second.

    Returns:
        [T, 2, 3, 3] foot into world, left and right.
    """
    forward = unit(pelvis[:, :, 0] * np.array([1.0, 1.0, 0.0]))
    heading = np.arctan2(forward[:, 1], forward[:, 0])
    feet = []
    for side, name in enumerate(SIDES):
        line = points[:, POINT[f"{name}_toe"]] - points[:, POINT[f"{name}_heel"]]
        flat = line * np.array([1.0, 1.0, 0.0])
        flat = gaussian_filter1d(flat, AXIS_SMOOTHING_S * rate_hz, axis=0) + YAW_PULL_M * forward
        turn = np.arctan2(flat[:, 1], flat[:, 0]) - heading
        turn = np.arctan2(np.sin(turn), np.cos(turn))
        yaw = heading + np.clip(turn, -MAX_YAW_FROM_PELVIS_RAD, MAX_YAW_FROM_PELVIS_RAD)
        pitch = np.arctan2(line[:, 2], np.linalg.norm(flat, axis=1))
        feet.append(_foot_frames(yaw, _level_pitch(pitch, contact[:, side], rate_hz)))
    return np.stack(feet, axis=1)


def hand_attitudes(points: FloatArray, thumb_side: FloatArray) -> FloatArray:
    """Hand attitudes: x along the forearm, z towards the thumb's side.

    Args:
        points: [T, 17, 3] m in world.
        thumb_side: [T, 2, 3] directions towards the index finger's side, or zero where unknown.

    Returns:
        [T, 2, 3, 3] hand into world, left and right.
    """
    hands = []
    for side, name in enumerate(SIDES):
        forearm = unit(points[:, POINT[f"{name}_wrist"]] - points[:, POINT[f"{name}_elbow"]])
        hint = thumb_side[:, side] + 1e-3 * neutral_thumb_side(points, name)
        hands.append(frame_from_x_z(forearm, hint))
    return np.stack(hands, axis=1)


def neutral_thumb_side(points: FloatArray, side: str) -> FloatArray:
    """Where the thumb points with the forearm neither turned in nor out, [T, 3] units in world.

    In the plane of the bent elbow, on the upper arm's side; forward where the arm is straight.
    """
    shoulder, elbow, wrist = (
        points[:, POINT[f"{side}_{p}"]] for p in ("shoulder", "elbow", "wrist")
    )
    forearm = unit(wrist - elbow)
    bend = unit(shoulder - elbow)
    bend = bend - (bend * forearm).sum(axis=1, keepdims=True) * forearm
    across = points[:, HIPS[0]] - points[:, HIPS[1]]
    forward = np.cross(across, np.broadcast_to(_UP, across.shape))
    return unit(bend + 0.2 * unit(forward) + 0.05 * _UP)


def _level_pitch(pitch: FloatArray, contact: BoolArray, rate_hz: float) -> FloatArray:
    sample = pitch[contact] if contact.sum() > MIN_CONTACT_FRAMES else pitch
    offset = np.clip(np.median(sample), -MAX_PITCH_OFFSET_RAD, MAX_PITCH_OFFSET_RAD)
    smooth = gaussian_filter1d(pitch - offset, PITCH_SMOOTHING_S * rate_hz)
    dead = np.sign(smooth) * np.maximum(np.abs(smooth) - PITCH_DEADBAND_RAD, 0.0)
    level: FloatArray = np.clip(dead, *PITCH_RANGE_RAD)
    return level


def _foot_frames(yaw: FloatArray, toe_up: FloatArray) -> FloatArray:
    cos_yaw, sin_yaw, zero = np.cos(yaw), np.sin(yaw), np.zeros_like(yaw)
    x = np.stack([cos_yaw * np.cos(toe_up), sin_yaw * np.cos(toe_up), np.sin(toe_up)], axis=1)
    y = np.stack([-sin_yaw, cos_yaw, zero], axis=1)
    return np.stack([x, y, np.cross(x, y)], axis=-1)
