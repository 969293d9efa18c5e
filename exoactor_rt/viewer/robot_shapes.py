"""The robot's links as triangles: the pulled meshes, or capsules and soles where there are none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from exoactor_rt.retarget.metrics import SOLE_CORNERS_M
from exoactor_rt.robots.g1.collision_shapes import collision_shapes
from exoactor_rt.robots.g1.kinematic_bodies import kinematic_bodies
from exoactor_rt.types import FloatArray

_FEET = ("left_ankle_roll_link", "right_ankle_roll_link")
_SOLE_M = 0.02
_ROUND = 12


@dataclass(frozen=True)
class LinkShape:
    """One convex piece of a link.

    Attributes:
        body: index of the link.
        vertices: [V, 3] m, in the link.
        faces: [F, 3] indices of vertices.
    """

    body: int
    vertices: FloatArray
    faces: npt.NDArray[np.int32]


def robot_shapes() -> tuple[LinkShape, ...]:
    """The capsules that collisions are judged with, and the soles."""
    shapes = collision_shapes()
    capsules = [
        LinkShape(body, *_capsule(start, end, radius))
        for body, start, end, radius in zip(
            shapes.bodies,
            shapes.start_in_body,
            shapes.end_in_body,
            shapes.radius_m,
            strict=True,
        )
    ]
    names = kinematic_bodies().names
    return (*capsules, *(LinkShape(names.index(foot), *_sole()) for foot in _FEET))


def _capsule(
    start: FloatArray, end: FloatArray, radius_m: float
) -> tuple[FloatArray, npt.NDArray[np.int32]]:
    """Rings about the axis from one pole to the other, joined by triangles."""
    along = end - start
    length = float(np.linalg.norm(along))
    axis = along / length if length > 1e-9 else np.array([0.0, 0.0, 1.0])
    side = np.cross(axis, [1.0, 0.0, 0.0] if abs(axis[0]) < 0.9 else [0.0, 1.0, 0.0])
    side /= np.linalg.norm(side)
    other = np.cross(axis, side)
    around = 2 * np.pi * np.arange(_ROUND) / _ROUND
    circle = np.cos(around)[:, None] * side + np.sin(around)[:, None] * other
    latitudes = np.linspace(-np.pi / 2, np.pi / 2, _ROUND)
    rings = [
        (start if latitude < 0 else end)
        + radius_m * (np.sin(latitude) * axis + np.cos(latitude) * circle)
        for latitude in latitudes
    ]
    faces = []
    for ring in range(len(rings) - 1):
        for step in range(_ROUND):
            here, following = ring * _ROUND + step, ring * _ROUND + (step + 1) % _ROUND
            faces.append((here, following, following + _ROUND))
            faces.append((here, following + _ROUND, here + _ROUND))
    return np.concatenate(rings), np.array(faces, np.int32)


def _sole() -> tuple[FloatArray, npt.NDArray[np.int32]]:
    """A plate on the four corners of the sole."""
    order = SOLE_CORNERS_M[[1, 3, 2, 0]]
    upper = np.array([0.0, 0.0, _SOLE_M])
    vertices = np.concatenate([order, order + upper])
    sides = [(i, (i + 1) % 4, (i + 1) % 4 + 4, i + 4) for i in range(4)]
    quads = [(3, 2, 1, 0), (4, 5, 6, 7), *sides]
    faces = [face for a, b, c, d in quads for face in ((a, b, c), (a, c, d))]
    return vertices, np.array(faces, np.int32)
