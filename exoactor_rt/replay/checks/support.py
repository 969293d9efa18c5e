"""Support polygon: how far a point is inside of the hull of the soles."""

from __future__ import annotations

import numpy as np

from exoactor_rt.types import BoolArray, FloatArray

_EDGE_M = 1e-6
_CORNERS = 8
_FIRST, _SECOND = np.nonzero(~np.eye(_CORNERS, dtype=bool))
_AT_ONCE = 1024
"""Samples worked on together: what they need fits into the processor's cache."""


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
    corners = soles[..., :2].reshape(len(soles), _CORNERS, 2)
    counted = np.repeat(standing, _CORNERS // 2, axis=1)
    margin = np.empty(len(point))
    for begin in range(0, len(point), _AT_ONCE):
        rows = slice(begin, begin + _AT_ONCE)
        margin[rows] = _margin(point[rows], corners[rows], counted[rows])
    return margin


def _margin(point: FloatArray, corners: FloatArray, counted: BoolArray) -> FloatArray:
    """Of [M, 2] points to the hulls of the counted ones of [M, 8, 2] corners: [M] m.

    Arrays below are [M, 56], one column for every ordered pair of corners.
    """
    x, y = corners[..., 0], corners[..., 1]
    start_x, start_y = x[:, _FIRST], y[:, _FIRST]
    along_x, along_y = x[:, _SECOND] - start_x, y[:, _SECOND] - start_y
    length = np.sqrt(along_x * along_x + along_y * along_y)
    safe = np.maximum(length, _EDGE_M)
    unit_x, unit_y = along_x / safe, along_y / safe
    edge = counted[:, _FIRST] & counted[:, _SECOND] & (length > _EDGE_M)
    for corner in range(_CORNERS):
        from_x, from_y = x[:, corner, None] - start_x, y[:, corner, None] - start_y
        edge &= (unit_x * from_y - unit_y * from_x >= -_EDGE_M) | ~counted[:, corner, None]
    away_x, away_y = point[:, 0, None] - start_x, point[:, 1, None] - start_y
    on_edge = np.clip(away_x * unit_x + away_y * unit_y, 0.0, length)
    off_x, off_y = away_x - on_edge * unit_x, away_y - on_edge * unit_y
    distance = np.sqrt(off_x * off_x + off_y * off_y)
    inside = np.where(edge, unit_x * away_y - unit_y * away_x, np.inf).min(axis=1)
    outside = np.where(edge, distance, np.inf).min(axis=1)
    margin = np.where(inside >= 0, inside, -outside)
    return np.where(np.isfinite(inside), margin, np.nan)
