"""Following one person through a clip."""

from __future__ import annotations

from dataclasses import dataclass

from exoactor_rt.perception.body import BodyEstimator, BodyPose
from exoactor_rt.perception.detector import Detection, PersonDetector, whole_image
from exoactor_rt.perception.frame import RgbImage
from exoactor_rt.perception.person_choice import (
    is_same_person,
    order_by_nearness,
    order_by_prominence,
)
from exoactor_rt.perception.region import Region

_MIN_SCORE = 0.5
_FORGET_AFTER_S = 1.0
_TILE_SEARCH_INTERVAL_S = 0.3
_SEARCH_AROUND = 2.0
_MAX_CANDIDATES = 3


@dataclass(frozen=True)
class _Sighting:
    """Where and when the person was last seen."""

    region: Region
    time_s: float


class BodyTracker:
    """Follows the most prominent person of the first image that shows one.

    Each frame's landmarks give the next frame's region. A jump to another place is believed only if
    the detector no longer sees a person at the old one. A lost person is looked for near where they
    were; after a second without them, whoever is most prominent is followed.
    """

    def __init__(self, detector: PersonDetector, estimator: BodyEstimator) -> None:
        self._detector = detector
        self._estimator = estimator
        self._last: _Sighting | None = None
        self._tracking = False
        self._next_tile_search_s = float("-inf")

    def step(self, image: RgbImage, time_s: float) -> BodyPose | None:
        """The person in the next frame, None where they are not seen.

        Args:
            image: The frame.
            time_s: Its time, later than the frame before.
        """
        if self._last is not None and time_s - self._last.time_s > _FORGET_AFTER_S:
            self._last = None
        pose = self._follow(image, time_s) if self._tracking else None
        if pose is None:
            pose = self._acquire(image, time_s)
        self._tracking = pose is not None
        if pose is not None:
            self._last = _Sighting(pose.next_region, time_s)
        return pose

    def _follow(self, image: RgbImage, time_s: float) -> BodyPose | None:
        """Looks where the person was in the frame before."""
        if self._last is None:
            return None
        last = self._last
        pose = self._estimator.estimate(image, last.region)
        if pose.score < _MIN_SCORE:
            return None
        if is_same_person(last.region, pose.next_region, time_s - last.time_s):
            return pose
        at_old_place = self._detect_near(image, last, time_s)
        return self._first_seen(image, at_old_place, last, time_s) or pose

    def _acquire(self, image: RgbImage, time_s: float) -> BodyPose | None:
        """Looks for the person: where they were, then everywhere, then for small ones in tiles."""
        if self._last is not None:
            nearby = self._detect_near(image, self._last, time_s)
            pose = self._first_seen(image, nearby, self._last, time_s)
            if pose is not None:
                return pose
        found = self._detector.detect(image, whole_image(image))
        pose = self._first_seen(image, self._ordered(found, image), self._last, time_s)
        if pose is None and time_s >= self._next_tile_search_s:
            self._next_tile_search_s = time_s + _TILE_SEARCH_INTERVAL_S
            found = self._detector.search_tiles(image)
            pose = self._first_seen(image, self._ordered(found, image), self._last, time_s)
        return pose

    def _ordered(self, found: list[Detection], image: RgbImage) -> list[Detection]:
        if self._last is None:
            return order_by_prominence(found, image)
        return order_by_nearness(found, self._last.region)

    def _detect_near(self, image: RgbImage, last: _Sighting, time_s: float) -> list[Detection]:
        """Detections around the last region that can be the same person, nearest first."""
        around = Region(last.region.x, last.region.y, last.region.side * _SEARCH_AROUND, 0.0)
        found = self._detector.detect(image, around)
        gap_s = time_s - last.time_s
        likely = [d for d in found if is_same_person(last.region, d.region, gap_s)]
        return order_by_nearness(likely, last.region)

    def _first_seen(
        self,
        image: RgbImage,
        candidates: list[Detection],
        last: _Sighting | None,
        time_s: float,
    ) -> BodyPose | None:
        """The pose of the first candidate whom the landmark network confirms as the same person.

        A detection places the region roughly: landmarks are taken from the region they give.
        """
        for candidate in candidates[:_MAX_CANDIDATES]:
            rough = self._estimator.estimate(image, candidate.region)
            if rough.score < _MIN_SCORE:
                continue
            pose = self._estimator.estimate(image, rough.next_region)
            if pose.score >= _MIN_SCORE and (
                last is None or is_same_person(last.region, pose.next_region, time_s - last.time_s)
            ):
                return pose
        return None
