"""The robot's network: a G1 on DDS as the control loop sees it."""

from exoactor_rt.dds.connection import DdsSettings, connect, open_observer
from exoactor_rt.dds.damper import after_stop, damped, damper_path, standby
from exoactor_rt.dds.dds_import import load_dds
from exoactor_rt.dds.motion_mode import LIMP, motion_mode, release_motion_mode
from exoactor_rt.dds.options import (
    add_dds_options,
    add_driving_options,
    read_dds_settings,
    to_options,
)
from exoactor_rt.dds.robot_end import DdsRobotEnd

__all__ = [
    "LIMP",
    "DdsRobotEnd",
    "DdsSettings",
    "add_dds_options",
    "add_driving_options",
    "after_stop",
    "connect",
    "damped",
    "damper_path",
    "load_dds",
    "motion_mode",
    "open_observer",
    "read_dds_settings",
    "release_motion_mode",
    "standby",
    "to_options",
]
