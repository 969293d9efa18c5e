"""Quality of a Reference: contacts, ground, collisions, limits, smoothness, likeness to the person.

The definitions are fixed so that figures stay comparable; the sole is the four corners of the
ankle-roll link's box, the ground z = 0.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from exoactor_rt.retarget.robot_geometry import kinematics, self_collision
from exoactor_rt.robots.g1 import joint_table
from exoactor_rt.types import KEYPOINTS, SEGMENTS, BoolArray, FloatArray, HumanMotion, Reference

SOLE_CORNERS_M = np.array(
    [[-0.05, 0.025, -0.035], [-0.05, -0.025, -0.035], [0.12, 0.03, -0.035], [0.12, -0.03, -0.035]]
)
"""In the ankle-roll frame; the same corners as the retargeter's and the model's."""

LIMBS = (
    ("hip", "knee", "hip_roll_link", "knee_link"),
    ("knee", "ankle", "knee_link", "ankle_roll_link"),
    ("shoulder", "elbow", "shoulder_roll_link", "elbow_link"),
    ("elbow", "wrist", "elbow_link", "wrist_pitch_link"),
)
"""Keypoints of a limb and the robot's links that stand for them."""


@dataclass(frozen=True)
class ReferenceMetrics:
    """Figures of one reference; the last three need the person's motion and are NaN without.

    Attributes:
        skate_mean_m_s: horizontal speed of the lowest sole corner while in contact, mean.
        skate_p95_m_s: the same, 95th percentile.
        penetration_mean_cm: depth of the lowest sole corner below the ground, all frames.
        penetration_worst_cm: the deepest.
        float_cm: mean height of the lowest corner of a foot in contact.
        scuff_percent: foot-frames with the sole below 5 mm that move faster than 0.3 m/s.
        self_collision_percent: frames with capsules overlapping by more than 1 cm.
        limit_percent: frames with a joint outside its range.
        at_limit_percent: frames with a joint within 1 mrad of the end of its range.
        velocity_percent: frames with a joint above its velocity limit.
        jerk_rad_s3: mean |third difference| of the joints.
        jump_percent: frames in which a joint moves by more than 0.5 rad per 1/30 s.
        limb_error_deg: angle between the person's limbs and the robot's, mean.
        root_error_deg: angle between the attitudes of the pelves, mean.
        torso_error_deg: angle between the attitudes of the torsos, mean.
    """

    skate_mean_m_s: float
    skate_p95_m_s: float
    penetration_mean_cm: float
    penetration_worst_cm: float
    float_cm: float
    scuff_percent: float
    self_collision_percent: float
    limit_percent: float
    at_limit_percent: float
    velocity_percent: float
    jerk_rad_s3: float
    jump_percent: float
    limb_error_deg: float
    root_error_deg: float
    torso_error_deg: float

    def as_dict(self) -> dict[str, float]:
        """Name -> value, in the order of the attributes."""
        return {entry.name: getattr(self, entry.name) for entry in fields(self)}


def measure_reference(reference: Reference, motion: HumanMotion | None = None) -> ReferenceMetrics:
    """Measures a reference, and its likeness to `motion` where given.

    Args:
        reference: at least four frames.
        motion: the person the reference was made from, frame for frame.

    Returns:
        The figures; NaN where nothing could be measured (no contacts, no motion).
    """
    positions, quats = kinematics().forward(
        reference.root_position_in_world,
        reference.quat_world_root_wxyz,
        reference.joint_position,
    )
    gaps = self_collision().smallest_gap_m(
        kinematics(),
        reference.root_position_in_world,
        reference.quat_world_root_wxyz,
        reference.joint_position,
    )
    values = {
        **_ground_metrics(sole_corners(positions, quats), reference.contact, reference.rate_hz),
        **_joint_metrics(reference.joint_position, reference.rate_hz),
        **_likeness_metrics(positions, quats, motion),
        "self_collision_percent": _percent(gaps < -0.01),
    }
    return ReferenceMetrics(**values)


