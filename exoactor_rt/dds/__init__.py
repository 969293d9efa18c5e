"""The robot's network: a G1 on DDS as the control loop sees it."""

from exoactor_rt.dds.connection import DdsSettings, connect
from exoactor_rt.dds.dds_import import load_dds

__all__ = ["DdsSettings", "connect", "load_dds"]
