"""Rotation matrices from directions, and their quaternions in wxyz order."""

from __future__ import annotations

import numpy as np
from scipy.spatial.transform import Rotation

from exoactor_rt.types import FloatArray

_TINY = 1e-9


def unit(vectors: FloatArray) -> FloatArray:
    """Vectors `[..., 3]` scaled to length one; a zero vector stays zero."""
    scaled: FloatArray = vectors / np.maximum(
        np.linalg.norm(vectors, axis=-1, keepdims=True), _TINY
    )
    return scaled


def frame_from_y_z(y: FloatArray, z: FloatArray) -> FloatArray:
    """Rotations `[..., 3, 3]` whose y axis is `y` and whose z axis is nearest to `z`."""
    y = unit(y)
    z = unit(z - (z * y).sum(axis=-1, keepdims=True) * y)
    return np.stack([np.cross(y, z), y, z], axis=-1)


def frame_from_x_z(x: FloatArray, z: FloatArray) -> FloatArray:
    """Rotations `[..., 3, 3]` whose x axis is `x` and whose z axis is nearest to `z`."""
    x = unit(x)
    z = unit(z - (z * x).sum(axis=-1, keepdims=True) * x)
    return np.stack([x, np.cross(z, x), z], axis=-1)


def quaternions_wxyz(matrices: FloatArray) -> FloatArray:
    """Quaternions `[T, ..., 4]` wxyz, continuous in sign along the first axis, w >= 0 at first."""
    shape = matrices.shape[:-2]
    xyzw = Rotation.from_matrix(matrices.reshape(-1, 3, 3)).as_quat().reshape(*shape, 4)
    wxyz: FloatArray = np.roll(xyzw, 1, axis=-1)
    wxyz[0] *= np.where(wxyz[0][..., :1] < 0.0, -1.0, 1.0)
    agree = (wxyz[1:] * wxyz[:-1]).sum(axis=-1, keepdims=True) >= 0.0
    wxyz[1:] *= np.cumprod(np.where(agree, 1.0, -1.0), axis=0)
    return wxyz


def mean_rotation(matrices: FloatArray) -> FloatArray:
    """Chordal mean [3, 3] of rotations [N, 3, 3]."""
    u, _, vt = np.linalg.svd(matrices.mean(axis=0))
    mean: FloatArray = u @ np.diag([1.0, 1.0, np.linalg.det(u @ vt)]) @ vt
    return mean
