"""Refuses human motions that cannot be retargeted, naming the first fault."""

from __future__ import annotations

import numpy as np

from exoactor_rt.errors import RetargetError
from exoactor_rt.types import KEYPOINTS, SEGMENTS, FloatArray, HumanMotion

RATE_HZ = (1.0, 1000.0)
LIMB_LENGTHS_M = {
    ("hip", "knee"): (0.1, 0.8),
    ("knee", "ankle"): (0.1, 0.8),
    ("shoulder", "elbow"): (0.05, 0.6),
    ("elbow", "wrist"): (0.05, 0.6),
}
"""Median lengths allowed, both sides: from small children to giants."""


def check_motion(motion: HumanMotion) -> None:
    """Raises RetargetError for wrong shapes, values that are not finite, impossible lengths."""
    where = f"motion {motion.source or '(unnamed)'}"
    if not RATE_HZ[0] <= motion.rate_hz <= RATE_HZ[1]:
        raise RetargetError(f"{where}: rate {motion.rate_hz} Hz, allowed {RATE_HZ[0]}..{RATE_HZ[1]}")
    frames = len(motion.keypoints_in_world)
    if frames == 0:
        raise RetargetError(f"{where}: no frames; nothing to retarget")
    shapes = {
        "keypoints_in_world": (frames, len(KEYPOINTS), 3),
        "quat_world_segment_wxyz": (frames, len(SEGMENTS), 4),
        "contact": (frames, 2),
        "hand_openness": (frames, 2),
    }
    for name, shape in shapes.items():
        got = getattr(motion, name).shape
        if got != shape:
            raise RetargetError(f"{where}: {name} has shape {got}, expected {shape}")
    for name in ("keypoints_in_world", "quat_world_segment_wxyz"):
        finite = np.isfinite(getattr(motion, name)).all(axis=(1, 2))
        if not finite.all():
            raise RetargetError(f"{where} frame {int(np.argmin(finite))}: {name} is not finite")
    _check_quaternions(motion.quat_world_segment_wxyz, where)
    _check_limbs(motion.keypoints_in_world, where)


def _check_quaternions(quats: FloatArray, where: str) -> None:
    error = np.abs(np.linalg.norm(quats, axis=-1) - 1.0)
    frame, segment = np.unravel_index(int(error.argmax()), error.shape)
    if error[frame, segment] > 1e-3:
        raise RetargetError(
            f"{where} frame {frame}: quaternion of {SEGMENTS[segment]} has norm "
            f"{np.linalg.norm(quats[frame, segment]):.3f}, expected 1"
        )


def _check_limbs(keypoints: FloatArray, where: str) -> None:
    for (start, end), (least, most) in LIMB_LENGTHS_M.items():
        for side in ("left", "right"):
            limb = (
                keypoints[:, KEYPOINTS.index(f"{side}_{end}")]
                - keypoints[:, KEYPOINTS.index(f"{side}_{start}")]
            )
            length = float(np.median(np.linalg.norm(limb, axis=1)))
            if not least <= length <= most:
                raise RetargetError(
                    f"{where}: {side} {start} to {end} is {length:.2f} m, allowed {least}..{most} m"
                )
