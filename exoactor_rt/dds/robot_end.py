"""A robot on DDS as the control process takes it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import numpy.typing as npt

from exoactor_rt._core.wire import RobotProblem
from exoactor_rt.dds.connection import DdsSettings, await_usable, open_link

if TYPE_CHECKING:
    from exoactor_rt._dds import DdsRobot

Messages = dict[str, npt.NDArray[Any]]
"""now_ns [N] and message [N, size] uint8, or what was told [N] or [N, k]."""

_LOG = logging.getLogger(__name__)
_USABLE_WITHIN_S = 5.0


class DdsRobotEnd:
    """Opening it sends nothing. What is wrong with the robot makes the guard damp; it is logged."""

    def __init__(self, settings: DdsSettings):
        """Opens the link; raises HardwareError where that fails."""
        self._settings = settings
        self._robot = open_link(settings)
        self._told = RobotProblem.NONE

    @property
    def description(self) -> str:
        """Where it is."""
        return f"G1 on DDS domain {self._settings.domain}, {self._settings.network_interface}"

    @property
    def interface(self) -> DdsRobot:
        """The link."""
        return self._robot

    @property
    def is_hardware(self) -> bool:
        """Whether it may be a real robot."""
        return self._settings.is_hardware

    def take_raw(self) -> tuple[Messages, Messages]:
        """States that came and commands that went since the last call, as bytes."""
        return self._robot.take_raw()

    def take_side(self) -> dict[str, Messages]:
        """What it told beside that since the last call: name -> columns."""
        return self._robot.take_side()

    @property
    def raw_dropped(self) -> int:
        """Messages that were lost before they were taken, since the beginning."""
        return self._robot.raw_dropped

    def start(self) -> None:
        """Waits for a usable robot; raises HardwareError."""
        await_usable(self._robot, self._settings, _USABLE_WITHIN_S)

    def stop(self) -> None:
        """Nothing is left to do: the loop has damped."""

    def fault(self) -> str:
        """None ends the process: the guard damps for as long as it runs."""
        finding = self._robot.finding
        if finding.problem != self._told:
            self._told = finding.problem
            if finding.problem != RobotProblem.NONE:
                _LOG.error("robot=%r", str(finding))
        return ""
