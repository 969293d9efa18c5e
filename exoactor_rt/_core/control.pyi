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
    "WholeBodyController",
    "blend_commands",
    "find_plan_defect",
    "replay_times",
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

TARGET_LATE_NS: int = 60000000
TARGET_LOST_NS: int = 120000000
