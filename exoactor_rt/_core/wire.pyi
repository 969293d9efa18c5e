"""
The robot's messages, without a network.
"""

from __future__ import annotations
import collections.abc
import exoactor_rt._core.types
import typing

__all__: list[str] = [
    "ChannelFaults",
    "CommandFault",
    "CommandGate",
    "IntakeCounts",
    "IntakeLimits",
    "LOW_CMD_SIZE",
    "LOW_STATE_SIZE",
    "LossyStateChannel",
    "RobotFinding",
    "RobotProblem",
    "StateIntake",
    "crc32",
    "decode_command",
    "decode_state",
    "encode_command",
    "encode_state",
    "is_supported_revision",
]

class RobotProblem:
    """
    Why a robot does not count as usable.

    Members:

      NONE

      NO_STATE

      MODE_MACHINE

      REMOTE_ABORT

      MOTOR_FAULT

      WINDING_HOT

      SURFACE_HOT

      LOW_BATTERY

      SECOND_PUBLISHER
    """

    LOW_BATTERY: typing.ClassVar[RobotProblem]
    MODE_MACHINE: typing.ClassVar[RobotProblem]
    MOTOR_FAULT: typing.ClassVar[RobotProblem]
    NONE: typing.ClassVar[RobotProblem]
    NO_STATE: typing.ClassVar[RobotProblem]
    REMOTE_ABORT: typing.ClassVar[RobotProblem]
    SECOND_PUBLISHER: typing.ClassVar[RobotProblem]
    SURFACE_HOT: typing.ClassVar[RobotProblem]
    WINDING_HOT: typing.ClassVar[RobotProblem]
    __members__: typing.ClassVar[dict[str, RobotProblem]]
    @typing.overload
    def __eq__(self, other: RobotProblem) -> bool: ...
    @typing.overload
    def __eq__(self, other: typing.Any) -> bool: ...
    def __getstate__(self) -> int: ...
    def __hash__(self) -> int: ...
    def __index__(self) -> int: ...
    def __init__(self, value: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    def __int__(self) -> int: ...
    @typing.overload
    def __ne__(self, other: RobotProblem) -> bool: ...
    @typing.overload
    def __ne__(self, other: typing.Any) -> bool: ...
    def __repr__(self) -> str: ...
    def __setstate__(self, state: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    def __str__(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def value(self) -> int: ...

class RobotFinding:
    """
    What is wrong, on which joint, by how much.
    """
    def __str__(self) -> str: ...
    @property
    def allowed(self) -> float: ...
    @property
    def got(self) -> float: ...
    @property
    def joint(self) -> int: ...
    @property
    def problem(self) -> RobotProblem: ...

class IntakeLimits:
    """
    What the robot must be and how warm it may become.
    """
    def __init__(self) -> None: ...
    @property
    def battery_percent(self) -> int: ...
    @battery_percent.setter
    def battery_percent(self, arg0: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    @property
    def debounce_messages(self) -> int: ...
    @debounce_messages.setter
    def debounce_messages(self, arg0: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    @property
    def mode_machine(self) -> int: ...
    @mode_machine.setter
    def mode_machine(self, arg0: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    @property
    def restart_ns(self) -> int: ...
    @restart_ns.setter
    def restart_ns(self, arg0: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    @property
    def surface_temperature_c(self) -> int: ...
    @surface_temperature_c.setter
    def surface_temperature_c(self, arg0: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    @property
    def winding_temperature_c(self) -> int: ...
    @winding_temperature_c.setter
    def winding_temperature_c(self, arg0: typing.SupportsInt | typing.SupportsIndex) -> None: ...

class IntakeCounts:
    """
    Messages since start.
    """
    @property
    def accepted(self) -> int: ...
    @property
    def bad_crc(self) -> int: ...
    @property
    def not_newer(self) -> int: ...
    @property
    def received(self) -> int: ...
    @property
    def withheld(self) -> int: ...

class StateIntake:
    """
    Drops what is damaged or old, withholds what is unfit.
    """
    def __init__(self, limits: IntakeLimits = ...) -> None: ...
    def accept(
        self, message: bytes, now_ns: typing.SupportsInt | typing.SupportsIndex
    ) -> exoactor_rt._core.types.SensorState | None:
        """
        The measurement to act on, or None.
        """
    @property
    def counts(self) -> IntakeCounts: ...
    @property
    def finding(self) -> RobotFinding: ...
    @property
    def is_identified(self) -> bool: ...

class CommandFault:
    """
    Why a simulated robot does not obey a command.

    Members:

      NONE

      CRC

      MODE

      MODE_MACHINE

      NOT_FINITE

      OUT_OF_LIMITS
    """

    CRC: typing.ClassVar[CommandFault]
    MODE: typing.ClassVar[CommandFault]
    MODE_MACHINE: typing.ClassVar[CommandFault]
    NONE: typing.ClassVar[CommandFault]
    NOT_FINITE: typing.ClassVar[CommandFault]
    OUT_OF_LIMITS: typing.ClassVar[CommandFault]
    __members__: typing.ClassVar[dict[str, CommandFault]]
    @typing.overload
    def __eq__(self, other: CommandFault) -> bool: ...
    @typing.overload
    def __eq__(self, other: typing.Any) -> bool: ...
    def __getstate__(self) -> int: ...
    def __hash__(self) -> int: ...
    def __index__(self) -> int: ...
    def __init__(self, value: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    def __int__(self) -> int: ...
    @typing.overload
    def __ne__(self, other: CommandFault) -> bool: ...
    @typing.overload
    def __ne__(self, other: typing.Any) -> bool: ...
    def __repr__(self) -> str: ...
    def __setstate__(self, state: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    def __str__(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def value(self) -> int: ...

class CommandGate:
    """
    How a simulated robot's motors take commands.
    """
    def __init__(
        self,
        mode_machine: typing.SupportsInt | typing.SupportsIndex,
        timeout_ns: typing.SupportsInt | typing.SupportsIndex,
        damping: typing.SupportsFloat | typing.SupportsIndex,
    ) -> None: ...
    def act(
        self, now_ns: typing.SupportsInt | typing.SupportsIndex
    ) -> exoactor_rt._core.types.JointCommand | None:
        """
        What the motors do, or None before the first good command.
        """
    def take(self, message: bytes, now_ns: typing.SupportsInt | typing.SupportsIndex) -> bool:
        """
        Whether it is obeyed.
        """
    @property
    def counts(self) -> typing.Annotated[list[int], "FixedSize(6)"]:
        """
        By CommandFault.
        """
    @property
    def is_damped(self) -> bool: ...
    @property
    def longest_gap_ns(self) -> int: ...
    @property
    def timed_out(self) -> bool: ...

class ChannelFaults:
    """
    Shares 0..1 of the messages.
    """
    def __init__(self) -> None: ...
    @property
    def corrupt(self) -> float: ...
    @corrupt.setter
    def corrupt(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def delay_ns(self) -> int: ...
    @delay_ns.setter
    def delay_ns(self, arg0: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    @property
    def drop(self) -> float: ...
    @drop.setter
    def drop(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def duplicate(self) -> float: ...
    @duplicate.setter
    def duplicate(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def reorder(self) -> float: ...
    @reorder.setter
    def reorder(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...

class LossyStateChannel:
    """
    Messages get lost, late, doubled, swapped, damaged.
    """
    def __init__(self, seed: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    def receive(self, now_ns: typing.SupportsInt | typing.SupportsIndex) -> bytes | None:
        """
        The next message that is due, or None.
        """
    def send(self, message: bytes, now_ns: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    def set_faults(self, faults: ChannelFaults) -> None: ...

def crc32(words: collections.abc.Sequence[typing.SupportsInt | typing.SupportsIndex]) -> int:
    """
    CRC of 32-bit words, the high byte of each first.
    """

def decode_command(
    message: bytes, stamp_ns: typing.SupportsInt | typing.SupportsIndex
) -> exoactor_rt._core.types.JointCommand:
    """
    The command in a LowCmd, unchecked.
    """

def decode_state(
    message: bytes, stamp_ns: typing.SupportsInt | typing.SupportsIndex
) -> tuple[exoactor_rt._core.types.SensorState, exoactor_rt._core.types.RobotHealth] | None:
    """
    The measurement in a LowState, or None when its CRC is wrong.
    """

def encode_command(
    command: exoactor_rt._core.types.JointCommand,
    mode_machine: typing.SupportsInt | typing.SupportsIndex,
) -> bytes:
    """
    The LowCmd for a command, [1004] bytes.
    """

def encode_state(
    sensors: exoactor_rt._core.types.SensorState, health: exoactor_rt._core.types.RobotHealth
) -> bytes:
    """
    The LowState for a measurement, [2092] bytes.
    """

def is_supported_revision(mode_machine: typing.SupportsInt | typing.SupportsIndex) -> bool: ...

LOW_CMD_SIZE: int = 1004
LOW_STATE_SIZE: int = 2092
