"""Rotations as matrices and wxyz quaternions, over any leading shape."""

from __future__ import annotations

import numpy as np

from exoactor_rt.types import FloatArray


def matrix_from_quat(quat_wxyz: FloatArray) -> FloatArray:
    """Rotation matrices [..., 3, 3] of quaternions [..., 4] wxyz of any length but zero."""
    unit = quat_wxyz / np.linalg.norm(quat_wxyz, axis=-1, keepdims=True)
    w, x, y, z = np.moveaxis(unit, -1, 0)
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
        [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
        [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
    ]
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)


def roll_pitch_yaw(rotation: FloatArray) -> FloatArray:
    """Angles [..., 3] rad of Rz(yaw) Ry(pitch) Rx(roll) for matrices [..., 3, 3]."""
    roll = np.arctan2(rotation[..., 2, 1], rotation[..., 2, 2])
    pitch = np.arcsin(np.clip(-rotation[..., 2, 0], -1.0, 1.0))
    yaw = np.arctan2(rotation[..., 1, 0], rotation[..., 0, 0])
    return np.stack([roll, pitch, yaw], axis=-1)


def yaw_of(rotation: FloatArray) -> float:
    """Heading of one matrix [3, 3], rad."""
    return float(np.arctan2(rotation[1, 0], rotation[0, 0]))


def rotation_about_axis(axis: FloatArray, angle_rad: FloatArray) -> FloatArray:
    """Matrices [..., 3, 3] of turns by [...] rad about one unit axis [3] (Rodrigues)."""
    x, y, z = axis
    skew = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    angle = np.asarray(angle_rad, dtype=float)[..., None, None]
    turned: FloatArray = np.eye(3) + np.sin(angle) * skew + (1 - np.cos(angle)) * (skew @ skew)
    return turned


def heading_rotation(yaw_rad: FloatArray) -> FloatArray:
    """Matrices [..., 3, 3] of turns by [...] rad about z."""
    return rotation_about_axis(np.array([0.0, 0.0, 1.0]), yaw_rad)


def transpose(rotation: FloatArray) -> FloatArray:
    """Inverses of rotation matrices [..., 3, 3]."""
    return np.swapaxes(rotation, -1, -2)
