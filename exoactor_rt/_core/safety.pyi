"""
The guard: what may be sent to the motors.
"""

from __future__ import annotations
import exoactor_rt._core.types
import numpy
import numpy.typing
import typing

__all__: list[str] = [
    "Guard",
    "GuardContext",
    "GuardLimits",
    "GuardState",
    "GuardStatus",
    "Trip",
    "TripCause",
    "find_fault",
    "is_driven",
]

class GuardLimits:
    """
    What the guard allows; [29] values in SDK order.
    """
    def __init__(self) -> None:
        """
        The joint table's limits with the defaults.
        """
    @property
    def battery_percent(self) -> int: ...
    @battery_percent.setter
    def battery_percent(self, arg0: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    @property
    def battery_reserve_percent(self) -> int: ...
    @battery_reserve_percent.setter
    def battery_reserve_percent(self, arg0: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    @property
    def command_age_ns(self) -> int: ...
    @command_age_ns.setter
    def command_age_ns(self, arg0: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    @property
    def command_gap_ns(self) -> int: ...
    @command_gap_ns.setter
    def command_gap_ns(self, arg0: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    @property
    def command_speed(self) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[29, 1]"]:
        """
        [29] rad/s
        """
    @command_speed.setter
    def command_speed(
        self, arg1: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[29, 1]"]
    ) -> None: ...
    @property
    def commands_ahead(self) -> float: ...
    @commands_ahead.setter
    def commands_ahead(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def crc_errors(self) -> int: ...
    @crc_errors.setter
    def crc_errors(self, arg0: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    @property
    def damping(self) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[29, 1]"]:
        """
        [29] Nm s/rad
        """
    @damping.setter
    def damping(
        self, arg1: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[29, 1]"]
    ) -> None: ...
    @property
    def damping_command(self) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[29, 1]"]:
        """
        [29] Nm s/rad
        """
    @damping_command.setter
    def damping_command(
        self, arg1: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[29, 1]"]
    ) -> None: ...
    @property
    def debounce_ticks(self) -> int: ...
    @debounce_ticks.setter
    def debounce_ticks(self, arg0: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    @property
    def gyro_rad_s(self) -> float: ...
    @gyro_rad_s.setter
    def gyro_rad_s(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def heartbeat_ns(self) -> int: ...
    @heartbeat_ns.setter
    def heartbeat_ns(self, arg0: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    @property
    def imu_frozen_ns(self) -> int: ...
    @imu_frozen_ns.setter
    def imu_frozen_ns(self, arg0: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    @property
    def measured_speed(self) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[29, 1]"]:
        """
        [29] rad/s
        """
    @measured_speed.setter
    def measured_speed(
        self, arg1: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[29, 1]"]
    ) -> None: ...
    @property
    def mode_machine(self) -> int: ...
    @mode_machine.setter
    def mode_machine(self, arg0: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    @property
    def overruns(self) -> float: ...
    @overruns.setter
    def overruns(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def period_ns(self) -> int: ...
    @period_ns.setter
    def period_ns(self, arg0: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    @property
    def plan_age_ns(self) -> int: ...
    @plan_age_ns.setter
    def plan_age_ns(self, arg0: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    @property
    def position_lower(self) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[29, 1]"]:
        """
        [29] rad
        """
    @position_lower.setter
    def position_lower(
        self, arg1: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[29, 1]"]
    ) -> None: ...
    @property
    def position_margin_rad(self) -> float: ...
    @position_margin_rad.setter
    def position_margin_rad(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def position_overrun_rad(self) -> float: ...
    @position_overrun_rad.setter
    def position_overrun_rad(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def position_upper(self) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[29, 1]"]:
        """
        [29] rad
        """
    @position_upper.setter
    def position_upper(
        self, arg1: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[29, 1]"]
    ) -> None: ...
    @property
    def quaternion_norm_error(self) -> float: ...
    @quaternion_norm_error.setter
    def quaternion_norm_error(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def speed_ceiling(self) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[29, 1]"]:
        """
        [29] rad/s, up to which measured_speed may be raised for a tracker
        """
    @speed_ceiling.setter
    def speed_ceiling(
        self, arg1: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[29, 1]"]
    ) -> None: ...
    @property
    def state_age_ns(self) -> int: ...
    @state_age_ns.setter
    def state_age_ns(self, arg0: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    @property
    def stiffness(self) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[29, 1]"]:
        """
        [29] Nm/rad
        """
    @stiffness.setter
    def stiffness(
        self, arg1: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[29, 1]"]
    ) -> None: ...
    @property
    def surface_temperature_c(self) -> int: ...
    @surface_temperature_c.setter
    def surface_temperature_c(self, arg0: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    @property
    def surface_warm_c(self) -> int: ...
    @surface_warm_c.setter
    def surface_warm_c(self, arg0: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    @property
    def sustained_speed(self) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[29, 1]"]:
        """
        [29] rad/s, of the running mean
        """
    @sustained_speed.setter
    def sustained_speed(
        self, arg1: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[29, 1]"]
    ) -> None: ...
    @property
    def sustained_time_s(self) -> float: ...
    @sustained_time_s.setter
    def sustained_time_s(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def target_age_ns(self) -> int: ...
    @target_age_ns.setter
    def target_age_ns(self, arg0: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    @property
    def tilt_rad(self) -> float: ...
    @tilt_rad.setter
    def tilt_rad(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def torque(self) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[29, 1]"]:
        """
        [29] Nm
        """
    @torque.setter
    def torque(
        self, arg1: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[29, 1]"]
    ) -> None: ...
    @property
    def torque_step(self) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[29, 1]"]:
        """
        [29] Nm, of feed-forward + spring, a tick
        """
    @torque_step.setter
    def torque_step(
        self, arg1: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[29, 1]"]
    ) -> None: ...
    @property
    def winding_temperature_c(self) -> int: ...
    @winding_temperature_c.setter
    def winding_temperature_c(self, arg0: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    @property
    def winding_warm_c(self) -> int: ...
    @winding_warm_c.setter
    def winding_warm_c(self, arg0: typing.SupportsInt | typing.SupportsIndex) -> None: ...

class GuardState:
    """
    Members:

      SILENT

      HOLD

      DAMPING

      READY

      RUN

      POSE
    """

    DAMPING: typing.ClassVar[GuardState]
    HOLD: typing.ClassVar[GuardState]
    POSE: typing.ClassVar[GuardState]
    READY: typing.ClassVar[GuardState]
    RUN: typing.ClassVar[GuardState]
    SILENT: typing.ClassVar[GuardState]
    __members__: typing.ClassVar[dict[str, GuardState]]
    @typing.overload
    def __eq__(self, other: GuardState) -> bool: ...
    @typing.overload
    def __eq__(self, other: typing.Any) -> bool: ...
    def __getstate__(self) -> int: ...
    def __hash__(self) -> int: ...
    def __index__(self) -> int: ...
    def __init__(self, value: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    def __int__(self) -> int: ...
    @typing.overload
    def __ne__(self, other: GuardState) -> bool: ...
    @typing.overload
    def __ne__(self, other: typing.Any) -> bool: ...
    def __repr__(self) -> str: ...
    def __setstate__(self, state: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    def __str__(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def value(self) -> int: ...

class TripCause:
    """
    Members:

      NONE

      STATE_NOT_FINITE

      COMMAND_NOT_FINITE

      STATE_AGE

      COMMAND_AGE

      CLOCK

      ATTITUDE

      STIFFNESS

      DAMPING

      JOINT_POSITION

      JOINT_SPEED

      TILT

      GYRO

      CONTROLLER

      REQUESTED

      SUSTAINED_SPEED

      COMMAND_RATE

      COMMAND_GAP

      TARGET_AGE

      IMU_FROZEN

      MOTOR_HOT

      MOTOR_FAULT

      BATTERY_LOW

      MODE_CHANGED

      SECOND_PUBLISHER

      CRC_ERRORS

      REMOTE_ABORT

      EMERGENCY_STOP

      MOTOR_WARM

      BATTERY_RESERVE

      OVERRUNS

      PLAN_AGE

      HEARTBEAT
    """

    ATTITUDE: typing.ClassVar[TripCause]
    BATTERY_LOW: typing.ClassVar[TripCause]
    BATTERY_RESERVE: typing.ClassVar[TripCause]
    CLOCK: typing.ClassVar[TripCause]
    COMMAND_AGE: typing.ClassVar[TripCause]
    COMMAND_GAP: typing.ClassVar[TripCause]
    COMMAND_NOT_FINITE: typing.ClassVar[TripCause]
    COMMAND_RATE: typing.ClassVar[TripCause]
    CONTROLLER: typing.ClassVar[TripCause]
    CRC_ERRORS: typing.ClassVar[TripCause]
    DAMPING: typing.ClassVar[TripCause]
    EMERGENCY_STOP: typing.ClassVar[TripCause]
    GYRO: typing.ClassVar[TripCause]
    HEARTBEAT: typing.ClassVar[TripCause]
    IMU_FROZEN: typing.ClassVar[TripCause]
    JOINT_POSITION: typing.ClassVar[TripCause]
    JOINT_SPEED: typing.ClassVar[TripCause]
    MODE_CHANGED: typing.ClassVar[TripCause]
    MOTOR_FAULT: typing.ClassVar[TripCause]
    MOTOR_HOT: typing.ClassVar[TripCause]
    MOTOR_WARM: typing.ClassVar[TripCause]
    NONE: typing.ClassVar[TripCause]
    OVERRUNS: typing.ClassVar[TripCause]
    PLAN_AGE: typing.ClassVar[TripCause]
    REMOTE_ABORT: typing.ClassVar[TripCause]
    REQUESTED: typing.ClassVar[TripCause]
    SECOND_PUBLISHER: typing.ClassVar[TripCause]
    STATE_AGE: typing.ClassVar[TripCause]
    STATE_NOT_FINITE: typing.ClassVar[TripCause]
    STIFFNESS: typing.ClassVar[TripCause]
    SUSTAINED_SPEED: typing.ClassVar[TripCause]
    TARGET_AGE: typing.ClassVar[TripCause]
    TILT: typing.ClassVar[TripCause]
    __members__: typing.ClassVar[dict[str, TripCause]]
    @typing.overload
    def __eq__(self, other: TripCause) -> bool: ...
    @typing.overload
    def __eq__(self, other: typing.Any) -> bool: ...
    def __getstate__(self) -> int: ...
    def __hash__(self) -> int: ...
    def __index__(self) -> int: ...
    def __init__(self, value: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    def __int__(self) -> int: ...
    @typing.overload
    def __ne__(self, other: TripCause) -> bool: ...
    @typing.overload
    def __ne__(self, other: typing.Any) -> bool: ...
    def __repr__(self) -> str: ...
    def __setstate__(self, state: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    def __str__(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def value(self) -> int: ...

class Trip:
    def __bool__(self) -> bool:
        """
        Whether there is one.
        """
    def __str__(self) -> str: ...
    @property
    def allowed(self) -> float: ...
    @property
    def cause(self) -> TripCause: ...
    @property
    def got(self) -> float: ...
    @property
    def joint(self) -> int:
        """
        SDK order; -1 where no joint is concerned
        """
    @property
    def stamp_ns(self) -> int: ...

class GuardStatus:
    @property
    def clamped_position(self) -> int: ...
    @property
    def clamped_torque(self) -> int: ...
    @property
    def clamped_velocity(self) -> int: ...
    @property
    def concern(self) -> Trip:
        """
        What asks for a controlled stop and forbids tasks and arming.
        """
    @property
    def emergency(self) -> bool:
        """
        Emergency stop: damping until cleared by hand.
        """
    @property
    def may_send(self) -> bool: ...
    @property
    def state(self) -> GuardState: ...
    @property
    def stop_requested(self) -> bool:
        """
        Before the first arming: arming is refused until reset.
        """
    @property
    def trip(self) -> Trip: ...
    @property
    def wants_stop(self) -> bool: ...

class GuardContext:
    """
    What the guard is told beside command and measurement; stamps ns, 0: there is none.
    """

    health: exoactor_rt._core.types.RobotHealth
    task: bool
    def __init__(self) -> None: ...
    @property
    def heartbeat_ns(self) -> int: ...
    @heartbeat_ns.setter
    def heartbeat_ns(self, arg0: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    @property
    def progress_ns(self) -> int: ...
    @progress_ns.setter
    def progress_ns(self, arg0: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    @property
    def target_ns(self) -> int: ...
    @target_ns.setter
    def target_ns(self, arg0: typing.SupportsInt | typing.SupportsIndex) -> None: ...

class Guard:
    """
    States and checks; fails closed. See docs/safety.md.
    """
    def __init__(self, limits: GuardLimits = ...) -> None: ...
    def arm(self, now_ns: typing.SupportsInt | typing.SupportsIndex) -> bool:
        """
        Silent or ready -> hold; False unless there, after a healthy, fresh state.
        """
    def clear_emergency(self) -> None: ...
    def damp(
        self, now_ns: typing.SupportsInt | typing.SupportsIndex, cause: TripCause = ...
    ) -> None: ...
    def enforce(
        self,
        wanted: exoactor_rt._core.types.JointCommand,
        measured: exoactor_rt._core.types.SensorState,
        now_ns: typing.SupportsInt | typing.SupportsIndex,
        context: GuardContext = ...,
    ) -> tuple[exoactor_rt._core.types.JointCommand, GuardStatus]:
        """
        Returns (allowed command, GuardStatus).
        """
    def enforce_recorded(
        self,
        columns: dict,
        begin: typing.SupportsInt | typing.SupportsIndex,
        end: typing.SupportsInt | typing.SupportsIndex,
    ) -> dict:
        """
        The columns of what is sent and decided for a log's rows.
        """
    def pose(self, now_ns: typing.SupportsInt | typing.SupportsIndex) -> bool:
        """
        Silent or ready -> pose; False as arm().
        """
    def raise_speed(
        self, declared: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[29, 1]"]
    ) -> None:
        """
        Lets joints move up to [29] rad/s, capped by limits.speed_ceiling.
        """
    def reset(self, now_ns: typing.SupportsInt | typing.SupportsIndex) -> None:
        """
        One step down: driven -> damping -> ready -> silent.
        """
    def restore_speed(self) -> None: ...
    def stop_for_good(self, now_ns: typing.SupportsInt | typing.SupportsIndex) -> None:
        """
        Emergency stop.
        """
    @property
    def speed_limit(self) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[29, 1]"]:
        """
        [29] rad/s, in force
        """
    @property
    def status(self) -> GuardStatus: ...

def find_fault(limits: GuardLimits) -> str:
    """
    Empty when the limits can be enforced.
    """

def is_driven(state: typing.Annotated[numpy.typing.ArrayLike, numpy.int32]) -> typing.Any:
    """
    Whether commands go through: a state's number, or an array.
    """
