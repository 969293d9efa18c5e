"""Bones of the body: pairs of points whose distance stays (nearly) the same, and their lengths.

Proportions of stature: Drillis and Contini 1966, as tabulated in Winter, Biomechanics and Motor
Control of Human Movement; the landmarks of heel and toe lie inside the foot, .85 of it apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from exoactor_rt.motion.body import POINT
from exoactor_rt.types import FloatArray

BONE_KINDS = (
    "shoulder_width",
    "hip_width",
    "trunk_side",
    "trunk_diagonal",
    "head",
    "upper_arm",
    "forearm",
    "thigh",
    "shank",
    "heel",
    "foot",
    "instep",
)
"""Kinds of bones; left and right share a length."""

_BONES = (
    ("shoulder_width", "left_shoulder", "right_shoulder"),
    ("hip_width", "left_hip", "right_hip"),
    ("trunk_side", "left_shoulder", "left_hip"),
    ("trunk_side", "right_shoulder", "right_hip"),
    ("trunk_diagonal", "left_shoulder", "right_hip"),
    ("trunk_diagonal", "right_shoulder", "left_hip"),
    ("head", "head", "left_shoulder"),
    ("head", "head", "right_shoulder"),
    ("upper_arm", "left_shoulder", "left_elbow"),
    ("upper_arm", "right_shoulder", "right_elbow"),
    ("forearm", "left_elbow", "left_wrist"),
    ("forearm", "right_elbow", "right_wrist"),
    ("thigh", "left_hip", "left_knee"),
    ("thigh", "right_hip", "right_knee"),
    ("shank", "left_knee", "left_ankle"),
    ("shank", "right_knee", "right_ankle"),
    ("heel", "left_ankle", "left_heel"),
    ("heel", "right_ankle", "right_heel"),
    ("foot", "left_heel", "left_toe"),
    ("foot", "right_heel", "right_toe"),
    ("instep", "left_ankle", "left_toe"),
    ("instep", "right_ankle", "right_toe"),
)

BONES = tuple((POINT[a], POINT[b]) for _, a, b in _BONES)
"""Ends of each bone among the body points."""

BONE_KIND = tuple(BONE_KINDS.index(kind) for kind, _, _ in _BONES)
"""Kind of each bone."""

FLEXIBLE_BONE_COUNT = 8
"""The first bones of BONES lie in the trunk and give way; the others are rigid."""

SCALE_CHAIN = ("thigh", "shank", "trunk_side", "head")
"""Bones whose total stands for the size of the person."""

_OF_HEIGHT = {
    "upper_arm": 0.186,
    "forearm": 0.146,
    "thigh": 0.245,
    "shank": 0.246,
    "foot": 0.13,
    "instep": 0.115,
    "heel": 0.045,
}
_ONLY_USUAL = ("foot", "instep", "heel")
_USUAL_SHARE = 0.5
_RELATIVE_DEVIATION = {"shoulder_width": 0.02, "foot": 0.015, "instep": 0.015, "heel": 0.025}
_USUAL_DEVIATION = 0.008


@dataclass(frozen=True)
class BoneLengths:
    """The person's lengths by kind.

    Attributes:
        value: [K] m, now.
        expected: [K] m.
        deviation: [K] m, how far from that they may be.
    """

    value: FloatArray
    expected: FloatArray
    deviation: FloatArray


def expected_bone_lengths(relative: FloatArray, height_m: float) -> BoneLengths:
    """What the network saw (medians over time and sides) blended with usual proportions.

    The network sees feet half as long as they are; those come from the proportions alone. It sees
    shanks longer than thighs, which bends knees and tilts the person; the two are made equal, as
    they nearly are. Deviations are a tenth of what people differ by, because the hundreds of
    observations that pull at a length err together.

    Args:
        relative: [T, 17, 3] m, in the metric scale of the person.
        height_m: stature.
    """
    seen = np.zeros(len(BONE_KINDS))
    for kind in range(len(BONE_KINDS)):
        lengths = [
            np.median(np.linalg.norm(relative[:, a] - relative[:, b], axis=1))
            for (a, b), own in zip(BONES, BONE_KIND, strict=True)
            if own == kind
        ]
        seen[kind] = np.mean(lengths)
    expected = seen.copy()
    for name, share_of_height in _OF_HEIGHT.items():
        share, kind = 1.0 if name in _ONLY_USUAL else _USUAL_SHARE, BONE_KINDS.index(name)
        expected[kind] = share * share_of_height * height_m + (1.0 - share) * seen[kind]
    leg = [BONE_KINDS.index("thigh"), BONE_KINDS.index("shank")]
    expected[leg] = expected[leg].mean()
    deviation = np.array([_RELATIVE_DEVIATION.get(name, _USUAL_DEVIATION) for name in BONE_KINDS])
    return BoneLengths(expected, expected, deviation * expected)