def sole_corners(positions: FloatArray, quats_wxyz: FloatArray) -> FloatArray:
    """Sole corners in the world from all body poses: [T, 2, 4, 3] m, left then right foot."""
    bodies = [kinematics().body(f"{side}_ankle_roll_link") for side in ("left", "right")]
    rotation = _matrices(quats_wxyz[:, bodies])
    return positions[:, bodies, None] + np.einsum("tfij,cj->tfci", rotation, SOLE_CORNERS_M)


def _ground_metrics(corners: FloatArray, contact: BoolArray, rate_hz: float) -> dict[str, float]:
    heights = corners[..., 2]
    low = heights.min(axis=2)
    lowest = heights[:-1].argmin(axis=2)[..., None, None]
    moved = np.take_along_axis(corners[1:] - corners[:-1], lowest, axis=2)[:, :, 0]
    speed = np.linalg.norm(moved[..., :2], axis=-1) * rate_hz
    skate = speed[contact[:-1] & contact[1:]]
    depth_cm = 100 * np.maximum(-low.min(axis=1), 0.0)
    return {
        "skate_mean_m_s": _mean(skate),
        "skate_p95_m_s": float(np.percentile(skate, 95)) if skate.size else float("nan"),
        "penetration_mean_cm": float(depth_cm.mean()),
        "penetration_worst_cm": float(depth_cm.max()),
        "float_cm": 100 * _mean(low[contact]),
        "scuff_percent": _percent((low[:-1] < 0.005) & (speed > 0.3)),
    }


def _joint_metrics(joints: FloatArray, rate_hz: float) -> dict[str, float]:
    table = joint_table()
    outside = np.maximum(table.lower_rad - joints, joints - table.upper_rad)
    step = np.diff(joints, axis=0)
    velocity = np.abs(step) * rate_hz
    jerk = np.abs(np.diff(joints, 3, axis=0)) * rate_hz**3
    return {
        "limit_percent": _percent((outside > 0).any(axis=1)),
        "at_limit_percent": _percent((outside > -1e-3).any(axis=1)),
        "velocity_percent": _percent((velocity > table.velocity_rad_s).any(axis=1)),
        "jerk_rad_s3": _mean(jerk),
        "jump_percent": _percent((np.abs(step) * rate_hz / 30 > 0.5).any(axis=1)),
    }


def _likeness_metrics(
    positions: FloatArray, quats: FloatArray, motion: HumanMotion | None
) -> dict[str, float]:
    if motion is None:
        return dict.fromkeys(("limb_error_deg", "root_error_deg", "torso_error_deg"), float("nan"))
    angles = []
    for side in ("left", "right"):
        for start, end, start_link, end_link in LIMBS:
            person = (
                motion.keypoints_in_world[:, KEYPOINTS.index(f"{side}_{end}")]
                - motion.keypoints_in_world[:, KEYPOINTS.index(f"{side}_{start}")]
            )
            robot = (
                positions[:, kinematics().body(f"{side}_{end_link}")]
                - positions[:, kinematics().body(f"{side}_{start_link}")]
            )
            angles.append(_angle_between(person, robot))

    def attitude_error(link: str, segment: str) -> float:
        person = motion.quat_world_segment_wxyz[:, SEGMENTS.index(segment)]
        cosine = np.abs((quats[:, kinematics().body(link)] * person).sum(axis=-1))
        return float(np.degrees(2 * np.arccos(np.clip(cosine, 0, 1))).mean())

    return {
        "limb_error_deg": float(np.degrees(np.mean(angles))),
        "root_error_deg": attitude_error("pelvis", "pelvis"),
        "torso_error_deg": attitude_error("torso_link", "torso"),
    }


def _angle_between(a: FloatArray, b: FloatArray) -> FloatArray:
    cosine = (a * b).sum(axis=-1) / (np.linalg.norm(a, axis=-1) * np.linalg.norm(b, axis=-1))
    return np.asarray(np.arccos(np.clip(cosine, -1, 1)))


def _matrices(quats_wxyz: FloatArray) -> FloatArray:
    w, x, y, z = np.moveaxis(quats_wxyz, -1, 0)
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
        [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
        [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
    ]
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)


def _percent(mask: BoolArray) -> float:
    return 100 * float(mask.mean())


def _mean(values: FloatArray) -> float:
    return float(values.mean()) if values.size else float("nan")
