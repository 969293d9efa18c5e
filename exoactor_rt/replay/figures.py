"""What an execution amounts to in a dozen numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.spatial.transform import Rotation

from exoactor_rt.execution import Execution
from exoactor_rt.retarget import kinematics
from exoactor_rt.retarget.keypoints import errors_to_reference_mm, mean_mm
from exoactor_rt.robots.g1 import joint_table
from exoactor_rt.types import FloatArray, Reference

FOOT_LINKS = ("left_ankle_roll_link", "right_ankle_roll_link")
FIRST_UPPER_JOINT = "waist_yaw_joint"
FIRST_ARM_JOINT = "left_shoulder_pitch_joint"
STANDING_S = 0.4


@dataclass(frozen=True)
class Figures:
    """Measured on one execution; errors over the samples in which the reference is followed fully.

    Attributes:
        fallen: the robot fell, or was stopped.
        fall_reason: in words.
        min_pelvis_height_m: lowest height of the pelvis link above the floor.
        max_tilt_rad: largest angle between the pelvis' and the world's z.
        squat_depth_m: how far the pelvis sank below its height while standing at the start.
        joint_rms_rad: waist and arms against the plan.
        arm_rms_rad: arms against the plan.
        wrist_rms_m: wrists against the plan, in the pelvis frame.
        keypoint_error_m: mean distance of head, arms, knees and ankles from the reference's at
            the same reference time, in the pelvis frame.
        heading_error_rad: turn of the feet, start to end, against the reference's.
        heading_rms_rad: the same on the way, at equal reference times.
        duration_ratio: following the reference took this many times the reference's length.
        steps_planned: footsteps of the plan, inserted ones included.
        steps_executed: footsteps done.
        max_torque_share: largest torque of a joint, as a share of its limit.
        travel_m: horizontal distance between the first and the last pelvis position.
        reference_left_s: how much of the reference's end was not reached.

    What cannot be measured, as nothing of the reference was followed, is NaN and fails the verdict.
    """

    fallen: bool
    fall_reason: str
    min_pelvis_height_m: float
    max_tilt_rad: float
    squat_depth_m: float
    joint_rms_rad: float
    arm_rms_rad: float
    wrist_rms_m: float
    keypoint_error_m: float
    heading_error_rad: float
    heading_rms_rad: float
    duration_ratio: float
    steps_planned: int
    steps_executed: int
    max_torque_share: float
    travel_m: float
    reference_left_s: float


def measure(execution: Execution, reference: Reference) -> Figures:
    """The figures of `execution`, which set out to do `reference`."""
    followed = execution.followed
    table = joint_table()
    upper = table.names.index(FIRST_UPPER_JOINT)
    arms = table.names.index(FIRST_ARM_JOINT)
    error = (execution.joint_position - execution.planned_joint_position)[followed]
    height = execution.root_position_in_world[:, 2]
    standing = execution.times_s <= execution.times_s[0] + STANDING_S
    heading_error = _heading_error(execution, reference)
    travel = execution.root_position_in_world[-1, :2] - execution.root_position_in_world[0, :2]
    reference_s = (len(reference.joint_position) - 1) / reference.rate_hz
    return Figures(
        fallen=execution.fallen,
        fall_reason=execution.fall_reason,
        min_pelvis_height_m=float(height.min()),
        max_tilt_rad=float(_tilt(execution.quat_world_root_wxyz).max()),
        squat_depth_m=float(np.median(height[standing]) - height.min()),
        joint_rms_rad=_rms(error[:, upper:]),
        arm_rms_rad=_rms(error[:, arms:]),
        wrist_rms_m=_wrist_rms(execution, followed),
        keypoint_error_m=_keypoint_error_m(execution, followed, reference),
        heading_error_rad=float(abs(heading_error[-1])),
        heading_rms_rad=_rms(heading_error[followed]),
        duration_ratio=_seconds(execution, followed) / reference_s,
        steps_planned=execution.steps_planned,
        steps_executed=execution.steps_executed,
        max_torque_share=float(np.abs(execution.joint_torque / table.effort_nm).max()),
        travel_m=float(np.linalg.norm(travel)),
        reference_left_s=float(
            np.maximum(0.0, reference_s - np.fmax.reduce(execution.reference_time_s))
        ),
    )


def _rms(values: FloatArray) -> float:
    return float(np.sqrt(np.mean(np.square(values)))) if values.size else math.nan


def _seconds(execution: Execution, followed: np.ndarray) -> float:
    times = execution.times_s[followed]
    return float(times[-1] - times[0]) if len(times) else math.nan


def _tilt(quat_wxyz: FloatArray) -> FloatArray:
    up = Rotation.from_quat(quat_wxyz, scalar_first=True).apply([0.0, 0.0, 1.0])
    return np.asarray(np.arccos(np.clip(up[:, 2], -1.0, 1.0)))


def _wrist_rms(execution: Execution, followed: np.ndarray) -> float:
    actual = execution.wrist_position_in_pelvis
    planned = execution.planned_wrist_position_in_pelvis
    if actual is None or planned is None:
        return math.nan
    distance = np.linalg.norm((actual - planned)[followed], axis=-1)
    return _rms(distance)


def _keypoint_error_m(execution: Execution, followed: np.ndarray, reference: Reference) -> float:
    joints, times_s = execution.joint_position[followed], execution.reference_time_s[followed]
    mean = mean_mm(errors_to_reference_mm(joints, times_s, reference))
    return math.nan if mean is None else 1e-3 * mean


def _heading_error(execution: Execution, reference: Reference) -> FloatArray:
    """[N] rad, turn of the feet since the start less the reference's at the same reference time."""
    wanted = np.unwrap(
        _feet_heading(
            reference.root_position_in_world,
            reference.quat_world_root_wxyz,
            reference.joint_position,
        )
    )
    done = _feet_heading(
        execution.root_position_in_world, execution.quat_world_root_wxyz, execution.joint_position
    )
    reference_times_s = np.arange(len(wanted)) / reference.rate_hz
    asked = np.interp(execution.reference_time_s, reference_times_s, wanted - wanted[0])
    asked[-1] = wanted[-1] - wanted[0]
    error = done - done[0] - asked
    return np.asarray((error + np.pi) % (2 * np.pi) - np.pi)


def _feet_heading(root: FloatArray, quat_wxyz: FloatArray, joints: FloatArray) -> FloatArray:
    """[T] mean yaw of both feet."""
    tree = kinematics()
    _, quats = tree.forward(root, quat_wxyz, joints)
    feet = [tree.body(link) for link in FOOT_LINKS]
    forward = Rotation.from_quat(quats[:, feet].reshape(-1, 4), scalar_first=True).apply([1, 0, 0])
    mean = forward.reshape(-1, len(feet), 3).sum(axis=1)
    return np.asarray(np.arctan2(mean[:, 1], mean[:, 0]))
