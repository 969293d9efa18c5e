"""How far a robot's keypoints are from where they should be, seen from its pelvis."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from exoactor_rt.retarget.robot_geometry import kinematics
from exoactor_rt.types import FloatArray, Reference

HEAD_IN_TORSO_M = (0.0, 0.0, 0.4)
"""Middle of the head in the axes of `torso_link`."""

LINKS = {
    "left_shoulder": "left_shoulder_roll_link",
    "right_shoulder": "right_shoulder_roll_link",
    "left_elbow": "left_elbow_link",
    "right_elbow": "right_elbow_link",
    "left_wrist": "left_wrist_yaw_link",
    "right_wrist": "right_wrist_yaw_link",
    "left_knee": "left_knee_link",
    "right_knee": "right_knee_link",
    "left_ankle": "left_ankle_roll_link",
    "right_ankle": "right_ankle_roll_link",
}
UPPER = ("head", *(name for name in LINKS if name.endswith(("shoulder", "elbow", "wrist"))))

Errors = dict[str, float]
"""Keypoint -> mean error, mm."""


def keypoints_in_pelvis(joint_position: FloatArray) -> dict[str, FloatArray]:
    """Keypoint -> [N, 3] m in the pelvis frame: origins of the LINKS, and the head.

    Args:
        joint_position: [N, 29] rad, SDK order.
    """
    count = len(joint_position)
    tree = kinematics()
    position, quat = tree.forward(
        np.zeros((count, 3)), np.tile([1.0, 0.0, 0.0, 0.0], (count, 1)), joint_position
    )
    torso = tree.body("torso_link")
    w, axis = quat[:, torso, :1], quat[:, torso, 1:]
    head = np.broadcast_to(np.array(HEAD_IN_TORSO_M), axis.shape)
    twice = 2.0 * np.cross(axis, head)
    points = {"head": position[:, torso] + head + w * twice + np.cross(axis, twice)}
    for name, link in LINKS.items():
        points[name] = position[:, tree.body(link)]
    return points


def keypoint_errors_mm(got: Mapping[str, FloatArray], wanted: Mapping[str, FloatArray]) -> Errors:
    """Mean distance over the samples, of every keypoint that both have.

    Args:
        got: keypoint -> [N, 3] m.
        wanted: the same, in the same frame.

    Returns:
        Empty where there are no samples.
    """
    return {
        name: 1e3 * float(np.linalg.norm(got[name] - wanted[name], axis=1).mean())
        for name in got
        if name in wanted and len(got[name])
    }


def errors_to_reference_mm(
    joint_position: FloatArray, reference_time_s: FloatArray, reference: Reference
) -> Errors:
    """Mean distance from the reference's keypoints at the same reference time, in the pelvis frame.

    Args:
        joint_position: [N, 29] rad, SDK order, of the robot.
        reference_time_s: [N] s, where in the reference it is.
        reference: what it follows.
    """
    frames_s = np.arange(len(reference.joint_position)) / reference.rate_hz
    wanted = [np.interp(reference_time_s, frames_s, angle) for angle in reference.joint_position.T]
    return keypoint_errors_mm(
        keypoints_in_pelvis(joint_position), keypoints_in_pelvis(np.stack(wanted, axis=1))
    )


def mean_mm(errors: Errors, names: tuple[str, ...] | None = None) -> float | None:
    """Mean over keypoints, each counted once; None without any."""
    values = [error for name, error in errors.items() if names is None or name in names]
    return float(np.mean(values)) if values else None
