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
    "MOTOR_TIMEOUT_FAULT",
    "RemoteButton",
    "RemoteController",
    "RobotFinding",
    "RobotHealth",
    "RobotProblem",
    "StateIntake",
    "crc32",
    "decode_command",
    "decode_state",
    "encode_command",
    "encode_state",
    "is_supported_revision",
]

class RemoteButton:
    """
    Bits of RemoteController.buttons.

    Members:

      R1

      L1

      START

      SELECT

      R2

      L2

      F1

      F2

      A

      B

      X

      Y

      UP

      RIGHT

      DOWN

      LEFT
    """

    A: typing.ClassVar[RemoteButton]
    B: typing.ClassVar[RemoteButton]
    DOWN: typing.ClassVar[RemoteButton]
    F1: typing.ClassVar[RemoteButton]
    F2: typing.ClassVar[RemoteButton]
    L1: typing.ClassVar[RemoteButton]
    L2: typing.ClassVar[RemoteButton]
    LEFT: typing.ClassVar[RemoteButton]
    R1: typing.ClassVar[RemoteButton]
    R2: typing.ClassVar[RemoteButton]
    RIGHT: typing.ClassVar[RemoteButton]
    SELECT: typing.ClassVar[RemoteButton]
    START: typing.ClassVar[RemoteButton]
    UP: typing.ClassVar[RemoteButton]
    X: typing.ClassVar[RemoteButton]
    Y: typing.ClassVar[RemoteButton]
    __members__: typing.ClassVar[dict[str, RemoteButton]]
    @typing.overload
    def __eq__(self, other: RemoteButton) -> bool: ...
    @typing.overload
    def __eq__(self, other: typing.Any) -> bool: ...
    def __getstate__(self) -> int: ...
    def __hash__(self) -> int: ...
    def __index__(self) -> int: ...
    def __init__(self, value: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    def __int__(self) -> int: ...
    @typing.overload
    def __ne__(self, other: RemoteButton) -> bool: ...
    @typing.overload
    def __ne__(self, other: typing.Any) -> bool: ...
    def __repr__(self) -> str: ...
    def __setstate__(self, state: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    def __str__(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def value(self) -> int: ...

class RemoteController:
    def __init__(self) -> None: ...
    def is_pressed(self, button: RemoteButton) -> bool: ...
    @property
    def buttons(self) -> int: ...
    @buttons.setter
    def buttons(self, arg0: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    @property
    def is_abort(self) -> bool:
        """
        L2 and B together.
        """
    @property
    def left_x(self) -> float: ...
    @left_x.setter
    def left_x(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def left_y(self) -> float: ...
    @left_y.setter
    def left_y(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def right_x(self) -> float: ...
    @right_x.setter
    def right_x(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def right_y(self) -> float: ...
    @right_y.setter
    def right_y(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...

class RobotHealth:
    """
    What a LowState tells beside the measurement.
    """

    remote: RemoteController
    def __init__(self) -> None: ...
    @property
    def imu_temperature_c(self) -> int: ...
    @imu_temperature_c.setter
    def imu_temperature_c(self, arg0: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    @property
    def mode_machine(self) -> int: ...
    @mode_machine.setter
    def mode_machine(self, arg0: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    @property
    def motor_fault(self) -> typing.Annotated[list[int], "FixedSize(29)"]:
        """
        [29] bits
        """
    @motor_fault.setter
    def motor_fault(
        self,
        arg0: typing.Annotated[
            collections.abc.Sequence[typing.SupportsInt | typing.SupportsIndex], "FixedSize(29)"
        ],
    ) -> None: ...
    @property
    def stamp_ns(self) -> int: ...
    @stamp_ns.setter
    def stamp_ns(self, arg0: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    @property
    def surface_temperature_c(self) -> typing.Annotated[list[int], "FixedSize(29)"]: ...
    @surface_temperature_c.setter
    def surface_temperature_c(
        self,
        arg0: typing.Annotated[
            collections.abc.Sequence[typing.SupportsInt | typing.SupportsIndex], "FixedSize(29)"
        ],
    ) -> None: ...
    @property
    def tick_ms(self) -> int: ...
    @tick_ms.setter
    def tick_ms(self, arg0: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    @property
    def winding_temperature_c(self) -> typing.Annotated[list[int], "FixedSize(29)"]: ...
    @winding_temperature_c.setter
    def winding_temperature_c(
        self,
        arg0: typing.Annotated[
            collections.abc.Sequence[typing.SupportsInt | typing.SupportsIndex], "FixedSize(29)"
        ],
    ) -> None: ...

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
) -> tuple[exoactor_rt._core.types.SensorState, RobotHealth] | None:
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

def encode_state(sensors: exoactor_rt._core.types.SensorState, health: RobotHealth) -> bytes:
    """
    The LowState for a measurement, [2092] bytes.
    """

def is_supported_revision(mode_machine: typing.SupportsInt | typing.SupportsIndex) -> bool: ...

LOW_CMD_SIZE: int = 1004
LOW_STATE_SIZE: int = 2092
MOTOR_TIMEOUT_FAULT: int = 1073741824
