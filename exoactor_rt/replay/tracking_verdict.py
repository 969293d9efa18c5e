"""Pass or fail of a learned tracker: it must stand, follow the reference and get where it leads."""

from __future__ import annotations

import math

import numpy as np

from exoactor_rt.config import VerdictConfig
from exoactor_rt.execution import Execution
from exoactor_rt.replay.figures import Figures
from exoactor_rt.replay.verdict import REFERENCE_LEFT_S, Verdict, at_least, at_most, conclude
from exoactor_rt.types import FloatArray, Reference


def judge_tracking(
    figures: Figures, execution: Execution, reference: Reference, limits: VerdictConfig
) -> Verdict:
    """The verdict on an execution by a tracker, which has no plan of its own.

    It is soft by training, so joints and wrists have wider limits than the whole-body controller's;
    in return it is held to the reference's own place and heading at the end. Heading is the
    pelvis's, which the outer loop keeps: a lifted foot may point anywhere.
    """
    turn_rad = abs(math.radians(turn_error_deg(execution, reference)))
    criteria = (
        at_least(
            "pelvis height, lowest", figures.min_pelvis_height_m, limits.min_pelvis_height_m, "m"
        ),
        at_most("tilt, largest", figures.max_tilt_rad, limits.max_tilt_rad, "rad"),
        at_most("torque over limit", figures.max_torque_share, 1.0, ""),
        at_most(
            "waist and arms against reference, rms",
            figures.joint_rms_rad,
            limits.tracker_joint_rms_rad,
            "rad",
        ),
        at_most(
            "wrists against reference, rms", figures.wrist_rms_m, limits.tracker_wrist_rms_m, "m"
        ),
        at_most("reference not reached", figures.reference_left_s, REFERENCE_LEFT_S, "s"),
        at_most("heading at the end", turn_rad, limits.heading_error_rad, "rad"),
        at_most("place at the end", drift_m(execution, reference), limits.tracker_drift_m, "m"),
    )
    return conclude(figures, criteria)


def drift_m(execution: Execution, reference: Reference) -> float:
    """Horizontal distance at the end from where the reference leads, laid where the robot began."""
    turn = _yaw(execution.quat_world_root_wxyz[0]) - _yaw(reference.quat_world_root_wxyz[0])
    root = reference.root_position_in_world
    asked = _turned(root[-1, :2] - root[0, :2], turn)
    went = execution.root_position_in_world[-1, :2] - execution.root_position_in_world[0, :2]
    return float(np.linalg.norm(went - asked))


def turn_error_deg(execution: Execution, reference: Reference) -> float:
    """Turn of the pelvis, start to end, less the reference's, -180 to 180 deg."""
    asked, did = (
        _yaw(quats[-1]) - _yaw(quats[0])
        for quats in (reference.quat_world_root_wxyz, execution.quat_world_root_wxyz)
    )
    return math.degrees(math.remainder(did - asked, 2 * math.pi))


def _yaw(quat_wxyz: FloatArray) -> float:
    w, x, y, z = quat_wxyz
    return math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z))


def _turned(vector: FloatArray, angle_rad: float) -> FloatArray:
    cosine, sine = math.cos(angle_rad), math.sin(angle_rad)
    return np.array([[cosine, -sine], [sine, cosine]]) @ vector
