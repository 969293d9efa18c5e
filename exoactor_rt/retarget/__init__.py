"""Retargeting: HumanMotion -> Reference."""

from exoactor_rt._core.retarget import Kinematics, RetargetOptions, SelfCollision
from exoactor_rt.retarget.arm_clearance import arm_gap_m, clear_arms
from exoactor_rt.retarget.reference_file import load_reference, save_reference
from exoactor_rt.retarget.retargeting import (
    RetargetReport,
    retarget_motion,
    retarget_with_report,
)
from exoactor_rt.retarget.robot_geometry import kinematics, self_collision

__all__ = [
    "Kinematics",
    "RetargetOptions",
    "RetargetReport",
    "SelfCollision",
    "arm_gap_m",
    "clear_arms",
    "kinematics",
    "load_reference",
    "retarget_motion",
    "retarget_with_report",
    "save_reference",
    "self_collision",
]
