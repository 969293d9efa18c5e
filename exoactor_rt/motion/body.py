"""The 17 body points that the motion room works on, and the proportions of a person.

Proportions of stature: Drillis and Contini 1966, as tabulated in Winter, Biomechanics and Motor
Control of Human Movement.
"""

from __future__ import annotations

import numpy as np

from exoactor_rt.types import KEYPOINTS, FloatArray

BODY_POINTS = (
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
    "left_heel",
    "right_heel",
    "left_toe",
    "right_toe",
)
"""Points of a body array `[T, 17, 3]`; `head` is midway between the ears."""

POINT = {name: index for index, name in enumerate(BODY_POINTS)}
SIDES = ("left", "right")
HIPS = (POINT["left_hip"], POINT["right_hip"])
SHOULDERS = (POINT["left_shoulder"], POINT["right_shoulder"])
FEET = tuple(tuple(POINT[f"{s}_{p}"] for p in ("ankle", "heel", "toe")) for s in SIDES)
"""Ankle, heel and toe of the left and of the right foot."""

ANKLE_TO_EAR_OF_HEIGHT = 0.891
"""Ear canal at .930 and ankle at .039 of the stature: what the chain shank, thigh, trunk, neck
adds up to. The chain telescopes, so where exactly hip and shoulder points lie does not matter."""

LEG_OF_HEIGHT = 0.491
"""Thigh and shank, of the stature."""


def midpoint(points: FloatArray, pair: tuple[int, int]) -> FloatArray:
    """Midpoint of two body points, `[T, 3]` for points `[T, 17, 3]`."""
    middle: FloatArray = 0.5 * (points[:, pair[0]] + points[:, pair[1]])
    return middle


def ankle_to_ear(points: FloatArray) -> float:
    """Length of the chain shank, thigh, trunk, neck, medians over time and both sides.

    Trunk and neck are measured together along the spine, for the ear lies before the shoulders.

    Args:
        points: [T, 17, 3] m, any frame.

    Returns:
        The length in m.
    """
    hip, shoulder = midpoint(points, HIPS), midpoint(points, SHOULDERS)
    spine = shoulder - hip
    spine = spine / np.linalg.norm(spine, axis=1, keepdims=True)
    upper = np.median(((points[:, POINT["head"]] - hip) * spine).sum(axis=1))
    return float(leg_length(points) + upper)


def leg_length(points: FloatArray) -> float:
    """Thigh plus shank in m, medians over time, mean of both sides, for points `[T, 17, 3]`."""
    total = 0.0
    for side in SIDES:
        hip, knee, ankle = (points[:, POINT[f"{side}_{p}"]] for p in ("hip", "knee", "ankle"))
        total += float(np.median(np.linalg.norm(knee - hip, axis=1)))
        total += float(np.median(np.linalg.norm(ankle - knee, axis=1)))
    return 0.5 * total


def keypoints_from_body(points: FloatArray) -> FloatArray:
    """The 18 keypoints of a HumanMotion from the 17 body points.

    Args:
        points: [T, 17, 3] m in the order of BODY_POINTS.

    Returns:
        [T, 18, 3] m in the order of `exoactor_rt.types.KEYPOINTS`.
    """
    pelvis, neck = midpoint(points, HIPS), midpoint(points, SHOULDERS)
    derived = {"pelvis": pelvis, "neck": neck, "chest": pelvis + 0.75 * (neck - pelvis)}
    return np.stack([derived[n] if n in derived else points[:, POINT[n]] for n in KEYPOINTS], 1)
