"""The robot's network: a G1 on DDS as the control loop sees it."""

from exoactor_rt.dds.connection import DdsSettings, connect
from exoactor_rt.dds.dds_import import load_dds
from exoactor_rt.dds.options import add_dds_options, read_dds_settings, to_options
from exoactor_rt.dds.robot_end import DdsRobotEnd

__all__ = [
    "DdsRobotEnd",
    "DdsSettings",
    "add_dds_options",
    "connect",
    "load_dds",
    "read_dds_settings",
    "to_options",
]
