"""Where the feet went, where the plan's steps lead, and how much the feet slid."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial.transform import Rotation

from exoactor_rt.execution import Execution
from exoactor_rt.planning import Plan, Side
from exoactor_rt.retarget import kinematics
from exoactor_rt.types import BoolArray, FloatArray

_LINKS = ("left_ankle_roll_link", "right_ankle_roll_link")


@dataclass(frozen=True)
class FootPoses:
    """True ankle poses: `position_in_world` [N, 2, 3] m, `yaw_rad` [N, 2], left then right."""

    position_in_world: FloatArray
    yaw_rad: FloatArray


@dataclass(frozen=True)
class Drift:
    """How far the end of a run is from where the plan's steps lead: m in xy, deg in yaw."""

    xy_m: float
    yaw_deg: float


def true_feet(execution: Execution) -> FootPoses:
    """The feet by forward kinematics of the true motion."""
    tree = kinematics()
    positions, quats = tree.forward(
        execution.root_position_in_world,
        execution.quat_world_root_wxyz,
        execution.joint_position,
    )
    feet = [tree.body(link) for link in _LINKS]
    turn = Rotation.from_quat(quats[:, feet].reshape(-1, 4), scalar_first=True)
    forward = turn.apply([1.0, 0.0, 0.0]).reshape(-1, 2, 3)
    return FootPoses(positions[:, feet], np.arctan2(forward[..., 1], forward[..., 0]))


def planned_end(plan: Plan, xy_m: FloatArray, yaw_rad: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Where the plan's footsteps lead, step upon step.

    Args:
        plan: its steps are relative to the stance foot.
        xy_m: [2, 2] m, feet at the start, left then right.
        yaw_rad: [2] their yaws.

    Returns:
        xy [2, 2] m and yaw [2] of the feet at the end.
    """
    xy_m, yaw_rad = xy_m.copy(), yaw_rad.copy()
    for step in plan.steps:
        swing = 0 if step.side == Side.LEFT else 1
        stance = 1 - swing
        outward_m = step.lateral_m if swing == 0 else -step.lateral_m
        cos, sin = np.cos(yaw_rad[stance]), np.sin(yaw_rad[stance])
        ahead = np.array([cos, sin]) * step.forward_m
        xy_m[swing] = xy_m[stance] + ahead + np.array([-sin, cos]) * outward_m
        yaw_rad[swing] = yaw_rad[stance] + step.yaw_rad
    return xy_m, yaw_rad


def root_drift(plan: Plan, feet: FootPoses) -> Drift:
    """Middle of the feet and their mean yaw at the end, against the plan's steps from the start."""
    xy_m, yaw_rad = planned_end(plan, feet.position_in_world[0, :, :2], feet.yaw_rad[0])
    off_m = feet.position_in_world[-1, :, :2].mean(axis=0) - xy_m.mean(axis=0)
    off_rad = np.angle(np.exp(1j * (feet.yaw_rad[-1] - yaw_rad)).sum())
    return Drift(float(np.linalg.norm(off_m)), float(np.degrees(off_rad)))


def foot_slide_m_s(
    times_s: FloatArray, feet: FootPoses, contact: FloatArray, controlled: BoolArray
) -> float | None:
    """Mean horizontal speed of the ankles while commanded to stand; None if none was.

    Args:
        times_s: [N] s.
        feet: their true poses.
        contact: [N, 2] 1 where the foot is commanded to stand, at both ends of an interval.
        controlled: [N] the controller had the robot.
    """
    standing = (contact > 0.5) & controlled[:, None]
    counted = standing[1:] & standing[:-1]
    if not counted.any():
        return None
    moved_m = np.linalg.norm(np.diff(feet.position_in_world[..., :2], axis=0), axis=-1)
    speed_m_s = moved_m / np.diff(times_s)[:, None]
    return float(speed_m_s[counted].mean())
