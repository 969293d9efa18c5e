"""
The whole-body controller.
"""

from __future__ import annotations
import collections.abc
import exoactor_rt._core.model
import exoactor_rt._core.types
import numpy
import numpy.typing
import typing

__all__: list[str] = [
    "Activity",
    "ControlStatus",
    "ControlTelemetry",
    "Driver",
    "TARGET_LATE_NS",
    "TARGET_LOST_NS",
    "WbcGains",
    "WholeBodyController",
    "blend_commands",
    "find_plan_defect",
    "replay_times",
    "standing_posture",
]

class Activity:
    """
    Members:

      HOLD

      STANCE

      SHIFT

      DOUBLE_SUPPORT

      SWING

      SETTLE

      TRACK
    """

    DOUBLE_SUPPORT: typing.ClassVar[Activity]
    HOLD: typing.ClassVar[Activity]
    SETTLE: typing.ClassVar[Activity]
    SHIFT: typing.ClassVar[Activity]
    STANCE: typing.ClassVar[Activity]
    SWING: typing.ClassVar[Activity]
    TRACK: typing.ClassVar[Activity]
    __members__: typing.ClassVar[dict[str, Activity]]
    @typing.overload
    def __eq__(self, other: Activity) -> bool: ...
    @typing.overload
    def __eq__(self, other: typing.Any) -> bool: ...
    def __getstate__(self) -> int: ...
    def __hash__(self) -> int: ...
    def __index__(self) -> int: ...
    def __init__(self, value: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    def __int__(self) -> int: ...
    @typing.overload
    def __ne__(self, other: Activity) -> bool: ...
    @typing.overload
    def __ne__(self, other: typing.Any) -> bool: ...
    def __repr__(self) -> str: ...
    def __setstate__(self, state: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    def __str__(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def value(self) -> int: ...

class Driver:
    """
    Which controller drives the robot.

    Members:

      WHOLE_BODY

      TO_TRACKER

      TRACKER

      TO_WHOLE_BODY
    """

    TO_TRACKER: typing.ClassVar[Driver]
    TO_WHOLE_BODY: typing.ClassVar[Driver]
    TRACKER: typing.ClassVar[Driver]
    WHOLE_BODY: typing.ClassVar[Driver]
    __members__: typing.ClassVar[dict[str, Driver]]
    @typing.overload
    def __eq__(self, other: Driver) -> bool: ...
    @typing.overload
    def __eq__(self, other: typing.Any) -> bool: ...
    def __getstate__(self) -> int: ...
    def __hash__(self) -> int: ...
    def __index__(self) -> int: ...
    def __init__(self, value: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    def __int__(self) -> int: ...
    @typing.overload
    def __ne__(self, other: Driver) -> bool: ...
    @typing.overload
    def __ne__(self, other: typing.Any) -> bool: ...
    def __repr__(self) -> str: ...
    def __setstate__(self, state: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    def __str__(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def value(self) -> int: ...

class ControlStatus:
    """
    Members:

      OK

      HELD_SOLUTION

      FAILED

      RELAXED
    """

    FAILED: typing.ClassVar[ControlStatus]
    HELD_SOLUTION: typing.ClassVar[ControlStatus]
    OK: typing.ClassVar[ControlStatus]
    RELAXED: typing.ClassVar[ControlStatus]
    __members__: typing.ClassVar[dict[str, ControlStatus]]
    @typing.overload
    def __eq__(self, other: ControlStatus) -> bool: ...
    @typing.overload
    def __eq__(self, other: typing.Any) -> bool: ...
    def __getstate__(self) -> int: ...
    def __hash__(self) -> int: ...
    def __index__(self) -> int: ...
    def __init__(self, value: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    def __int__(self) -> int: ...
    @typing.overload
    def __ne__(self, other: ControlStatus) -> bool: ...
    @typing.overload
    def __ne__(self, other: typing.Any) -> bool: ...
    def __repr__(self) -> str: ...
    def __setstate__(self, state: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    def __str__(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def value(self) -> int: ...

class ControlTelemetry:
    """
    What one tick leaves behind.
    """
    @property
    def activity(self) -> Activity: ...
    @property
    def blend(self) -> float:
        """
        0 standing pose, 1 reference
        """
    @property
    def com_in_world(self) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[3, 1]"]:
        """
        [3] m
        """
    @property
    def contact(self) -> typing.Annotated[list[bool], "FixedSize(2)"]:
        """
        [2] commanded
        """
    @property
    def dcm_in_world(self) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[2, 1]"]:
        """
        [2] m
        """
    @property
    def desired_joint_position(
        self,
    ) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[29, 1]"]:
        """
        [29] rad, rate-limited
        """
    @property
    def done(self) -> bool:
        """
        the plan has ended and the robot stands
        """
    @property
    def dynamics_us(self) -> float:
        """
        thread CPU time
        """
    @property
    def foot_position_in_world(
        self,
    ) -> typing.Annotated[
        list[typing.Annotated[numpy.typing.NDArray[numpy.float64], "[3, 1]"]], "FixedSize(2)"
    ]:
        """
        [2][3] m, ankles
        """
    @property
    def foot_target_in_world(
        self,
    ) -> typing.Annotated[
        list[typing.Annotated[numpy.typing.NDArray[numpy.float64], "[3, 1]"]], "FixedSize(2)"
    ]:
        """
        [2][3] m
        """
    @property
    def has_plan(self) -> bool: ...
    @property
    def heading_rad(self) -> float: ...
    @property
    def phase_index(self) -> int: ...
    @property
    def planned_com_in_world(
        self,
    ) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[3, 1]"]:
        """
        [3] m
        """
    @property
    def planned_dcm_in_world(
        self,
    ) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[2, 1]"]:
        """
        [2] m
        """
    @property
    def planned_foot_force_in_world(
        self,
    ) -> typing.Annotated[
        list[typing.Annotated[numpy.typing.NDArray[numpy.float64], "[3, 1]"]], "FixedSize(2)"
    ]:
        """
        [2][3] N
        """
    @property
    def planned_joint_position(
        self,
    ) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[29, 1]"]:
        """
        [29] rad
        """
    @property
    def qp_failures(self) -> int:
        """
        ticks that held the previous solution
        """
    @property
    def qp_iterations(self) -> int: ...
    @property
    def qp_relaxed(self) -> int:
        """
        ticks solved without the joints' limits
        """
    @property
    def qp_status(self) -> int:
        """
        0 = optimal
        """
    @property
    def qp_us(self) -> float: ...
    @property
    def reference_time_s(self) -> float: ...
    @property
    def smallest_gap_m(self) -> float:
        """
        m, between the robot's own links
        """
    @property
    def stamp_ns(self) -> int: ...
    @property
    def status(self) -> ControlStatus: ...
    @property
    def step_adjustment_in_world(
        self,
    ) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[2, 1]"]:
        """
        [2] m
        """
    @property
    def steps_done(self) -> int: ...
    @property
    def steps_planned(self) -> int: ...
    @property
    def tick_us(self) -> float: ...
    @property
    def zmp_in_world(self) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[2, 1]"]:
        """
        [2] m, commanded
        """

class WbcGains:
    """
    Weights, gains and limits of the whole-body controller.
    """
    def __init__(self) -> None: ...
    @property
    def acceleration_weight(self) -> float: ...
    @acceleration_weight.setter
    def acceleration_weight(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def angular_momentum_damping(self) -> float: ...
    @angular_momentum_damping.setter
    def angular_momentum_damping(
        self, arg0: typing.SupportsFloat | typing.SupportsIndex
    ) -> None: ...
    @property
    def angular_momentum_weight(self) -> float: ...
    @angular_momentum_weight.setter
    def angular_momentum_weight(
        self, arg0: typing.SupportsFloat | typing.SupportsIndex
    ) -> None: ...
    @property
    def attitude_damping(self) -> float: ...
    @attitude_damping.setter
    def attitude_damping(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def attitude_stiffness(self) -> float: ...
    @attitude_stiffness.setter
    def attitude_stiffness(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def attitude_weight(self) -> float: ...
    @attitude_weight.setter
    def attitude_weight(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def collision_gap_m(self) -> float: ...
    @collision_gap_m.setter
    def collision_gap_m(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def collision_horizon_m(self) -> float: ...
    @collision_horizon_m.setter
    def collision_horizon_m(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def collision_rate(self) -> float: ...
    @collision_rate.setter
    def collision_rate(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def com_weight(self) -> float: ...
    @com_weight.setter
    def com_weight(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def friction(self) -> float: ...
    @friction.setter
    def friction(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def leg_posture_weight(self) -> float: ...
    @leg_posture_weight.setter
    def leg_posture_weight(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def limit_horizon_s(self) -> float: ...
    @limit_horizon_s.setter
    def limit_horizon_s(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def max_collision_acceleration(self) -> float: ...
    @max_collision_acceleration.setter
    def max_collision_acceleration(
        self, arg0: typing.SupportsFloat | typing.SupportsIndex
    ) -> None: ...
    @property
    def max_joint_speed(self) -> float: ...
    @max_joint_speed.setter
    def max_joint_speed(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def min_knee_position(self) -> float: ...
    @min_knee_position.setter
    def min_knee_position(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def normal_force_weight(self) -> float: ...
    @normal_force_weight.setter
    def normal_force_weight(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def posture_damping(self) -> float: ...
    @posture_damping.setter
    def posture_damping(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def posture_stiffness(self) -> float: ...
    @posture_stiffness.setter
    def posture_stiffness(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def stance_damping(self) -> float: ...
    @stance_damping.setter
    def stance_damping(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def stance_weight(self) -> float: ...
    @stance_weight.setter
    def stance_weight(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def swing_damping(self) -> float: ...
    @swing_damping.setter
    def swing_damping(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def swing_stiffness(self) -> float: ...
    @swing_stiffness.setter
    def swing_stiffness(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def swing_weight(self) -> float: ...
    @swing_weight.setter
    def swing_weight(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def tangential_force_weight(self) -> float: ...
    @tangential_force_weight.setter
    def tangential_force_weight(
        self, arg0: typing.SupportsFloat | typing.SupportsIndex
    ) -> None: ...
    @property
    def torque_share(self) -> float: ...
    @torque_share.setter
    def torque_share(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def upper_posture_weight(self) -> float: ...
    @upper_posture_weight.setter
    def upper_posture_weight(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def yaw_weight(self) -> float: ...
    @yaw_weight.setter
    def yaw_weight(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...

class WholeBodyController:
    """
    Executes a Plan, and stands when there is none.
    """
    def __init__(self, model: exoactor_rt._core.model.RobotModel) -> None: ...
    def offer_plan(self, plan: exoactor_rt._core.types.Plan) -> str:
        """
        Copies and hands over a plan; returns why it is refused, or ''.
        """
    def reset(self) -> None:
        """
        Forgets plan, failures and motor targets.
        """
    def step(
        self,
        state: exoactor_rt._core.types.RobotState,
        now_ns: typing.SupportsInt | typing.SupportsIndex,
    ) -> exoactor_rt._core.types.JointCommand:
        """
        The JointCommand that answers `state`.
        """
    @property
    def standing_feet(self) -> typing.Annotated[list[bool], "FixedSize(2)"]:
        """
        [2] contact flags for the estimator's next update
        """
    @property
    def telemetry(self) -> ControlTelemetry: ...

def blend_commands(
    from_: exoactor_rt._core.types.JointCommand,
    to: exoactor_rt._core.types.JointCommand,
    share: typing.SupportsFloat | typing.SupportsIndex,
) -> exoactor_rt._core.types.JointCommand:
    """
    The command whose torque is (1 - share) of the one and share of the other, at any state.
    """

def find_plan_defect(plan: exoactor_rt._core.types.Plan) -> str:
    """
    Why a plan cannot be executed, in one line; empty when it can.
    """

def replay_times(
    model: exoactor_rt._core.model.RobotModel,
    plan: exoactor_rt._core.types.Plan,
    states: collections.abc.Sequence[exoactor_rt._core.types.RobotState],
    plan_at: typing.SupportsInt | typing.SupportsIndex = 0,
) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[m, 3]"]:
    """
    Runs a fresh controller over recorded states, the plan handed over before the one numbered `plan_at`; CPU times [N, 3] us: dynamics, QP, step.
    """

def standing_posture() -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[29, 1]"]:
    """
    [29] rad, to which a hanging robot is led.
    """

TARGET_LATE_NS: int = 60000000
TARGET_LOST_NS: int = 120000000
