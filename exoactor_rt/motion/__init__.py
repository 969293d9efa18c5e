"""Pose tracks and motion capture become world-grounded human motion."""

from exoactor_rt.motion.bvh_motion import load_bvh
from exoactor_rt.motion.motion_file import load_motion, save_motion
from exoactor_rt.motion.options import MotionOptions
from exoactor_rt.motion.recovery import Recovery, recover, recover_motion

__all__ = [
    "MotionOptions",
    "Recovery",
    "load_bvh",
    "load_motion",
    "recover",
    "recover_motion",
    "save_motion",
]
