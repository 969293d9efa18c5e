"""Rotated square regions of an image, and the affine map between a region's crop and the image.

Pixel coordinates are continuous: (0, 0) is the image's top left corner, x right, y down, and the
centre of the first pixel is (0.5, 0.5).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from exoactor_rt.types import FloatArray


def wrapped_angle(angle_rad: float) -> float:
    """The same angle in [-pi, pi)."""
    return angle_rad - 2.0 * math.pi * math.floor((angle_rad + math.pi) / (2.0 * math.pi))


@dataclass(frozen=True)
class Region:
    """A rotated square.

    Attributes:
        x, y: centre, px.
        side: px.
        rotation: rad, clockwise in the image; the crop's x axis points along it.
    """

    x: float
    y: float
    side: float
    rotation: float

    def rotation_matrix(self) -> FloatArray:
        """[2, 2]: turns directions in the crop into directions in the image."""
        cosine, sine = math.cos(self.rotation), math.sin(self.rotation)
        return np.array([[cosine, -sine], [sine, cosine]])

    def image_from_crop(self, crop_side: int) -> FloatArray:
        """[2, 3] affine map from a crop of `crop_side` px to the image, continuous coordinates."""
        linear = self.rotation_matrix() * (self.side / crop_side)
        offset = np.array([self.x, self.y]) - linear @ np.full(2, crop_side / 2.0)
        return np.column_stack([linear, offset])

    def to_image(self, points_in_crop: FloatArray, crop_side: int) -> FloatArray:
        """Maps points [..., 2] px of a crop of `crop_side` px into the image."""
        affine = self.image_from_crop(crop_side)
        return np.asarray(points_in_crop @ affine[:, :2].T + affine[:, 2], np.float64)

    def to_crop(self, points_in_image: FloatArray, crop_side: int) -> FloatArray:
        """Maps points [..., 2] px of the image into a crop of `crop_side` px."""
        affine = self.image_from_crop(crop_side)
        centred = points_in_image - affine[:, 2]
        return np.asarray(centred @ np.linalg.inv(affine[:, :2]).T, np.float64)

    def scaled(self, factor: float) -> Region:
        """The same region with its side times `factor`."""
        return Region(self.x, self.y, self.side * factor, self.rotation)

    def shifted_up(self, fraction: float) -> Region:
        """The region moved by `fraction` of its side towards its own top."""
        distance = fraction * self.side
        return Region(
            self.x + distance * math.sin(self.rotation),
            self.y - distance * math.cos(self.rotation),
            self.side,
            self.rotation,
        )

    def distance(self, other: Region) -> float:
        """Between the centres, as a fraction of this region's side."""
        return math.hypot(other.x - self.x, other.y - self.y) / self.side

    def overlap(self, other: Region) -> float:
        """Intersection over union of the two squares, as if neither were rotated."""
        width = min(self.x + self.side / 2, other.x + other.side / 2) - max(
            self.x - self.side / 2, other.x - other.side / 2
        )
        height = min(self.y + self.side / 2, other.y + other.side / 2) - max(
            self.y - self.side / 2, other.y - other.side / 2
        )
        shared = max(width, 0.0) * max(height, 0.0)
        return shared / (self.side**2 + other.side**2 - shared)


def region_along(start: FloatArray, end: FloatArray, up_angle_rad: float = math.pi / 2) -> Region:
    """The square centred at `start` whose half side is the distance to `end`.

    It is turned such that, in the crop, the direction from `start` to `end` has the angle
    `up_angle_rad`, counted anticlockwise from the crop's x axis (pi/2: upwards).

    Source: MediaPipe, AlignmentPointsRectsCalculator.
    """
    dx, dy = float(end[0] - start[0]), float(end[1] - start[1])
    rotation = wrapped_angle(up_angle_rad - math.atan2(-dy, dx))
    return Region(float(start[0]), float(start[1]), 2.0 * math.hypot(dx, dy), rotation)
