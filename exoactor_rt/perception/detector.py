"""Finding persons in an image with BlazePose's detector, at one scale or over tiles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from exoactor_rt.perception.anchors import DETECTOR_SIDE, detector_anchors
from exoactor_rt.perception.crop import crop_square, network_input
from exoactor_rt.perception.engine import Engine
from exoactor_rt.perception.frame import RgbImage
from exoactor_rt.perception.region import Region, region_along
from exoactor_rt.types import FloatArray

_MIN_SCORE = 0.5
_SAME_PERSON_IOU = 0.3
_REGION_SCALE = 1.25
_HIP_CENTRE, _FULL_BODY = 4, 6
_TILE_FRACTIONS = (0.5, 0.25)
_TILE_STRIDE = 0.5


@dataclass(frozen=True)
class Detection:
    """A person: the region to look for landmarks in, and how sure the detector is (0..1)."""

    region: Region
    score: float


def _iou_with(boxes: FloatArray, box: FloatArray) -> FloatArray:
    """Intersection over union of corner boxes [N, 4] with one box [4]."""
    low = np.maximum(boxes[:, :2], box[:2])
    high = np.minimum(boxes[:, 2:], box[2:])
    shared = np.clip(high - low, 0.0, None).prod(axis=1)
    area = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
    return np.asarray(shared / (area + (box[2:] - box[:2]).prod() - shared), np.float64)


def merge_boxes(boxes: FloatArray, scores: FloatArray) -> list[tuple[FloatArray, float]]:
    """Weighted non-maximum suppression.

    Args:
        boxes: [N, 12] centre, size and four keypoints.
        scores: [N] 0..1.

    Returns:
        For each person, the score-weighted mean of the boxes that overlap the best one, and its
        score; best first.
    """
    corners = np.concatenate(
        [boxes[:, :2] - boxes[:, 2:4] / 2, boxes[:, :2] + boxes[:, 2:4] / 2], axis=1
    )
    left = np.arange(len(boxes))
    merged = []
    while left.size:
        best = left[np.argmax(scores[left])]
        same = _iou_with(corners[left], corners[best]) > _SAME_PERSON_IOU
        same |= left == best
        group = left[same]
        weights = scores[group] / scores[group].sum()
        merged.append((weights @ boxes[group], float(scores[best])))
        left = left[~same]
    return merged


def tile_regions(image: RgbImage, fraction: float) -> list[Region]:
    """Overlapping squares that cover the image, of `fraction` of its longer side."""
    height, width = image.shape[:2]
    side = fraction * max(height, width)

    def centres(length: int) -> FloatArray:
        span = max(length - side, 0.0)
        count = int(np.ceil(span / (_TILE_STRIDE * side))) + 1
        if count == 1:
            return np.array([length / 2.0])
        return np.linspace(side / 2.0, side / 2.0 + span, count)

    return [Region(x, y, side, 0.0) for y in centres(height) for x in centres(width)]


def whole_image(image: RgbImage) -> Region:
    """The smallest upright square around the whole image."""
    height, width = image.shape[:2]
    return Region(width / 2.0, height / 2.0, float(max(height, width)), 0.0)


class PersonDetector:
    """BlazePose's person detector.

    Source: MediaPipe, pose_detection_cpu and pose_detection_to_roi.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def detect(self, image: RgbImage, within: Region) -> list[Detection]:
        """Persons in an upright square of the image, surest first."""
        crop = crop_square(image, within, DETECTOR_SIDE)
        outputs = self._engine.run({"input": network_input(crop, -1.0, 1.0)})
        logits = np.clip(outputs["logits"][0, :, 0].astype(np.float64), -100.0, 100.0)
        scores = 1.0 / (1.0 + np.exp(-logits))
        found = scores > _MIN_SCORE
        if not found.any():
            return []
        boxes = outputs["boxes"][0, found].astype(np.float64)
        anchors = detector_anchors()[found] * DETECTOR_SIDE
        boxes[:, :2] += anchors
        boxes[:, 4:] += np.tile(anchors, 4)
        detections = []
        for box, score in merge_boxes(boxes, scores[found]):
            hip = within.to_image(box[_HIP_CENTRE : _HIP_CENTRE + 2], DETECTOR_SIDE)
            reach = within.to_image(box[_FULL_BODY : _FULL_BODY + 2], DETECTOR_SIDE)
            detections.append(Detection(region_along(hip, reach).scaled(_REGION_SCALE), score))
        return detections

    def search_tiles(self, image: RgbImage) -> list[Detection]:
        """Persons too small for `detect` on the whole image, from coarse tiles to fine ones.

        A person seen in several tiles is reported once, by the surest detection.
        """
        for fraction in _TILE_FRACTIONS:
            seen: list[Detection] = []
            for tile in tile_regions(image, fraction):
                seen.extend(self.detect(image, tile))
            distinct: list[Detection] = []
            for detection in sorted(seen, key=lambda d: -d.score):
                if all(
                    detection.region.overlap(other.region) < _SAME_PERSON_IOU for other in distinct
                ):
                    distinct.append(detection)
            if distinct:
                return distinct
        return []
