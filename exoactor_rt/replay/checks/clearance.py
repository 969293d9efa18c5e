"""Distances between the robot's own parts, over a whole motion at once."""

from __future__ import annotations

import numpy as np
from scipy.spatial.transform import Rotation

from exoactor_rt.robots.g1.collision_shapes import collision_shapes
from exoactor_rt.types import FloatArray

_POINT_M2 = 1e-12


def pair_clearance(positions: FloatArray, quats_wxyz: FloatArray) -> FloatArray:
    """Distance of every pair of the MJCF that must not touch; negative where they overlap.

    Args:
        positions: [M, 30, 3] m, of all links.
        quats_wxyz: [M, 30, 4].

    Returns:
        [M, P] m, in the order of `collision_shapes().pairs`.
    """
    shapes = collision_shapes()
    bodies = list(shapes.bodies)
    count, capsules = len(positions), len(bodies)
    turn = Rotation.from_quat(quats_wxyz[:, bodies].reshape(-1, 4), scalar_first=True)
    place = positions[:, bodies]

    def placed(points: FloatArray) -> FloatArray:
        turned = turn.apply(np.tile(points, (count, 1)))
        return np.asarray(place + turned.reshape(count, capsules, 3))

    starts, ends = placed(shapes.start_in_body), placed(shapes.end_in_body)
    gaps = np.empty((count, len(shapes.pairs)))
    for column, (a, b) in enumerate(shapes.pairs):
        apart = _segment_distance(starts[:, a], ends[:, a], starts[:, b], ends[:, b])
        gaps[:, column] = apart - shapes.radius_m[a] - shapes.radius_m[b]
    return gaps


def _segment_distance(
    start_a: FloatArray, end_a: FloatArray, start_b: FloatArray, end_b: FloatArray
) -> FloatArray:
    """[M] m between two segments; Ericson, Real-Time Collision Detection, 5.1.9."""
    along_a, along_b, between = end_a - start_a, end_b - start_b, start_a - start_b
    aa, bb, ab = _dot(along_a, along_a), _dot(along_b, along_b), _dot(along_a, along_b)
    ad, bd = _dot(along_a, between), _dot(along_b, between)
    safe_aa, safe_bb = np.maximum(aa, _POINT_M2), np.maximum(bb, _POINT_M2)
    determinant = aa * bb - ab * ab
    with np.errstate(divide="ignore", invalid="ignore"):
        s = np.where(determinant > 1e-9, (ab * bd - ad * bb) / determinant, 0.0)
    s = np.clip(np.where(bb > _POINT_M2, s, -ad / safe_aa), 0.0, 1.0)
    t = np.where(bb > _POINT_M2, (ab * s + bd) / safe_bb, 0.0)
    s = np.where(t < 0, -ad / safe_aa, np.where(t > 1, (ab - ad) / safe_aa, s))
    s = np.where(aa > _POINT_M2, np.clip(s, 0.0, 1.0), 0.0)
    t = np.clip(t, 0.0, 1.0)
    apart = between + s[:, None] * along_a - t[:, None] * along_b
    return np.asarray(np.linalg.norm(apart, axis=1))


def _dot(a: FloatArray, b: FloatArray) -> FloatArray:
    return np.asarray(np.einsum("ij,ij->i", a, b))
