"""Frames -> PoseTrack: body and hands of one person through a clip."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from exoactor_rt.errors import PerceptionError
from exoactor_rt.perception.body import BODY_LANDMARKS, BodyEstimator, BodyPose
from exoactor_rt.perception.body_tracker import BodyTracker
from exoactor_rt.perception.detector import PersonDetector
from exoactor_rt.perception.frame import Frame
from exoactor_rt.perception.hand import HAND_LANDMARKS, HandEstimator, HandPose
from exoactor_rt.perception.hand_tracker import HandTracker
from exoactor_rt.perception.models import PoseModels, load_models
from exoactor_rt.types import FloatArray, PoseTrack

MIN_VALID_FRACTION = 0.2
_MIN_VALID_FRAMES = 5


@dataclass
class _Sequence:
    """What was seen, frame by frame."""

    times_s: list[float]
    bodies: list[BodyPose | None]
    hands: list[tuple[HandPose | None, ...]]


def _track(
    frames: Iterable[Frame],
    image_size: tuple[int, int],
    models: PoseModels,
    progress: Callable[[int], None] | None,
) -> _Sequence:
    """Follows body and hands; the hands of a frame are sought while the next one's body is."""
    body_tracker = BodyTracker(PersonDetector(models.detector), BodyEstimator(models.body))
    hand_tracker = HandTracker(HandEstimator(models.hand, models.hand_recrop))
    seen = _Sequence([], [], [])
    pending: Future[tuple[HandPose | None, ...]] | None = None
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="hands") as hands:
        for frame in frames:
            height, width = frame.rgb.shape[:2]
            if (width, height) != tuple(image_size):
                raise PerceptionError(
                    f"perception frame {frame.index}: {width}x{height} px, the clip is "
                    f"{image_size[0]}x{image_size[1]} px; clip not processed"
                )
            body = body_tracker.step(frame.rgb, frame.time_s)
            if pending is not None:
                seen.hands.append(pending.result())
            pending = hands.submit(hand_tracker.step, frame.rgb, body)
            seen.times_s.append(frame.time_s)
            seen.bodies.append(body)
            if progress is not None:
                progress(len(seen.times_s))
        if pending is not None:
            seen.hands.append(pending.result())
    return seen


def _require_enough(seen: _Sequence) -> None:
    total = len(seen.bodies)
    if total == 0:
        raise PerceptionError("perception: the clip has no frames; nothing to follow")
    valid = sum(body is not None for body in seen.bodies)
    needed = min(max(_MIN_VALID_FRAMES, int(np.ceil(MIN_VALID_FRACTION * total))), total)
    if valid < needed:
        raise PerceptionError(
            f"perception: a person was found in {valid} of {total} frames, at least {needed} are "
            "needed; show one whole person, at least a fifth of the image high, in good light"
        )


def _filled(count: int, *shape: int) -> FloatArray:
    return np.full((count, *shape), np.nan)


def _to_track(seen: _Sequence, image_size: tuple[int, int], clip_sha256: str) -> PoseTrack:
    count = len(seen.times_s)
    track = PoseTrack(
        times_s=np.array(seen.times_s, np.float64),
        image_size=(int(image_size[0]), int(image_size[1])),
        valid=np.array([body is not None for body in seen.bodies], np.bool_),
        landmarks_px=_filled(count, BODY_LANDMARKS, 2),
        landmarks_world=_filled(count, BODY_LANDMARKS, 3),
        visibility=_filled(count, BODY_LANDMARKS),
        score=np.zeros(count),
        roi=_filled(count, 4),
        hand_px=_filled(count, 2, HAND_LANDMARKS, 2),
        hand_world=_filled(count, 2, HAND_LANDMARKS, 3),
        hand_score=np.zeros((count, 2)),
        clip_sha256=clip_sha256,
    )
    for index, (body, hands) in enumerate(zip(seen.bodies, seen.hands, strict=True)):
        if body is None:
            continue
        region = body.region
        track.landmarks_px[index] = body.landmarks_px
        track.landmarks_world[index] = body.landmarks_world
        track.visibility[index] = body.visibility
        track.score[index] = body.score
        track.roi[index] = (region.x, region.y, region.side, region.rotation)
        for side, hand in enumerate(hands):
            if hand is not None:
                track.hand_px[index, side] = hand.landmarks_px
                track.hand_world[index, side] = hand.landmarks_world
                track.hand_score[index, side] = hand.score
    return track


def estimate_poses(
    frames: Iterable[Frame],
    image_size: tuple[int, int],
    *,
    models: PoseModels | None = None,
    progress: Callable[[int], None] | None = None,
    clip_sha256: str = "",
) -> PoseTrack:
    """Finds one person in a clip and follows their body and hands.

    Two runs over the same frames give the same track.

    Args:
        frames: In the order of their times.
        image_size: (width, height) px of every frame.
        models: The networks; the installed ones if None.
        progress: Called after each frame with the number of frames done.
        clip_sha256: The clip's hash, kept in the track.

    Raises:
        AssetError: The models are not installed.
        PerceptionError: A person is in too few frames, a frame has another size, or a network
            failed.
    """
    seen = _track(frames, image_size, models or load_models(), progress)
    _require_enough(seen)
    return _to_track(seen, image_size, clip_sha256)
