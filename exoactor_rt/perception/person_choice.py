"""Which of several persons to follow, and whether a step from frame to frame is believable."""

from __future__ import annotations

import math
from collections.abc import Sequence

from exoactor_rt.perception.detector import Detection
from exoactor_rt.perception.frame import RgbImage
from exoactor_rt.perception.region import Region

_EDGE_DISCOUNT = 0.3
_BASE_DISTANCE = 0.12
_SPEED_SIDES_PER_S = 2.5
_MAX_DISTANCE = 0.8
_BASE_LOG_SIZE = 0.25
_LOG_SIZE_RATE_PER_S = 2.0
_MAX_LOG_SIZE = 0.7


def _log_size_ratio(one: Region, other: Region) -> float:
    return abs(math.log(max(other.side, 1e-6) / max(one.side, 1e-6)))


def is_same_person(last: Region, new: Region, gap_s: float) -> bool:
    """Whether a person last seen in `last` can be in `new` after `gap_s`.

    A region's side is about 2.2 m at the person: 2.5 sides a second is faster than a person runs
    across the image. The gate stops widening before it reaches across a room.
    """
    distance = min(_BASE_DISTANCE + _SPEED_SIDES_PER_S * gap_s, _MAX_DISTANCE)
    log_size = min(_BASE_LOG_SIZE + _LOG_SIZE_RATE_PER_S * gap_s, _MAX_LOG_SIZE)
    return (
        last.distance(new) <= distance
        and abs(math.log(max(new.side, 1e-6) / last.side)) <= log_size
    )


def order_by_prominence(detections: Sequence[Detection], image: RgbImage) -> list[Detection]:
    """The biggest person first; of equals the one nearer to the image's centre."""
    height, width = image.shape[:2]

    def prominence(detection: Detection) -> float:
        region = detection.region
        off_centre = math.hypot(2.0 * region.x / width - 1.0, 2.0 * region.y / height - 1.0)
        return region.side * (1.0 - _EDGE_DISCOUNT * min(off_centre, 1.0))

    return sorted(detections, key=prominence, reverse=True)


def order_by_nearness(detections: Sequence[Detection], last: Region) -> list[Detection]:
    """The person most like `last` in place and size first."""

    def difference(detection: Detection) -> float:
        return last.distance(detection.region) + _log_size_ratio(last, detection.region)

    return sorted(detections, key=difference)
