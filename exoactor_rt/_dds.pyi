"""
DDS: the robot's network. Built where CycloneDDS 0.10 is found.
"""

from __future__ import annotations
import collections.abc
import exoactor_rt._core.hal
import exoactor_rt._core.types
import exoactor_rt._core.wire
import typing

__all__: list[str] = [
    "BatteryReading",
    "DdsLinkCounts",
    "DdsObserver",
    "DdsOptions",
    "DdsRobot",
    "DdsSimulatedRobot",
    "LIBRARY_VERSION",
    "SimulatedLinkOptions",
]

class DdsOptions:
    """
    Where to find the robot.
    """

    network_interface: str
    def __init__(self) -> None: ...
    @property
    def domain(self) -> int: ...
    @domain.setter
    def domain(self, arg0: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    @property
    def peers(self) -> list[str]: ...
    @peers.setter
    def peers(self, arg0: collections.abc.Sequence[str]) -> None: ...
    @property
    def receive_priority(self) -> int: ...
    @receive_priority.setter
    def receive_priority(self, arg0: typing.SupportsInt | typing.SupportsIndex) -> None: ...

class DdsLinkCounts:
    """
    What went over the link, and who is on it.
    """
    @property
    def command_readers(self) -> int: ...
    @property
    def failed(self) -> int: ...
    @property
    def other_command_writers(self) -> int: ...
    @property
    def refused(self) -> int: ...
    @property
    def replaced(self) -> int: ...
    @property
    def sent(self) -> int: ...
    @property
    def state_writers(self) -> int: ...
    @property
    def states(self) -> exoactor_rt._core.wire.IntakeCounts: ...

class BatteryReading:
    @property
    def charge_percent(self) -> int: ...
    @property
    def current_a(self) -> float: ...
    @property
    def stamp_ns(self) -> int:
        """
        0: nothing heard
        """

class DdsRobot(exoactor_rt._core.hal.RobotInterface):
    """
    A G1 on DDS, real or simulated. Opening it sends nothing.
    """
    def __init__(
        self,
        options: DdsOptions,
        limits: exoactor_rt._core.wire.IntakeLimits,
        fifo_priority: typing.SupportsInt | typing.SupportsIndex = 80,
        driven_record: str = "",
        cpu: typing.SupportsInt | typing.SupportsIndex = -1,
    ) -> None: ...
    def health(self) -> exoactor_rt._core.types.RobotHealth | None:
        """
        The last health heard, or None.
        """
    def take_raw(self) -> tuple[dict, dict]:
        """
        States that came and commands that went since the last call, as bytes in memory: twice {now_ns [N], message [N, size] uint8}.
        """
    def take_side(self) -> dict:
        """
        What the robot told beside its states since the last call: name -> columns {now_ns [N], ...}, empty ones included.
        """
    @property
    def battery(self) -> BatteryReading: ...
    @property
    def counts(self) -> DdsLinkCounts: ...
    @property
    def finding(self) -> exoactor_rt._core.wire.RobotFinding:
        """
        What keeps the robot from being usable now.
        """
    @property
    def first_finding(self) -> exoactor_rt._core.wire.RobotFinding:
        """
        The first finding after commands were sent.
        """
    @property
    def raw_dropped(self) -> int:
        """
        Messages that take_raw() never tells, since the beginning: it was called too seldom.
        """

class DdsObserver:
    """
    Looks at a robot and sends nothing.
    """
    def __init__(
        self, options: DdsOptions, limits: exoactor_rt._core.wire.IntakeLimits
    ) -> None: ...
    def health(self) -> exoactor_rt._core.types.RobotHealth | None:
        """
        The last health heard, or None.
        """
    def measured(self) -> exoactor_rt._core.types.SensorState | None:
        """
        The last measurement of a usable robot, or None.
        """
    @property
    def battery(self) -> BatteryReading: ...
    @property
    def command_writers(self) -> int: ...
    @property
    def finding(self) -> exoactor_rt._core.wire.RobotFinding:
        """
        What keeps the robot from being usable now.
        """
    @property
    def peers(self) -> list[str]:
        """
        The other participants, a line each.
        """
    @property
    def state_writers(self) -> int: ...
    @property
    def states(self) -> exoactor_rt._core.wire.IntakeCounts: ...

class SimulatedLinkOptions:
    motion_mode: str
    def __init__(self) -> None: ...
    @property
    def command_timeout_ns(self) -> int: ...
    @command_timeout_ns.setter
    def command_timeout_ns(self, arg0: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    @property
    def mode_machine(self) -> int: ...
    @mode_machine.setter
    def mode_machine(self, arg0: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    @property
    def seed(self) -> int: ...
    @seed.setter
    def seed(self, arg0: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    @property
    def timeout_damping(self) -> float: ...
    @timeout_damping.setter
    def timeout_damping(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...

class DdsSimulatedRobot:
    """
    The robot's end of the link.
    """
    def __init__(self, options: DdsOptions, link: SimulatedLinkOptions) -> None: ...
    def act(
        self, now_ns: typing.SupportsInt | typing.SupportsIndex
    ) -> exoactor_rt._core.types.JointCommand | None:
        """
        What the motors do, or None as long as nothing moves them.
        """
    def publish(
        self,
        sensors: exoactor_rt._core.types.SensorState,
        health: exoactor_rt._core.types.RobotHealth,
        now_ns: typing.SupportsInt | typing.SupportsIndex,
    ) -> None: ...
    def publish_battery(
        self, charge_percent: typing.SupportsInt | typing.SupportsIndex
    ) -> None: ...
    def publish_hand(
        self,
        side: typing.SupportsInt | typing.SupportsIndex,
        position: typing.Annotated[
            collections.abc.Sequence[typing.SupportsFloat | typing.SupportsIndex], "FixedSize(7)"
        ],
    ) -> None:
        """
        A Dex3-1's motors, [7] rad; 0 left, 1 right.
        """
    def publish_torso_imu(
        self,
        quat_wxyz: typing.Annotated[
            collections.abc.Sequence[typing.SupportsFloat | typing.SupportsIndex], "FixedSize(4)"
        ],
        gyro: typing.Annotated[
            collections.abc.Sequence[typing.SupportsFloat | typing.SupportsIndex], "FixedSize(3)"
        ],
        accel: typing.Annotated[
            collections.abc.Sequence[typing.SupportsFloat | typing.SupportsIndex], "FixedSize(3)"
        ],
    ) -> None: ...
    def set_command_faults(self, faults: exoactor_rt._core.wire.ChannelFaults) -> None: ...
    def set_second_publisher(self, present: bool) -> None: ...
    def set_state_faults(self, faults: exoactor_rt._core.wire.ChannelFaults) -> None: ...
    @property
    def gate(self) -> exoactor_rt._core.wire.CommandGate:
        """
        A copy of the motors' end.
        """
    @property
    def ignored(self) -> int: ...
    @property
    def motion_mode(self) -> str: ...
    @property
    def published(self) -> int: ...

LIBRARY_VERSION: str = "0.10.2"
