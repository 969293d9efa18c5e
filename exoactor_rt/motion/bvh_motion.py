"""Motion capture instead of a video: a BVH file becomes a HumanMotion."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from exoactor_rt.errors import MotionError
from exoactor_rt.motion.assembly import assemble_motion
from exoactor_rt.motion.body import BODY_POINTS, FEET, LEG_OF_HEIGHT, POINT, SIDES, leg_length
from exoactor_rt.motion.bvh_file import BvhClip, read_bvh
from exoactor_rt.motion.bvh_skeleton import (
    JointTrajectories,
    axes_to_world,
    end_site,
    first_frame_is_foreign,
    joint_trajectories,
    metres_a_unit,
)
from exoactor_rt.motion.floor import remove_floor_drift
from exoactor_rt.motion.options import MotionOptions
from exoactor_rt.motion.resampling import resample_uniform
from exoactor_rt.motion.rotation import mean_rotation, unit
from exoactor_rt.motion.segments import foot_attitudes, hand_attitudes, trunk_attitudes
from exoactor_rt.types import BoolArray, FloatArray, HumanMotion

SOLE_THICKNESS_M = 0.015
HEEL_BEHIND_ANKLE_OF_LEG = 0.06
LEVEL_FLOOR_M = 0.03
_FOOT_PARTS = ("left_ankle", "right_ankle")


def load_bvh(path: Path | str, options: MotionOptions | None = None) -> HumanMotion:
    """Read a BVH file of CMU, LAFAN or Mixamo make as a HumanMotion.

    Positions come from the file's kinematics. Attitudes turn with the file's joints; the constant
    rotation between a joint and its segment is the mean over the clip of what the points say, so
    that the rest pose of the file does not matter.

    Args:
        path: the file.
        options: rate of the result and limits of duration; the person's height is used only where
            the file's unit cannot be told.

    Raises:
        MotionError: the file is malformed, lacks joints, or is too short or too long.
    """
    path, options = Path(path), options or MotionOptions()
    clip = read_bvh(path)
    _check_duration(path.name, clip, options)
    motion = joint_trajectories(clip, path.name)
    notes = []
    start_s = 0.0
    if first_frame_is_foreign(motion.position):
        motion = JointTrajectories(motion.joints, motion.position[1:], motion.rotation[1:])
        start_s = clip.frame_time_s
        notes.append("first frame is a calibration pose; dropped")
    world_axes, up = axes_to_world(motion)
    points = _body_points(clip, motion, path.name) @ world_axes.T
    scale, unit_name = metres_a_unit(leg_length(points), LEG_OF_HEIGHT * options.subject_height_m)
    notes.append(f"file unit {unit_name}, {up} up, {1.0 / clip.frame_time_s:.4g} Hz")
    source_hz = 1.0 / clip.frame_time_s
    points = resample_uniform(points * scale, source_hz, options.rate_hz)
    turns = {
        part: resample_uniform(world_axes @ motion.rotation[:, joint], source_hz, options.rate_hz)
        for part, joint in motion.joints.items()
    }
    points, contact, drift_m = _stand_on_floor(points, turns, options.rate_hz)
    if drift_m > LEVEL_FLOOR_M:
        notes.append(f"floor uneven by {drift_m:.2f} m; flattened")
    attitudes = _attitudes(clip, motion, points, turns, contact=contact, rate_hz=options.rate_hz)
    return assemble_motion(
        points,
        attitudes,
        contact,
        np.full((len(points), 2), np.nan),
        rate_hz=options.rate_hz,
        height_m=leg_length(points) / LEG_OF_HEIGHT,
        source_start_s=start_s,
        source=path.name,
        notes=tuple(notes),
    )


def _check_duration(source: str, clip: BvhClip, options: MotionOptions) -> None:
    duration_s = (len(clip.samples) - 1) * clip.frame_time_s
    low, high = options.min_duration_s, options.max_duration_s
    if not low <= duration_s <= high:
        raise MotionError(
            f"bvh {source}: {len(clip.samples)} frames, {duration_s:.2f} s, allowed {low:g} to "
            f"{high:g} s; not loaded"
        )


def _body_points(clip: BvhClip, motion: JointTrajectories, source: str) -> FloatArray:
    """The 17 points [T, 17, 3] in file units and axes; heels are still at the ankles."""
    points = np.empty((len(motion.position), len(BODY_POINTS), 3))
    for name, index in POINT.items():
        part = name.replace("heel", "ankle")
        if part in motion.joints:
            points[:, index] = motion.position[:, motion.joints[part]]
    top = end_site(clip, motion, motion.joints["head"])
    if top is not None:
        points[:, POINT["head"]] = 0.5 * (points[:, POINT["head"]] + top)
    for side in SIDES:
        last = motion.joints.get(f"{side}_toe", motion.joints[f"{side}_ankle"])
        tip = end_site(clip, motion, last)
        if tip is not None:
            points[:, POINT[f"{side}_toe"]] = tip
        elif f"{side}_toe" not in motion.joints:
            raise MotionError(
                f"bvh {source}: no toe and no end site on the {side} foot; not loaded"
            )
    return points


def _stand_on_floor(
    points: FloatArray, turns: dict[str, FloatArray], rate_hz: float
) -> tuple[FloatArray, BoolArray, float]:
    """Add the heels, then put the floor at z = 0; returns points, contacts, unevenness in m."""
    _, contact, _ = remove_floor_drift(points, rate_hz, SOLE_THICKNESS_M)
    pelvis, _ = trunk_attitudes(points, rate_hz)
    feet = foot_attitudes(points, pelvis, contact, rate_hz)
    leg = leg_length(points)
    points = points.copy()
    for side, part in enumerate(_FOOT_PARTS):
        ankle, heel, toe = FEET[side]
        standing = contact[:, side] if contact[:, side].any() else np.ones(len(points), np.bool_)
        height = np.median(points[standing, ankle, 2] - points[standing, toe, 2])
        foot = _calibrated(turns[part], feet[:, side], standing)
        points[:, heel] = points[:, ankle] + foot @ np.array(
            [-HEEL_BEHIND_ANKLE_OF_LEG * leg, 0.0, -height]
        )
    flat, contact, drift_m = remove_floor_drift(points, rate_hz, SOLE_THICKNESS_M)
    if drift_m > LEVEL_FLOOR_M:
        return flat, contact, drift_m
    points[..., 2] += np.median(flat[..., 2] - points[..., 2])
    return points, contact, drift_m


def _attitudes(
    clip: BvhClip,
    motion: JointTrajectories,
    points: FloatArray,
    turns: dict[str, FloatArray],
    *,
    contact: BoolArray,
    rate_hz: float,
) -> FloatArray:
    """Attitudes [T, 6, 3, 3] of the segments from the joints' turns and the points."""
    pelvis, torso = trunk_attitudes(points, rate_hz)
    feet = foot_attitudes(points, pelvis, contact, rate_hz)
    thumb = np.zeros((len(points), 2, 3))
    for side, name in enumerate(SIDES):
        joint = motion.joints.get(f"{name}_thumb")
        if joint is not None:
            hand_turn = turns[f"{name}_wrist"]
            tip = clip.end_offsets.get(joint, np.zeros(3))
            local = clip.offsets[joint] + tip
            thumb[:, side] = unit(hand_turn @ local)
    every = np.ones(len(points), np.bool_)
    segments = [
        _calibrated(turns["pelvis"], pelvis, every),
        _calibrated(turns["chest"], torso, every),
    ]
    for side, part in enumerate(_FOOT_PARTS):
        standing = contact[:, side] if contact[:, side].any() else every
        segments.append(_calibrated(turns[part], feet[:, side], standing))
    hands = hand_attitudes(points, thumb)
    return np.stack([*segments, hands[:, 0], hands[:, 1]], axis=1)


def _calibrated(turn: FloatArray, said: FloatArray, frames: BoolArray) -> FloatArray:
    """The attitude that turns with the joint and on average agrees with what the points say."""
    offset = mean_rotation(np.swapaxes(turn[frames], 1, 2) @ said[frames])
    u, _, vt = np.linalg.svd(turn @ offset)
    return np.asarray(u @ vt)
