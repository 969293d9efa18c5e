"""A robot on DDS as the control process takes it."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from exoactor_rt._core.wire import RobotProblem
from exoactor_rt.dds.connection import DdsSettings, await_usable, open_link
from exoactor_rt.errors import HardwareError

if TYPE_CHECKING:
    from exoactor_rt._dds import DdsRobot

_LOG = logging.getLogger(__name__)
_USABLE_WITHIN_S = 5.0


class DdsRobotEnd:
    """Opening it sends nothing. What is wrong with the robot makes the guard damp; it is logged."""

    def __init__(self, settings: DdsSettings, driven_record: Path | None = None):
        """Opens the link.

        Args:
            settings: where the robot is.
            driven_record: where is kept that the robot is driven, for the damper that runs this
                process; a real robot is not driven without.

        Raises:
            HardwareError: the link cannot be opened.
        """
        if settings.is_hardware and driven_record is None:
            raise HardwareError(
                "control: nobody would damp the robot after this process's end; not connected; "
                "start it as `exoactor control`"
            )
        self._settings = settings
        self._robot = open_link(settings, driven_record)
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

    def start(self) -> None:
        """Waits for a usable robot; raises HardwareError."""
        await_usable(self._robot, self._settings, _USABLE_WITHIN_S)

    def let_go(self) -> None:
        """Nobody needs to damp after this process's end."""
        self._robot.let_go()

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
