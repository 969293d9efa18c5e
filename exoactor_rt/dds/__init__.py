"""The robot's network: a G1 on DDS as the control loop sees it."""

from exoactor_rt.dds.connection import DdsSettings, connect, open_observer
from exoactor_rt.dds.damper import damped, damper_path
from exoactor_rt.dds.dds_import import load_dds
from exoactor_rt.dds.options import add_dds_options, read_dds_settings, to_options
from exoactor_rt.dds.robot_end import DdsRobotEnd

__all__ = [
    "DdsRobotEnd",
    "DdsSettings",
    "add_dds_options",
    "connect",
    "damped",
    "damper_path",
    "load_dds",
    "open_observer",
    "read_dds_settings",
    "to_options",
]
