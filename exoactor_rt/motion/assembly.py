"""A HumanMotion from body points, attitudes and contacts: the origin, the types, the checks."""

from __future__ import annotations

import numpy as np

from exoactor_rt.errors import MotionError
from exoactor_rt.motion.body import HIPS, POINT, keypoints_from_body, midpoint
from exoactor_rt.motion.rotation import quaternions_wxyz
from exoactor_rt.types import BoolArray, FloatArray, HumanMotion

LEAST_HEIGHT_M = {"toe": 0.0, "heel": 0.0, "ankle": 0.03}
"""Points of a foot cannot be lower; an ankle's centre stands 6 to 9 cm above the sole."""


def assemble_motion(
    points: FloatArray,
    attitudes: FloatArray,
    contact: BoolArray,
    hand_openness: FloatArray,
    *,
    rate_hz: float,
    height_m: float,
    source_start_s: float,
    source: str,
    notes: tuple[str, ...],
) -> HumanMotion:
    """Shift the first pelvis above the origin, lift feet out of the floor, make a HumanMotion.

    Args:
        points: [T, 17, 3] m in a z-up world whose floor is z = 0.
        attitudes: [T, 6, 3, 3] segment into world, in the order of SEGMENTS.
        contact: [T, 2].
        hand_openness: [T, 2] 0..1 or NaN.
        rate_hz: frames a second.
        height_m: standing height of the person.
        source_start_s: time of frame 0 in the source.
        source: the file's name.
        notes: remarks for the report.

    Raises:
        MotionError: a value is not finite.
    """
    origin = midpoint(points[:1], HIPS)[0] * np.array([1.0, 1.0, 0.0])
    points = points - origin
    for joint, least_m in LEAST_HEIGHT_M.items():
        feet = [POINT[f"left_{joint}"], POINT[f"right_{joint}"]]
        points[:, feet, 2] = np.maximum(points[:, feet, 2], least_m)
    if not (np.isfinite(points).all() and np.isfinite(attitudes).all()):
        bad = int((~np.isfinite(points).all(axis=(1, 2))).sum())
        raise MotionError(
            f"{source or 'motion'}: {bad} of {len(points)} frames not finite, 0 allowed; "
            "motion not recovered"
        )
    return HumanMotion(
        rate_hz=rate_hz,
        keypoints_in_world=keypoints_from_body(points),
        quat_world_segment_wxyz=quaternions_wxyz(attitudes),
        contact=contact,
        hand_openness=hand_openness,
        height_m=height_m,
        source_start_s=source_start_s,
        source=source,
        notes=notes,
    )
