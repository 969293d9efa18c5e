"""Arms kept off the body in a motion that was not retargeted here."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from exoactor_rt._core.retarget import RetargetOptions
from exoactor_rt._core.retarget import clear_arms as _clear_arms
from exoactor_rt.retarget.robot_geometry import kinematics, self_collision
from exoactor_rt.types import FloatArray, Reference

CLEARANCE_M = 0.01
"""As much as the controller's own barrier keeps."""


def arm_gap_m(reference: Reference) -> FloatArray:
    """[T] m, the smallest gap between parts of the robot; negative where they overlap."""
    return np.asarray(
        self_collision().smallest_gap_m(
            kinematics(),
            reference.root_position_in_world,
            reference.quat_world_root_wxyz,
            reference.joint_position,
        )
    )


def clear_arms(reference: Reference) -> Reference:
    """The motion with its arms moved off the body the least way, smoothly; all else stays.

    Args:
        reference: finite, its arrays of one length.
    """
    options = RetargetOptions()
    joints = _clear_arms(
        kinematics(),
        self_collision(),
        reference.rate_hz,
        reference.root_position_in_world,
        reference.quat_world_root_wxyz,
        reference.joint_position,
        CLEARANCE_M,
        options.smoothing_s,
        options.velocity_fraction,
    )
    return replace(reference, joint_position=joints)
