"""How well each part of the person was seen in the clip, kept in the log beside the motion."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np

from exoactor_rt.errors import LogError
from exoactor_rt.motion.landmarks import LANDMARK
from exoactor_rt.motion.recovery import HARDLY_SEEN
from exoactor_rt.npz_file import read_npz
from exoactor_rt.types import FloatArray, PoseTrack

CLIP_VIEW_ATTACHMENT = "clip_view.npz"

PARTS = {
    "torso": ("left_shoulder", "right_shoulder", "left_hip", "right_hip"),
    "left arm": ("left_shoulder", "left_elbow", "left_wrist"),
    "right arm": ("right_shoulder", "right_elbow", "right_wrist"),
    "left leg": ("left_hip", "left_knee", "left_ankle"),
    "right leg": ("right_hip", "right_knee", "right_ankle"),
}
"""Part of the body -> landmarks without which its motion is a guess."""


@dataclass(frozen=True)
class ClipView:
    """The clip's frames by the time of the reference that was made of them.

    Attributes:
        reference_time_s: [T] s; before 0 and after the end: frames that were trimmed.
        seen: [T, 5] 0..1, in the order of PARTS: the least visibility of a part's landmarks times
            the presence of a person; 0 where nobody was found.
    """

    reference_time_s: FloatArray
    seen: FloatArray


@dataclass(frozen=True)
class Glimpse:
    """A part that was hardly seen for a while: from .. to, s of the reference, and how well."""

    part: str
    from_s: float
    to_s: float
    seen: float

    def __str__(self) -> str:
        """In words."""
        return (
            f"in the clip the {self.part} was hardly seen from {self.from_s:.2f} to "
            f"{self.to_s:.2f} s of the reference (confidence {self.seen:.2f}, good from "
            f"{HARDLY_SEEN:g})"
        )


def clip_view(track: PoseTrack, start_s: float) -> ClipView:
    """What a track tells of a motion whose frame 0 lies at `start_s` of the clip."""
    places = [[LANDMARK[name] for name in names] for names in PARTS.values()]
    least = np.stack([track.visibility[:, place].min(axis=1) for place in places], axis=1)
    seen = np.where(track.valid[:, None], track.score[:, None] * least, 0.0)
    return ClipView(track.times_s - start_s, np.nan_to_num(seen))


def pack_clip_view(view: ClipView) -> bytes:
    """As an npz file of some 12 bytes a frame."""
    file = io.BytesIO()
    np.savez_compressed(
        file,
        reference_time_s=view.reference_time_s,
        seen=np.round(255 * view.seen).astype(np.uint8),
    )
    return file.getvalue()


def parse_clip_view(content: bytes, name: str) -> ClipView:
    """Reads what `pack_clip_view` made; `name` is for errors.

    Raises:
        LogError: it is damaged or not of that form.
    """
    try:
        data = read_npz(io.BytesIO(content))
        times_s, seen = data["reference_time_s"].astype(float), data["seen"] / 255.0
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise LogError(f"{name}: {error}; not read") from error
    if times_s.ndim != 1 or seen.shape != (len(times_s), len(PARTS)):
        raise LogError(
            f"{name}: times {times_s.shape}, parts {seen.shape}, allowed [T] and "
            f"[T, {len(PARTS)}]; not read"
        )
    return ClipView(times_s, seen)


def hardly_seen(view: ClipView, from_s: float, to_s: float) -> list[Glimpse]:
    """The parts whose confidence is below HARDLY_SEEN in most frames of a stretch, worst first."""
    rows = (view.reference_time_s >= from_s) & (view.reference_time_s <= to_s)
    if not rows.any():
        return []
    median = np.median(view.seen[rows], axis=0)
    glimpses = [
        Glimpse(part, *_stretch(view, place, from_s, to_s), float(median[place]))
        for place, part in enumerate(PARTS)
        if median[place] < HARDLY_SEEN
    ]
    return sorted(glimpses, key=lambda glimpse: glimpse.seen)


def _stretch(view: ClipView, place: int, from_s: float, to_s: float) -> tuple[float, float]:
    """First and last frame of the stretch in which the part was hardly seen, s."""
    times_s = view.reference_time_s
    bad = (view.seen[:, place] < HARDLY_SEEN) & (times_s >= from_s) & (times_s <= to_s)
    return float(times_s[bad][0]), float(times_s[bad][-1])
