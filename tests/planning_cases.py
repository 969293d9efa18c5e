"""References made to order for the planning tests: footsteps, height and arms as asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from exoactor_rt._core.model import Link, RobotModel
from exoactor_rt._core.types import Plan, PlanChange
from exoactor_rt.robots import g1
from exoactor_rt.types import FloatArray, Reference

RATE_HZ = 30.0
STANCE_WIDTH_M = 0.237
ANKLE_HEIGHT_M = 0.035
MODEL = RobotModel(str(g1.model_path()))
TABLE = g1.joint_table()
FEET = (Link.LEFT_FOOT, Link.RIGHT_FOOT)


@dataclass(frozen=True)
class Step:
    """A step relative to the other foot; `side` 0 left, 1 right."""

    side: int
    liftoff_s: float
    touchdown_s: float
    forward_m: float = 0.0
    lateral_m: float = STANCE_WIDTH_M
    yaw_rad: float = 0.0
    lift_m: float = 0.06


def rotation(yaw: float) -> FloatArray:
    c, s = np.cos(yaw), np.sin(yaw)
    return np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])


def foot_paths(steps: list[Step], frames: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Ankle positions [T, 2, 3], yaws [T, 2] and contacts [T, 2] of a list of steps."""
    position = np.array(
        [[0.0, STANCE_WIDTH_M / 2, ANKLE_HEIGHT_M], [0.0, -STANCE_WIDTH_M / 2, ANKLE_HEIGHT_M]]
    )
    yaw = np.zeros(2)
    positions = np.tile(position, (frames, 1, 1))
    yaws = np.zeros((frames, 2))
    contacts = np.ones((frames, 2))
    for step in steps:
        outward = 1.0 if step.side == 0 else -1.0
        offset = np.array([step.forward_m, outward * step.lateral_m, 0.0])
        other = 1 - step.side
        target = position[other] + rotation(yaw[other]) @ offset
        target_yaw = yaw[other] + step.yaw_rad
        first, last = round(step.liftoff_s * RATE_HZ), round(step.touchdown_s * RATE_HZ)
        for t in range(first, min(last, frames)):
            u = (t - first + 1) / (last - first + 1)
            positions[t, step.side] = position[step.side] + u * (target - position[step.side])
            positions[t, step.side, 2] += step.lift_m * np.sin(np.pi * u)
            yaws[t, step.side] = yaw[step.side] + u * (target_yaw - yaw[step.side])
            contacts[t, step.side] = 0
        position[step.side], yaw[step.side] = target, target_yaw
        positions[last:, step.side] = target
        yaws[last:, step.side] = target_yaw
    return positions, yaws, contacts


def solve_legs(
    root: FloatArray, quat_wxyz: FloatArray, joints: FloatArray, feet: FloatArray, yaws: FloatArray
) -> FloatArray:
    """Leg joints that put both feet flat at the asked poses, by damped Gauss-Newton."""
    zero3, zero29 = np.zeros(3), np.zeros(29)
    for _ in range(12):
        worst = 0.0
        data = MODEL.update(root, quat_wxyz, zero3, zero3, joints, zero29)
        for side, link in enumerate(FEET):
            motion = data.link(link)
            turn = rotation(yaws[side]) @ motion.R_world_link.T
            angle = 0.5 * np.array(
                [turn[2, 1] - turn[1, 2], turn[0, 2] - turn[2, 0], turn[1, 0] - turn[0, 1]]
            )
            error = np.concatenate([feet[side] - motion.position_in_world, angle])
            worst = max(worst, float(np.abs(error).max()))
            leg = slice(6 * side, 6 * side + 6)
            jacobian = motion.jacobian[:, 6:][:, leg]
            step = jacobian.T @ np.linalg.solve(
                jacobian @ jacobian.T + 1e-4 * np.eye(6), np.clip(error, -0.2, 0.2)
            )
            joints[leg] += np.clip(step, -0.3, 0.3)
        joints[:12] = np.clip(joints[:12], TABLE.lower_rad[:12], TABLE.upper_rad[:12])
        if worst < 1e-4:
            break
    return joints


def make_reference(
    duration_s: float,
    steps: list[Step] | None = None,
    root_height_m: Callable[[float], float] = lambda time_s: 0.72,
    arms: Callable[[float], FloatArray] | None = None,
    airborne_s: tuple[float, float] | None = None,
) -> Reference:
    """A reference with the asked footsteps; the pelvis stays between the feet.

    Args:
        duration_s: of the clip.
        steps: in order of touch-down.
        root_height_m: of the pelvis by time.
        arms: time to the 17 waist and arm joints, rad; the standing pose without.
        airborne_s: the whole robot is 15 cm up between these times.
    """
    frames = round(duration_s * RATE_HZ) + 1
    feet, yaws, contacts = foot_paths(steps or [], frames)
    standing = g1.standing_position()
    joints = np.tile(standing, (frames, 1))
    root = np.zeros((frames, 3))
    quat = np.zeros((frames, 4))
    current = standing.copy()
    for t in range(frames):
        time_s = t / RATE_HZ
        yaw = yaws[t].mean()
        root[t] = [*feet[t, :, :2].mean(axis=0), root_height_m(time_s)]
        quat[t] = [np.cos(yaw / 2), 0.0, 0.0, np.sin(yaw / 2)]
        if arms is not None:
            current[12:] = arms(time_s)
        current = solve_legs(root[t], quat[t], current, feet[t], yaws[t])
        joints[t] = current
        if airborne_s is not None and airborne_s[0] <= time_s < airborne_s[1]:
            root[t, 2] += 0.15
            contacts[t] = 0
    return Reference(
        rate_hz=RATE_HZ,
        root_position_in_world=root,
        quat_world_root_wxyz=quat,
        joint_position=joints,
        contact=contacts.astype(bool),
        hand_openness=np.full((frames, 2), np.nan),
        source="made",
    )


def walk(count: int, forward_m: float, start_s: float = 1.0, **fields: float) -> list[Step]:
    """Alternating steps of one length, half a second each, left foot first."""
    return [
        Step(k % 2, start_s + 0.5 * k, start_s + 0.5 * k + 0.4, forward_m, **fields)
        for k in range(count)
    ]


def changes_named(plan: Plan, what: str) -> list[PlanChange]:
    """A plan's changes of one kind."""
    return [change for change in plan.changes if change.what == what]
