"""Hand landmarks in a region of the image, and where to look for a hand."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from exoactor_rt.perception.crop import crop_square, network_input
from exoactor_rt.perception.engine import Engine
from exoactor_rt.perception.frame import RgbImage
from exoactor_rt.perception.region import Region, region_along
from exoactor_rt.types import FloatArray

HAND_LANDMARKS = 21
_CROP_SIDE = 224
_RECROP_SIDE = 256
_ROUGH_SCALE = 2.7
_TRACKED_SCALE = 2.0
_SHIFT_UP = 0.1
_PALM_LANDMARKS = [0, 1, 2, 3, 5, 6, 9, 10, 13, 14, 17, 18]
_WRIST, _INDEX_BASE, _MIDDLE_BASE, _RING_BASE = 0, 5, 9, 13


@dataclass(frozen=True)
class HandPose:
    """One hand in one image.

    Attributes:
        landmarks_px: [21, 2] px in the image.
        landmarks_world: [21, 3] m, hand-centred, camera axes (x right, y down, z away).
        score: 0..1, a hand is in the region.
        region: where the landmarks were looked for.
    """

    landmarks_px: FloatArray
    landmarks_world: FloatArray
    score: float
    region: Region


def rough_hand_region(wrist: FloatArray, index: FloatArray, pinky: FloatArray) -> Region:
    """The hand's region by three body landmarks, px.

    Source: MediaPipe, HandDetectionsFromPoseToRectsCalculator.
    """
    middle = (2.0 * index + pinky) / 3.0
    along = region_along(wrist, middle)
    at_middle = Region(float(middle[0]), float(middle[1]), along.side, along.rotation)
    return at_middle.shifted_up(_SHIFT_UP).scaled(_ROUGH_SCALE)


def region_from_landmarks(points: FloatArray) -> Region:
    """The region of a hand from its own landmarks [21, 2] px.

    Source: MediaPipe, hand_landmark_landmarks_to_roi.
    """
    knuckles = (points[_INDEX_BASE] + points[_RING_BASE]) / 2.0
    upright = region_along(points[_WRIST], (knuckles + points[_MIDDLE_BASE]) / 2.0)
    axes = upright.rotation_matrix()
    palm = points[_PALM_LANDMARKS] @ axes
    low, high = palm.min(axis=0), palm.max(axis=0)
    centre = axes @ ((low + high) / 2.0)
    width, height = high - low
    shift = _SHIFT_UP * height
    return Region(
        float(centre[0] + shift * math.sin(upright.rotation)),
        float(centre[1] - shift * math.cos(upright.rotation)),
        float(max(width, height)) * _TRACKED_SCALE,
        upright.rotation,
    )


class HandEstimator:
    """MediaPipe's hand landmark network and the network that places its crop."""

    def __init__(self, hand: Engine, recrop: Engine) -> None:
        self._hand = hand
        self._recrop = recrop

    def refine_region(self, image: RgbImage, rough: Region) -> Region:
        """The hand's region from a rough one.

        Source: MediaPipe, hand_recrop_by_roi.
        """
        outputs = self._recrop.run(
            {"input": network_input(crop_square(image, rough, _RECROP_SIDE))}
        )
        points = outputs["points"].reshape(2, 2).astype(np.float64)
        centre, edge = rough.to_image(points, _RECROP_SIDE)
        return region_along(centre, edge, -math.pi / 2).shifted_up(_SHIFT_UP)

    def estimate(self, image: RgbImage, region: Region) -> HandPose:
        """Landmarks of the hand in `region`; the score says whether there is one."""
        crop = crop_square(image, region, _CROP_SIDE)
        outputs = self._hand.run({"input": network_input(crop)})
        points = outputs["landmarks"].reshape(HAND_LANDMARKS, 3)[:, :2].astype(np.float64)
        world = outputs["world"].reshape(HAND_LANDMARKS, 3).astype(np.float64)
        world[:, :2] = world[:, :2] @ region.rotation_matrix().T
        return HandPose(
            landmarks_px=region.to_image(points, _CROP_SIDE),
            landmarks_world=world,
            score=float(outputs["presence"][0, 0]),
            region=region,
        )
