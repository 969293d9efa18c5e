"""Following the followed person's two hands."""

from __future__ import annotations

import math

import numpy as np

from exoactor_rt.perception.body import BodyPose
from exoactor_rt.perception.frame import RgbImage
from exoactor_rt.perception.hand import (
    HandEstimator,
    HandPose,
    region_from_landmarks,
    rough_hand_region,
)
from exoactor_rt.perception.region import Region, wrapped_angle

SIDES = ("left", "right")
_ELBOWS, _WRISTS, _PINKIES, _INDICES = (13, 14), (15, 16), (17, 18), (19, 20)
_MIN_SCORE = 0.5
_MIN_VISIBILITY = 0.2
_MIN_REGION_SIDE_PX = 8.0
_MAX_WRIST_DISTANCE = 0.5
_MIN_OVERLAP = 0.2
_MAX_TURN_RAD = math.radians(40.0)
_MAX_SHIFT = 0.2
_MAX_RESIZE = 0.4


def _agrees(tracked: Region, placed: Region) -> bool:
    """Whether a tracked region is still on the hand that the body's landmarks point at.

    Source: MediaPipe, hand_tracking of holistic_landmark (RoiTrackingCalculator).
    """
    return (
        placed.overlap(tracked) >= _MIN_OVERLAP
        and abs(wrapped_angle(tracked.rotation - placed.rotation)) <= _MAX_TURN_RAD
        and placed.distance(tracked) <= _MAX_SHIFT
        and abs(tracked.side / placed.side - 1.0) <= _MAX_RESIZE
    )


class HandTracker:
    """Left and right hand, each placed by the body's landmarks and kept by its own."""

    def __init__(self, estimator: HandEstimator) -> None:
        self._estimator = estimator
        self._tracked: list[Region | None] = [None, None]

    def step(self, image: RgbImage, body: BodyPose | None) -> tuple[HandPose | None, ...]:
        """The (left, right) hand in the next frame, None where not seen."""
        if body is None:
            self._tracked = [None, None]
            return (None, None)
        return tuple(self._step_side(image, body, side) for side in (0, 1))

    def _step_side(self, image: RgbImage, body: BodyPose, side: int) -> HandPose | None:
        tracked, self._tracked[side] = self._tracked[side], None
        wrist = body.landmarks_px[_WRISTS[side]]
        index = body.landmarks_px[_INDICES[side]]
        pinky = body.landmarks_px[_PINKIES[side]]
        if body.visibility[[_WRISTS[side], _INDICES[side]]].min() < _MIN_VISIBILITY:
            return None
        rough = rough_hand_region(wrist, index, pinky)
        if rough.side < _MIN_REGION_SIDE_PX:
            return None
        placed = self._estimator.refine_region(image, rough)
        region = tracked if tracked is not None and _agrees(tracked, placed) else placed
        if region.side < _MIN_REGION_SIDE_PX:
            return None
        hand = self._estimator.estimate(image, region)
        forearm = float(np.linalg.norm(body.landmarks_px[_ELBOWS[side]] - wrist))
        reach = max(forearm, body.region.side / 10.0)
        off = float(np.linalg.norm(hand.landmarks_px[0] - wrist))
        if hand.score < _MIN_SCORE or off > _MAX_WRIST_DISTANCE * reach:
            return None
        self._tracked[side] = region_from_landmarks(hand.landmarks_px)
        return hand
