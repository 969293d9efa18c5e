"""Following one person through a clip."""

from __future__ import annotations

from dataclasses import dataclass

from exoactor_rt.perception.appearance import colour_distance, torso_colour
from exoactor_rt.perception.body import BodyEstimator, BodyPose
from exoactor_rt.perception.detector import Detection, PersonDetector, whole_image
from exoactor_rt.perception.frame import RgbImage
from exoactor_rt.perception.person_choice import (
    is_same_person,
    order_by_nearness,
    order_by_prominence,
)
from exoactor_rt.perception.region import Region
from exoactor_rt.types import FloatArray

_MIN_SCORE = 0.5
_FORGET_AFTER_S = 1.0
_TILE_SEARCH_INTERVAL_S = 0.3
_SEARCH_AROUND = 2.0
_MAX_CANDIDATES = 3
_SAME_REGION_DISTANCE = 0.15
_OTHER_COLOUR = 18.0
_CLEARLY_NEARER_COLOUR = 0.6
_COLOUR_RENEWAL = 0.05


@dataclass(frozen=True)
class _Sighting:
    """Where and when the person was last seen, and the colour of their torso."""

    region: Region
    time_s: float
    colour: FloatArray | None


class BodyTracker:
    """Follows the most prominent person of the first image that shows one.

    Each frame's landmarks give the next frame's region. Where that region jumps, or the torso has
    another colour, the detector is asked: if it shows a person at the old place, or one of the old
    colour nearby, that person is followed instead. A lost person is looked for near where they
    were; after a second without them, whoever is most prominent is followed.
    """

    def __init__(self, detector: PersonDetector, estimator: BodyEstimator) -> None:
        self._detector = detector
        self._estimator = estimator
        self._last: _Sighting | None = None
        self._sure: _Sighting | None = None
        self._tracking = False
        self._next_tile_search_s = float("-inf")

    def step(self, image: RgbImage, time_s: float) -> BodyPose | None:
        """The person in the next frame, None where they are not seen.

        Args:
            image: The frame.
            time_s: Its time, later than the frame before.
        """
        self._forget(time_s)
        pose = self._follow(image, time_s) if self._tracking else None
        if pose is None:
            pose = self._acquire(image, time_s)
        self._tracking = pose is not None
        if pose is not None:
            self._remember(image, pose, time_s)
        return pose

    def _forget(self, time_s: float) -> None:
        """Drops what was seen too long ago."""
        if self._last is not None and time_s - self._last.time_s > _FORGET_AFTER_S:
            self._last = None
        if self._sure is not None and time_s - self._sure.time_s > _FORGET_AFTER_S:
            self._sure = None

    def _remember(self, image: RgbImage, pose: BodyPose, time_s: float) -> None:
        """Keeps the sighting; the colour is renewed slowly and only by the same colour."""
        colour = torso_colour(image, pose.landmarks_px)
        self._last = _Sighting(pose.next_region, time_s, colour)
        known = None if self._sure is None else self._sure.colour
        if colour_distance(known, colour) > _OTHER_COLOUR:
            return
        if known is not None:
            colour = known if colour is None else known + _COLOUR_RENEWAL * (colour - known)
        self._sure = _Sighting(pose.next_region, time_s, colour)

    def _follow(self, image: RgbImage, time_s: float) -> BodyPose | None:
        """Looks where the person was in the frame before."""
        if self._last is None:
            return None
        last = self._last
        pose = self._estimator.estimate(image, last.region)
        if pose.score < _MIN_SCORE:
            return None
        if not is_same_person(last.region, pose.next_region, time_s - last.time_s):
            at_old_place = self._detect_near(image, last, time_s)
            return self._first_seen(image, at_old_place, last, time_s) or pose
        return self._of_known_colour(image, pose, time_s) or pose

    def _of_known_colour(self, image: RgbImage, pose: BodyPose, time_s: float) -> BodyPose | None:
        """Someone near whose torso is clearly more like the known one than this pose's."""
        known = self._sure
        if known is None:
            return None
        distance = colour_distance(known.colour, torso_colour(image, pose.landmarks_px))
        if distance <= _OTHER_COLOUR:
            return None
        for candidate in self._detect_near(image, known, time_s):
            if pose.next_region.distance(candidate.region) < _SAME_REGION_DISTANCE:
                continue
            other = self._first_seen(image, [candidate], known, time_s)
            if other is None:
                continue
            colour = torso_colour(image, other.landmarks_px)
            if (
                colour is not None
                and colour_distance(known.colour, colour) < _CLEARLY_NEARER_COLOUR * distance
            ):
                return other
        return None

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
