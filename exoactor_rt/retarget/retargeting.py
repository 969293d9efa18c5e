"""Human motion to robot motion: the thin Python side of the C++ retargeter."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from exoactor_rt._core.retarget import RetargetOptions, RetargetResult, retarget
from exoactor_rt.errors import RetargetError
from exoactor_rt.retarget.motion_check import check_motion
from exoactor_rt.retarget.robot_geometry import kinematics, self_collision
from exoactor_rt.robots.g1 import joint_table
from exoactor_rt.types import BoolArray, FloatArray, HumanMotion, Reference


@dataclass(frozen=True)
class RetargetReport:
    """What the retargeter met on its way, frame by frame.

    Errors are those of the solver against its own targets, before the smoothing of the upper body.

    Attributes:
        time_s: [T] s, time to solve each frame.
        iterations: [T] Gauss-Newton iterations.
        close_pairs: [T] pairs of capsules inside the collision margin.
        hip_centre_error_m: [T] m.
        pelvis_error_rad: [T] rad.
        torso_error_rad: [T] rad.
        foot_error_m: [T] m, the larger of both ankles'.
        arm_error_m: [T] m, the larger of both shoulder-to-wrist vectors'.
        at_limit: [T, 29] a joint stands at the end of its range.
        at_rate: [T, 29] a joint moves at its velocity limit.
    """

    time_s: FloatArray
    iterations: np.ndarray
    close_pairs: np.ndarray
    hip_centre_error_m: FloatArray
    pelvis_error_rad: FloatArray
    torso_error_rad: FloatArray
    foot_error_m: FloatArray
    arm_error_m: FloatArray
    at_limit: BoolArray
    at_rate: BoolArray

    def clamped_joints(self, least_share: float = 0.05) -> dict[str, float]:
        """Joints that stand at their limit in at least this share of the frames, most first."""
        shares = self.at_limit.mean(axis=0)
        clamped = [(n, float(s)) for n, s in zip(joint_table().names, shares) if s >= least_share]
        return dict(sorted(clamped, key=lambda item: -item[1]))

    def summary(self) -> str:
        """One line: frame time, errors, clamped joints."""
        clamped = ", ".join(f"{n} {s:.0%}" for n, s in self.clamped_joints().items()) or "none"
        return (
            f"frames={len(self.time_s)} median_us={np.median(self.time_s) * 1e6:.0f} "
            f"pelvis_deg={np.degrees(self.pelvis_error_rad.mean()):.1f} "
            f"torso_deg={np.degrees(self.torso_error_rad.mean()):.1f} "
            f"foot_cm={self.foot_error_m.mean() * 100:.2f} "
            f"arm_cm={self.arm_error_m.mean() * 100:.2f} clamped: {clamped}"
        )


def retarget_motion(motion: HumanMotion, options: RetargetOptions | None = None) -> Reference:
    """Maps a person's motion to the robot; see `retarget_with_report`."""
    return retarget_with_report(motion, options)[0]


def retarget_with_report(
    motion: HumanMotion, options: RetargetOptions | None = None
) -> tuple[Reference, RetargetReport]:
    """Maps a person's motion to root and 29 joints of the robot, with feet that do not slide.

    Damped Gauss-Newton over 35 variables a frame with bounds on joint positions and velocities.
    Limb directions are kept, lengths are the robot's; the person's leg sets the scale of travel.
    Feet in contact follow a rolling sole (`cpp/retarget/foot_path.hpp`), feet in the air are
    lifted to a least clearance, capsules of the robot are pushed apart.

    Args:
        motion: the person; any initial heading, any size.
        options: weights and limits; the defaults when None.

    Returns:
        The reference, one frame for each of the motion's, and what happened in each.

    Raises:
        RetargetError: the motion has no frames, wrong shapes, values that are not finite, or limbs
            that no person has.
    """
    check_motion(motion)
    frames = len(motion.keypoints_in_world)
    try:
        result = retarget(
            kinematics(),
            self_collision(),
            motion.rate_hz,
            motion.keypoints_in_world.reshape(frames, -1),
            motion.quat_world_segment_wxyz.reshape(frames, -1),
            motion.contact.astype(np.int32),
            options or RetargetOptions(),
        )
    except ValueError as error:
        raise RetargetError(str(error)) from error
    reference = Reference(
        rate_hz=motion.rate_hz,
        root_position_in_world=result.root_position_in_world,
        quat_world_root_wxyz=result.quat_world_root_wxyz,
        joint_position=result.joint_position,
        contact=motion.contact.copy(),
        hand_openness=motion.hand_openness.copy(),
        source=motion.source,
    )
    return reference, _report(result)


def _report(result: RetargetResult) -> RetargetReport:
    names = RetargetReport.__dataclass_fields__
    return RetargetReport(**{name: getattr(result, name) for name in names})
