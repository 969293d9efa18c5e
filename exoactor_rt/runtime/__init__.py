"""The control process: owns the robot, executes plans that come over the link, stands."""

from exoactor_rt.runtime.control_process import ControlOptions, ControlProcess
from exoactor_rt.runtime.control_session import ControlSession, OwnerLoss
from exoactor_rt.runtime.robot_end import RobotEnd

__all__ = [
    "ControlOptions",
    "ControlProcess",
    "ControlSession",
    "OwnerLoss",
    "RobotEnd",
]
