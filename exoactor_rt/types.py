"""The few types that pass between rooms, with units, frames and orders.

World frames are z-up, metres and radians; quaternions are wxyz. `T` is the number of frames.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

KEYPOINTS = (
    "pelvis",
    "neck",
    "head",
    "left_shoulder",
    "right_shoulder",
    "left_elbow",
    "right_elbow",
    "left_wrist",
    "right_wrist",
    "left_hip",
    "right_hip",
    "left_knee",
    "right_knee",
    "left_ankle",
    "right_ankle",
    "left_toe",
    "right_toe",
    "chest",
)
"""Keypoints of a HumanMotion, in order: `pelvis` is midway between the hips, `neck` midway between
the shoulders, `chest` three quarters up from pelvis to neck, `toe` the tip of the big toe."""

SEGMENTS = ("pelvis", "torso", "left_foot", "right_foot", "left_hand", "right_hand")
"""Segments with an attitude. Standing upright with arms hanging: pelvis, torso and feet x forward,
y left, z up. Hand: x along the forearm towards the fingers, z towards the thumb's side."""


@dataclass(frozen=True)
class PoseTrack:
    """What perception saw in a clip: one person, BlazePose's 33 landmarks and two hands.

    Attributes:
        times_s: [T] s, the frames' own presentation times.
        image_size: (width, height) px.
        valid: [T] a person was found; the other arrays hold NaN where not.
        landmarks_px: [T, 33, 2] px in the image.
        landmarks_world: [T, 33, 3] m, hip-centred, camera axes (x right, y down, z away).
        visibility: [T, 33] 0..1.
        score: [T] 0..1, presence of a person.
        roi: [T, 4] centre x, centre y, side (px), rotation (rad) of the tracked region.
        hand_px: [T, 2, 21, 2] px, left then right; NaN where not seen.
        hand_world: [T, 2, 21, 3] m, hand-centred, camera axes; NaN where not seen.
        hand_score: [T, 2] 0..1.
        clip_sha256: the clip's hash, for provenance.
    """

    times_s: FloatArray
    image_size: tuple[int, int]
    valid: BoolArray
    landmarks_px: FloatArray
    landmarks_world: FloatArray
    visibility: FloatArray
    score: FloatArray
    roi: FloatArray
    hand_px: FloatArray
    hand_world: FloatArray
    hand_score: FloatArray
    clip_sha256: str = ""


@dataclass(frozen=True)
class HumanMotion:
    """A person's motion in a world whose floor is z = 0, in the person's own metric size.

    The first frame's pelvis stands above the origin; heading is free.

    Attributes:
        rate_hz: frames a second, uniform.
        keypoints_in_world: [T, 18, 3] m, in the order of KEYPOINTS.
        quat_world_segment_wxyz: [T, 6, 4] unit, in the order of SEGMENTS.
        contact: [T, 2] the left, right foot stands on the ground.
        hand_openness: [T, 2] 0 closed .. 1 open; NaN unknown.
        height_m: the person's standing height.
        source_start_s: time in the source (clip, BVH) of frame 0.
        source: the file's name.
        notes: what was trimmed, filled or assumed, in words for the report.
    """

    rate_hz: float
    keypoints_in_world: FloatArray
    quat_world_segment_wxyz: FloatArray
    contact: BoolArray
    hand_openness: FloatArray
    height_m: float
    source_start_s: float = 0.0
    source: str = ""
    notes: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Reference:
    """A motion of the robot before feasibility: what the retargeter made of a HumanMotion.

    Attributes:
        rate_hz: frames a second, uniform.
        root_position_in_world: [T, 3] m, the pelvis link's origin.
        quat_world_root_wxyz: [T, 4] unit.
        joint_position: [T, 29] rad, SDK order.
        contact: [T, 2] the left, right foot stands on the ground.
        hand_openness: [T, 2] 0 closed .. 1 open; NaN unknown.
        source: the file's name.
    """

    rate_hz: float
    root_position_in_world: FloatArray
    quat_world_root_wxyz: FloatArray
    joint_position: FloatArray
    contact: BoolArray
    hand_openness: FloatArray
    source: str = ""
