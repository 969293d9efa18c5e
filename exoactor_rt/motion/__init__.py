"""Pose tracks and motion capture become world-grounded human motion."""

from exoactor_rt.motion.bvh_motion import load_bvh
from exoactor_rt.motion.motion_file import load_motion, save_motion
from exoactor_rt.motion.options import MotionOptions

__all__ = ["MotionOptions", "load_bvh", "load_motion", "save_motion"]
