"""One execution of the benchmark in numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from exoactor_rt.bench.feet import Drift, FootPoses, foot_slide_m_s, root_drift, true_feet
from exoactor_rt.execution import Execution
from exoactor_rt.planning import Plan
from exoactor_rt.replay import drift_m, turn_error_deg
from exoactor_rt.retarget.keypoints import (
    UPPER,
    Errors,
    errors_to_reference_mm,
    keypoint_errors_mm,
    keypoints_in_pelvis,
    mean_mm,
)
from exoactor_rt.robots.g1 import joint_table
from exoactor_rt.sim import Rollout
from exoactor_rt.tracker import Tracking
from exoactor_rt.types import BoolArray, Reference

_FIRST_UPPER_JOINT = "waist_yaw_joint"
_LEGS = ("left_knee", "right_knee", "left_ankle", "right_ankle")
_ANKLES = ("left_ankle", "right_ankle")


@dataclass(frozen=True)
class Measurement:
    """How well a task was executed; of a fall, up to the moment the guard took over.

    Errors are means over the samples (50 Hz) in which the controller has the robot and the
    reference is followed fully (after the blend in, before the blend out); None where there is no
    such sample.

    Attributes:
        joint_rmse_deg: waist and arms, executed against planned, over samples and joints; of a
            tracker, all joints against the reference.
        keypoints_plan_mm: keypoint -> mean distance from the plan, in the pelvis frame. Head and
            arms: forward kinematics of executed against planned joints. Ankles: the feet as
            estimated against the feet as commanded. A plan says nothing of the knees; a tracker
            has none.
        keypoints_reference_mm: keypoint -> mean distance from the reference at the same reference
            time, in the pelvis frame, all by forward kinematics; holds what planning changed.
        keypoint_plan_mm: mean over the keypoints against the plan.
        keypoint_reference_mm: mean over the keypoints against the reference.
        upper_reference_mm: the same, head and arms only.
        drift_xy_m: middle of the feet at the end, from where the plan's steps lead from the start;
            of a tracker, the pelvis from where the reference leads; None after a fall.
        drift_yaw_deg: mean yaw of the feet, of a tracker that of the pelvis, likewise.
        foot_slide_m_s: mean horizontal speed of the ankles while commanded in contact.
        peak_torque_share: largest torque of any joint at any tick over its limit; the simulated
            motors give no more than 1.
        peak_torque_joint: which joint.
    """

    joint_rmse_deg: float | None
    keypoints_plan_mm: Errors
    keypoints_reference_mm: Errors
    keypoint_plan_mm: float | None
    keypoint_reference_mm: float | None
    upper_reference_mm: float | None
    drift_xy_m: float | None
    drift_yaw_deg: float | None
    foot_slide_m_s: float | None
    peak_torque_share: float
    peak_torque_joint: str


def measure_rollout(rollout: Rollout, task: Plan | Tracking, reference: Reference) -> Measurement:
    """The measurement of one run of a task made of `reference`."""
    execution = rollout.execution
    controlled = _controlled(execution)
    followed = controlled & execution.followed
    joints = execution.joint_position[followed]
    to_plan = _errors_to_plan(execution, followed) if isinstance(task, Plan) else {}
    times_s = execution.reference_time_s[followed]
    to_reference = errors_to_reference_mm(joints, times_s, reference)
    feet = true_feet(execution)
    drift = None if execution.fallen else _drift(task, execution, reference, feet)
    contact = execution.contact
    share = np.abs(rollout.ticks["true_joint_torque"]).max(axis=0) / joint_table().effort_nm
    worst = int(share.argmax())
    return Measurement(
        joint_rmse_deg=_joint_rmse_deg(execution, followed, task),
        keypoints_plan_mm=to_plan,
        keypoints_reference_mm=to_reference,
        keypoint_plan_mm=mean_mm(to_plan),
        keypoint_reference_mm=mean_mm(to_reference),
        upper_reference_mm=mean_mm(to_reference, UPPER),
        drift_xy_m=None if drift is None else drift.xy_m,
        drift_yaw_deg=None if drift is None else drift.yaw_deg,
        foot_slide_m_s=None
        if contact is None
        else foot_slide_m_s(execution.times_s, feet, contact, controlled),
        peak_torque_share=float(share[worst]),
        peak_torque_joint=joint_table().names[worst],
    )


def _controlled(execution: Execution) -> BoolArray:
    target = execution.planned_foot_position_in_world
    if target is None:
        return np.ones(len(execution.times_s), dtype=np.bool_)
    return np.asarray(np.isfinite(target).all(axis=(1, 2)), dtype=np.bool_)


def _errors_to_plan(execution: Execution, followed: BoolArray) -> Errors:
    got = keypoints_in_pelvis(execution.joint_position[followed])
    planned = keypoints_in_pelvis(execution.planned_joint_position[followed])
    upper = {name: points for name, points in planned.items() if name not in _LEGS}
    errors = keypoint_errors_mm(got, upper)
    feet, target = execution.foot_position_in_world, execution.planned_foot_position_in_world
    if feet is not None and target is not None:
        sides = enumerate(_ANKLES)
        errors |= keypoint_errors_mm(
            {name: feet[followed, side] for side, name in sides},
            {name: target[followed, side] for side, name in enumerate(_ANKLES)},
        )
    return errors


def _drift(
    task: Plan | Tracking, execution: Execution, reference: Reference, feet: FootPoses
) -> Drift:
    if isinstance(task, Plan):
        return root_drift(task, feet)
    return Drift(drift_m(execution, reference), turn_error_deg(execution, reference))


def _joint_rmse_deg(
    execution: Execution, followed: BoolArray, task: Plan | Tracking
) -> float | None:
    first = joint_table().index(_FIRST_UPPER_JOINT) if isinstance(task, Plan) else 0
    error = (execution.joint_position - execution.planned_joint_position)[followed, first:]
    return float(np.degrees(np.sqrt(np.mean(np.square(error))))) if error.size else None
