"""A robot as the control process takes it: the loop's interface and its life."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from exoactor_rt._core.hal import RobotInterface
from exoactor_rt.recorder.tick_table import Columns


class RobotEnd(Protocol):
    """One robot, simulated or real."""

    @property
    def description(self) -> str:
        """In a few words, for people."""

    @property
    def interface(self) -> RobotInterface:
        """What the control loop reads and writes."""

    @property
    def is_hardware(self) -> bool:
        """Whether people can be hurt: real-time rights are then required."""

    def take_raw(self) -> tuple[Columns, Columns] | None:
        """States that came and commands that went since the last call, as bytes; None: no such."""

    def take_side(self) -> Mapping[str, Columns]:
        """What it told beside that since the last call, by name; see DdsRobot.take_side."""

    @property
    def raw_dropped(self) -> int:
        """Messages that were lost before they were taken, since the beginning."""

    def start(self) -> None:
        """Begins to measure; raises HardwareError when the robot is not usable."""

    def stop(self) -> None:
        """Lets go of the robot, after the control loop has ended."""

    def fault(self) -> str:
        """What is wrong with the robot beyond what the guard sees; empty when nothing is."""
