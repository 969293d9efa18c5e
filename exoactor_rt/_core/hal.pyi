"""
Robots as the control loop sees them.
"""

from __future__ import annotations
import exoactor_rt._core.types
import numpy
import numpy.typing
import typing

__all__: list[str] = ["ExchangeRobot", "MockRobot", "RobotInterface", "stress_exchange"]

class RobotInterface:
    pass

class ExchangeRobot(RobotInterface):
    """
    The other end is another thread: it feeds sensors, takes commands.
    """
    def __init__(self) -> None: ...
    def feed(self, state: exoactor_rt._core.types.SensorState) -> None: ...
    def feed_health(self, health: exoactor_rt._core.types.RobotHealth) -> None: ...
    def take(self) -> typing.Any:
        """
        The latest command, or None as long as there has been none.
        """
    @property
    def commands_written(self) -> int: ...

class MockRobot(RobotInterface):
    """
    Keeps still in its posture whatever it is told.
    """
    def __init__(
        self,
        posture: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[29, 1]"],
        joint_torque: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[29, 1]"],
    ) -> None:
        """
        `joint_torque` tells how it is borne: zero when it hangs.
        """
    @property
    def last_command(self) -> exoactor_rt._core.types.JointCommand:
        """
        A copy.
        """

def stress_exchange(writes: typing.SupportsInt | typing.SupportsIndex) -> dict:
    """
    Two threads on one exchange; returns counts of reads, torn reads and steps back.
    """
