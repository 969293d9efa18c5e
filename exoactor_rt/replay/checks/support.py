"""Support polygon: how far a point is inside of the hull of the soles."""

from __future__ import annotations

import numpy as np

from exoactor_rt.types import BoolArray, FloatArray

_EDGE_M = 1e-6


def support_margin(point: FloatArray, soles: FloatArray, standing: BoolArray) -> FloatArray:
    """Distance of a point to the edge of the support polygon, positive inside.

    The margin of a convex hull is the smallest over its edges; a pair of corners is an edge when
    no other corner lies on its right. Outside, the distance to the nearest edge is taken.

    Args:
        point: [M, 2] m.
        soles: [M, 2, 4, 3] m, corners of both soles.
        standing: [M, 2] which soles count.

    Returns:
        [M] m; NaN where neither foot stands.
    """
    corners = soles[..., :2].reshape(len(soles), 8, 2)
    counted = np.repeat(standing, 4, axis=1)
    inside = np.full(len(point), np.inf)
    outside = np.full(len(point), np.inf)
    for first in range(8):
        for second in range(8):
            if first == second:
                continue
            edge, distance, margin = _edge(corners, counted, first, second, point)
            inside = np.where(edge, np.minimum(inside, margin), inside)
            outside = np.where(edge, np.minimum(outside, distance), outside)
    margin = np.where(inside >= 0, inside, -outside)
    return np.where(np.isfinite(inside), margin, np.nan)


def _edge(
    corners: FloatArray, counted: BoolArray, first: int, second: int, point: FloatArray
) -> tuple[BoolArray, FloatArray, FloatArray]:
    """Whether the pair is an edge, the point's distance to it, and how far left of it it lies."""
    start, along = corners[:, first], corners[:, second] - corners[:, first]
    length = np.linalg.norm(along, axis=1)
    unit = along / np.maximum(length, _EDGE_M)[:, None]
    side = _cross(unit[:, None], corners - start[:, None])
    edge = (
        counted[:, first]
        & counted[:, second]
        & (length > _EDGE_M)
        & ((side >= -_EDGE_M) | ~counted).all(axis=1)
    )
    away = point - start
    on_edge = np.clip((away * unit).sum(axis=1), 0.0, length)
    distance = np.linalg.norm(away - on_edge[:, None] * unit, axis=1)
    return edge, distance, _cross(unit, away)


def _cross(a: FloatArray, b: FloatArray) -> FloatArray:
    return np.asarray(a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0])
