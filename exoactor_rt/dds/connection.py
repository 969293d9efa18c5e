"""Which robot to talk to, and the first contact with it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from exoactor_rt import _core
from exoactor_rt.dds.dds_import import load_dds
from exoactor_rt.errors import HardwareError

if TYPE_CHECKING:
    from exoactor_rt._core.wire import IntakeLimits
    from exoactor_rt._dds import DdsObserver, DdsOptions, DdsRobot

_LOOK_S = 0.01
_ROBOT_DOMAIN = 0
_NONE = _core.wire.RobotProblem.NONE


@dataclass(frozen=True)
class DdsSettings:
    """Where the robot is and which hardware it must be.

    Attributes:
        domain: 0 is the robot's, 1 the simulator's by convention.
        network_interface: name of the interface the robot is on.
        peers: addresses, where multicast does not reach.
        mode_machine: the hardware revision; another one is refused.
        driven_record: the file by which `exoactor-damp` knows that the robot is driven; a robot
            that may be real is not driven without.
        need_real_time: do not drive such a robot without real-time rights.
        cpu: the control loop's, on which commands are then sent too; -1: on any.
    """

    domain: int = 1
    network_interface: str = "lo"
    peers: tuple[str, ...] = ()
    mode_machine: int = 5
    driven_record: Path | None = None
    need_real_time: bool = True
    cpu: int = -1

    @property
    def is_hardware(self) -> bool:
        """Whether it may be a real robot: on the robots' domain, or beyond this machine."""
        return self.domain == _ROBOT_DOMAIN or self.network_interface != "lo"

    def to_options(self) -> DdsOptions:
        """The same for the DDS module; raises HardwareError where there is none."""
        options: DdsOptions = load_dds().DdsOptions()
        options.domain = self.domain
        options.network_interface = self.network_interface
        options.peers = list(self.peers)
        return options

    def to_limits(self) -> IntakeLimits:
        """What the robot must be and how warm it may become."""
        limits = _core.wire.IntakeLimits()
        limits.mode_machine = self.mode_machine
        return limits


def open_observer(settings: DdsSettings) -> DdsObserver:
    """Opens an observer, which has no publisher; raises HardwareError as open_link does."""
    dds = load_dds()
    try:
        observer: DdsObserver = dds.DdsObserver(settings.to_options(), settings.to_limits())
    except (RuntimeError, ValueError) as error:
        raise HardwareError(f"domain {settings.domain}: {error}") from error
    return observer


def open_link(settings: DdsSettings) -> DdsRobot:
    """Opens the link; sends nothing.

    Raises:
        HardwareError: no DDS module, the network refuses, the file cannot be had, or nobody would
            damp a real robot after this process's end.
    """
    if settings.is_hardware and settings.driven_record is None:
        raise HardwareError(
            f"domain {settings.domain} on {settings.network_interface}: nobody would damp the "
            "robot after this process's end; not connected; `exoactor control` and `exoactor run` "
            "see to it"
        )
    dds = load_dds()
    record = str(settings.driven_record or "")
    options, limits = settings.to_options(), settings.to_limits()
    try:
        robot: DdsRobot = dds.DdsRobot(options, limits, driven_record=record, cpu=settings.cpu)
    except (RuntimeError, ValueError) as error:
        raise HardwareError(f"domain {settings.domain}: {error}") from error
    return robot


def await_usable(robot: DdsRobot, settings: DdsSettings, wait_s: float) -> None:
    """Waits until the robot is usable.

    Raises:
        HardwareError: it is not within `wait_s`, or there are two.
    """
    where = f"domain {settings.domain} on {settings.network_interface}"
    until_s = time.monotonic() + wait_s
    while robot.finding.problem != _NONE:
        if time.monotonic() > until_s:
            raise HardwareError(f"{where}: no usable robot within {wait_s:g} s: {robot.finding}")
        time.sleep(_LOOK_S)
    robots = robot.counts.state_writers
    if robots > 1:
        raise HardwareError(f"{where}: {robots} robots publish states, must be one; not connected")


def connect(settings: DdsSettings, wait_s: float = 5.0) -> DdsRobot:
    """Opens the link and waits for a usable robot; sends nothing.

    Raises:
        HardwareError: no DDS module, the network refuses, or no usable robot within `wait_s`.
    """
    robot = open_link(settings)
    await_usable(robot, settings, wait_s)
    return robot
