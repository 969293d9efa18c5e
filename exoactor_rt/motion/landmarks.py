"""BlazePose's 33 landmarks and 21 hand landmarks, as far as the motion room uses them.

Order: V. Bazarevsky et al., BlazePose: On-device Real-time Body Pose Tracking, 2020; F. Zhang et
al., MediaPipe Hands, 2020.
"""

from __future__ import annotations

import numpy as np

from exoactor_rt.motion.body import BODY_POINTS
from exoactor_rt.types import FloatArray

LANDMARK = {
    "left_ear": 7,
    "right_ear": 8,
    "left_shoulder": 11,
    "right_shoulder": 12,
    "left_elbow": 13,
    "right_elbow": 14,
    "left_wrist": 15,
    "right_wrist": 16,
    "left_pinky": 17,
    "right_pinky": 18,
    "left_index": 19,
    "right_index": 20,
    "left_hip": 23,
    "right_hip": 24,
    "left_knee": 25,
    "right_knee": 26,
    "left_ankle": 27,
    "right_ankle": 28,
    "left_heel": 29,
    "right_heel": 30,
    "left_toe": 31,
    "right_toe": 32,
}

HAND_FINGERS = ((5, 6, 7, 8), (9, 10, 11, 12), (13, 14, 15, 16), (17, 18, 19, 20))
"""Knuckle, two joints and tip of index, middle, ring and little finger among a hand's 21 points."""

HAND_WRIST, HAND_INDEX_KNUCKLE, HAND_MIDDLE_KNUCKLE, HAND_LITTLE_KNUCKLE = 0, 5, 9, 17

_PAIRS = np.array(
    [
        (LANDMARK["left_ear"], LANDMARK["right_ear"]) if name == "head" else (LANDMARK[name],) * 2
        for name in BODY_POINTS
    ]
)


def body_from_landmarks(landmarks: FloatArray) -> FloatArray:
    """The 17 body points [T, 17, ...] of landmarks [T, 33, ...]; the head is midway of the ears."""
    points: FloatArray = 0.5 * (landmarks[:, _PAIRS[:, 0]] + landmarks[:, _PAIRS[:, 1]])
    return points
