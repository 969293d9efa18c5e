"""
Plain structs between the rooms.
"""

from __future__ import annotations
import collections.abc
import numpy
import numpy.typing
import typing

__all__: list[str] = [
    "AskedStep",
    "BurstTiming",
    "FootKeyframe",
    "Footstep",
    "JointCommand",
    "MOTOR_TIMEOUT_FAULT",
    "Phase",
    "PhaseKind",
    "Plan",
    "PlanChange",
    "PlanLevel",
    "PostureTrack",
    "RemoteButton",
    "RemoteController",
    "RobotHealth",
    "RobotState",
    "SensorState",
    "Side",
    "TrackerTarget",
    "capsule_pairs",
]

class SensorState:
    """
    Encoders and the pelvis IMU, nothing else.
    """
    def __init__(self) -> None: ...
    @property
    def accel_in_imu(self) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[3, 1]"]:
        """
        [3] specific force, m/s^2
        """
    @accel_in_imu.setter
    def accel_in_imu(
        self, arg1: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[3, 1]"]
    ) -> None: ...
    @property
    def gyro_in_imu(self) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[3, 1]"]:
        """
        [3] rad/s
        """
    @gyro_in_imu.setter
    def gyro_in_imu(
        self, arg1: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[3, 1]"]
    ) -> None: ...
    @property
    def joint_position(self) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[29, 1]"]:
        """
        [29] rad, SDK order
        """
    @joint_position.setter
    def joint_position(
        self, arg1: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[29, 1]"]
    ) -> None: ...
    @property
    def joint_torque(self) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[29, 1]"]:
        """
        [29] Nm, as the motors estimate it
        """
    @joint_torque.setter
    def joint_torque(
        self, arg1: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[29, 1]"]
    ) -> None: ...
    @property
    def joint_velocity(self) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[29, 1]"]:
        """
        [29] rad/s
        """
    @joint_velocity.setter
    def joint_velocity(
        self, arg1: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[29, 1]"]
    ) -> None: ...
    @property
    def quat_world_imu_wxyz(
        self,
    ) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[4, 1]"]:
        """
        [4] unit; yaw drifts
        """
    @quat_world_imu_wxyz.setter
    def quat_world_imu_wxyz(
        self, arg1: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[4, 1]"]
    ) -> None: ...
    @property
    def stamp_ns(self) -> int:
        """
        monotonic time of the measurement
        """
    @stamp_ns.setter
    def stamp_ns(self, arg1: typing.SupportsInt | typing.SupportsIndex) -> None: ...

class RobotState:
    """
    The estimate of the floating base and the feet.
    """
    def __init__(self) -> None: ...
    @property
    def base_angular_velocity_in_base(
        self,
    ) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[3, 1]"]:
        """
        [3] rad/s
        """
    @base_angular_velocity_in_base.setter
    def base_angular_velocity_in_base(
        self, arg1: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[3, 1]"]
    ) -> None: ...
    @property
    def base_linear_velocity_in_world(
        self,
    ) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[3, 1]"]:
        """
        [3] m/s
        """
    @base_linear_velocity_in_world.setter
    def base_linear_velocity_in_world(
        self, arg1: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[3, 1]"]
    ) -> None: ...
    @property
    def base_position_in_world(
        self,
    ) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[3, 1]"]:
        """
        [3] m
        """
    @base_position_in_world.setter
    def base_position_in_world(
        self, arg1: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[3, 1]"]
    ) -> None: ...
    @property
    def foot_force_in_world(
        self,
    ) -> typing.Annotated[
        list[typing.Annotated[numpy.typing.NDArray[numpy.float64], "[3, 1]"]], "FixedSize(2)"
    ]:
        """
        left, right: [3] N
        """
    @foot_force_in_world.setter
    def foot_force_in_world(
        self,
        arg1: typing.Annotated[
            collections.abc.Sequence[
                typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[3, 1]"]
            ],
            "FixedSize(2)",
        ],
    ) -> None: ...
    @property
    def joint_position(self) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[29, 1]"]:
        """
        [29] rad, SDK order
        """
    @joint_position.setter
    def joint_position(
        self, arg1: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[29, 1]"]
    ) -> None: ...
    @property
    def joint_velocity(self) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[29, 1]"]:
        """
        [29] rad/s
        """
    @joint_velocity.setter
    def joint_velocity(
        self, arg1: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[29, 1]"]
    ) -> None: ...
    @property
    def quat_world_base_wxyz(
        self,
    ) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[4, 1]"]:
        """
        [4] unit
        """
    @quat_world_base_wxyz.setter
    def quat_world_base_wxyz(
        self, arg1: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[4, 1]"]
    ) -> None: ...
    @property
    def stamp_ns(self) -> int:
        """
        monotonic time
        """
    @stamp_ns.setter
    def stamp_ns(self, arg1: typing.SupportsInt | typing.SupportsIndex) -> None: ...

class JointCommand:
    """
    torque + stiffness (position - q) + damping (velocity - dq)
    """
    def __init__(self) -> None: ...
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
    def position(self) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[29, 1]"]:
        """
        [29] rad, SDK order
        """
    @position.setter
    def position(
        self, arg1: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[29, 1]"]
    ) -> None: ...
    @property
    def stamp_ns(self) -> int:
        """
        time of the state it answers
        """
    @stamp_ns.setter
    def stamp_ns(self, arg1: typing.SupportsInt | typing.SupportsIndex) -> None: ...
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
    def torque(self) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[29, 1]"]:
        """
        [29] Nm, feed-forward
        """
    @torque.setter
    def torque(
        self, arg1: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[29, 1]"]
    ) -> None: ...
    @property
    def velocity(self) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[29, 1]"]:
        """
        [29] rad/s
        """
    @velocity.setter
    def velocity(
        self, arg1: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[29, 1]"]
    ) -> None: ...

class TrackerTarget:
    """
    What a learned tracker asks until its next step.
    """
    def __init__(self) -> None: ...
    @property
    def blend(self) -> float:
        """
        0 standing pose, 1 reference
        """
    @blend.setter
    def blend(self, arg1: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
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
    def ended(self) -> bool:
        """
        the reference asks for the standing pose
        """
    @ended.setter
    def ended(self, arg1: bool) -> None: ...
    @property
    def position(self) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[29, 1]"]:
        """
        [29] rad, SDK order
        """
    @position.setter
    def position(
        self, arg1: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[29, 1]"]
    ) -> None: ...
    @property
    def reference_position(
        self,
    ) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[29, 1]"]:
        """
        [29] rad
        """
    @reference_position.setter
    def reference_position(
        self, arg1: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[29, 1]"]
    ) -> None: ...
    @property
    def reference_rate(self) -> float:
        """
        0 while the reference waits
        """
    @reference_rate.setter
    def reference_rate(self, arg1: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def reference_time_s(self) -> float: ...
    @reference_time_s.setter
    def reference_time_s(self, arg1: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def reference_velocity(
        self,
    ) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[29, 1]"]:
        """
        [29] rad/s
        """
    @reference_velocity.setter
    def reference_velocity(
        self, arg1: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[29, 1]"]
    ) -> None: ...
    @property
    def stamp_ns(self) -> int:
        """
        time of the state it answers
        """
    @stamp_ns.setter
    def stamp_ns(self, arg1: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    @property
    def stiffness(self) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[29, 1]"]:
        """
        [29] Nm/rad
        """
    @stiffness.setter
    def stiffness(
        self, arg1: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[29, 1]"]
    ) -> None: ...

class PlanLevel:
    """
    How much of a reference a plan may ask for.

    Members:

      NOMINAL

      TIGHT

      STANCE_ONLY
    """

    NOMINAL: typing.ClassVar[PlanLevel]
    STANCE_ONLY: typing.ClassVar[PlanLevel]
    TIGHT: typing.ClassVar[PlanLevel]
    __members__: typing.ClassVar[dict[str, PlanLevel]]
    @typing.overload
    def __eq__(self, other: PlanLevel) -> bool: ...
    @typing.overload
    def __eq__(self, other: typing.Any) -> bool: ...
    def __getstate__(self) -> int: ...
    def __hash__(self) -> int: ...
    def __index__(self) -> int: ...
    def __init__(self, value: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    def __int__(self) -> int: ...
    @typing.overload
    def __ne__(self, other: PlanLevel) -> bool: ...
    @typing.overload
    def __ne__(self, other: typing.Any) -> bool: ...
    def __repr__(self) -> str: ...
    def __setstate__(self, state: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    def __str__(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def value(self) -> int: ...

class PhaseKind:
    """
    Members:

      STANCE

      WALK
    """

    STANCE: typing.ClassVar[PhaseKind]
    WALK: typing.ClassVar[PhaseKind]
    __members__: typing.ClassVar[dict[str, PhaseKind]]
    @typing.overload
    def __eq__(self, other: PhaseKind) -> bool: ...
    @typing.overload
    def __eq__(self, other: typing.Any) -> bool: ...
    def __getstate__(self) -> int: ...
    def __hash__(self) -> int: ...
    def __index__(self) -> int: ...
    def __init__(self, value: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    def __int__(self) -> int: ...
    @typing.overload
    def __ne__(self, other: PhaseKind) -> bool: ...
    @typing.overload
    def __ne__(self, other: typing.Any) -> bool: ...
    def __repr__(self) -> str: ...
    def __setstate__(self, state: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    def __str__(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def value(self) -> int: ...

class Side:
    """
    Members:

      LEFT

      RIGHT
    """

    LEFT: typing.ClassVar[Side]
    RIGHT: typing.ClassVar[Side]
    __members__: typing.ClassVar[dict[str, Side]]
    @typing.overload
    def __eq__(self, other: Side) -> bool: ...
    @typing.overload
    def __eq__(self, other: typing.SupportsInt | typing.SupportsIndex) -> bool: ...
    @typing.overload
    def __eq__(self, other: typing.Any) -> bool: ...
    def __getstate__(self) -> int: ...
    def __hash__(self) -> int: ...
    def __index__(self) -> int: ...
    def __init__(self, value: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    def __int__(self) -> int: ...
    @typing.overload
    def __ne__(self, other: Side) -> bool: ...
    @typing.overload
    def __ne__(self, other: typing.SupportsInt | typing.SupportsIndex) -> bool: ...
    @typing.overload
    def __ne__(self, other: typing.Any) -> bool: ...
    def __repr__(self) -> str: ...
    def __setstate__(self, state: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    def __str__(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def value(self) -> int: ...

class AskedStep:
    """
    What the reference did at a footstep, before limits.
    """
    def __init__(self) -> None: ...
    @property
    def forward_m(self) -> float: ...
    @forward_m.setter
    def forward_m(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def lateral_m(self) -> float: ...
    @lateral_m.setter
    def lateral_m(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def lift_m(self) -> float: ...
    @lift_m.setter
    def lift_m(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def swing_s(self) -> float: ...
    @swing_s.setter
    def swing_s(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def yaw_rad(self) -> float: ...
    @yaw_rad.setter
    def yaw_rad(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...

class FootKeyframe:
    """
    Where a raised foot passes, relative to the stance foot.
    """
    def __init__(self) -> None: ...
    @property
    def forward_m(self) -> float: ...
    @forward_m.setter
    def forward_m(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def height_m(self) -> float: ...
    @height_m.setter
    def height_m(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def lateral_m(self) -> float: ...
    @lateral_m.setter
    def lateral_m(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def pitch_rad(self) -> float: ...
    @pitch_rad.setter
    def pitch_rad(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def time_s(self) -> float: ...
    @time_s.setter
    def time_s(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def yaw_rad(self) -> float: ...
    @yaw_rad.setter
    def yaw_rad(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...

class Footstep:
    """
    One footstep, relative to the stance foot.
    """

    asked: AskedStep
    inserted: bool
    side: Side
    def __init__(self) -> None: ...
    @property
    def first_keyframe(self) -> int: ...
    @first_keyframe.setter
    def first_keyframe(self, arg0: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    @property
    def forward_m(self) -> float: ...
    @forward_m.setter
    def forward_m(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def keyframe_count(self) -> int: ...
    @keyframe_count.setter
    def keyframe_count(self, arg0: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    @property
    def lateral_m(self) -> float: ...
    @lateral_m.setter
    def lateral_m(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def lift_m(self) -> float: ...
    @lift_m.setter
    def lift_m(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def reference_liftoff_s(self) -> float: ...
    @reference_liftoff_s.setter
    def reference_liftoff_s(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def reference_touchdown_s(self) -> float: ...
    @reference_touchdown_s.setter
    def reference_touchdown_s(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def swing_s(self) -> float: ...
    @swing_s.setter
    def swing_s(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def yaw_rad(self) -> float: ...
    @yaw_rad.setter
    def yaw_rad(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...

class Phase:
    """
    Standing on both feet, or a burst of steps.
    """

    kind: PhaseKind
    def __init__(self) -> None: ...
    @property
    def blend_end(self) -> float: ...
    @blend_end.setter
    def blend_end(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def blend_start(self) -> float: ...
    @blend_start.setter
    def blend_start(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def duration_s(self) -> float: ...
    @duration_s.setter
    def duration_s(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def first_step(self) -> int: ...
    @first_step.setter
    def first_step(self, arg0: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    @property
    def reference_end_s(self) -> float: ...
    @reference_end_s.setter
    def reference_end_s(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def reference_start_s(self) -> float: ...
    @reference_start_s.setter
    def reference_start_s(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def step_count(self) -> int: ...
    @step_count.setter
    def step_count(self, arg0: typing.SupportsInt | typing.SupportsIndex) -> None: ...

class BurstTiming:
    """
    What a burst takes besides its swings.
    """
    def __init__(self) -> None: ...
    @property
    def double_support_s(self) -> float: ...
    @double_support_s.setter
    def double_support_s(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def settle_s(self) -> float: ...
    @settle_s.setter
    def settle_s(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def shift_s(self) -> float: ...
    @shift_s.setter
    def shift_s(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...

class PlanChange:
    """
    What planning changed or left out.
    """

    unit: str
    what: str
    why: str
    def __init__(self) -> None: ...
    @property
    def asked(self) -> float: ...
    @asked.setter
    def asked(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def given(self) -> float: ...
    @given.setter
    def given(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def reference_end_s(self) -> float: ...
    @reference_end_s.setter
    def reference_end_s(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def reference_start_s(self) -> float: ...
    @reference_start_s.setter
    def reference_start_s(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...

class PostureTrack:
    """
    The posture to follow, by reference time.
    """
    def __init__(self) -> None: ...
    @property
    def com_height(self) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[m, 1]"]: ...
    @com_height.setter
    def com_height(
        self, arg1: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[m, 1]"]
    ) -> None: ...
    @property
    def joint_position(
        self,
    ) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[m, 29]"]: ...
    @joint_position.setter
    def joint_position(
        self, arg1: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[m, 29]"]
    ) -> None: ...
    @property
    def quat_heading_pelvis_wxyz(
        self,
    ) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[m, 4]"]: ...
    @quat_heading_pelvis_wxyz.setter
    def quat_heading_pelvis_wxyz(
        self, arg1: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[m, 4]"]
    ) -> None: ...
    @property
    def quat_heading_torso_wxyz(
        self,
    ) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[m, 4]"]: ...
    @quat_heading_torso_wxyz.setter
    def quat_heading_torso_wxyz(
        self, arg1: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[m, 4]"]
    ) -> None: ...
    @property
    def rate_hz(self) -> float: ...
    @rate_hz.setter
    def rate_hz(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...

class Plan:
    """
    Phases over footsteps, with the posture by reference time. Reading a field gives a copy: assign it to change the plan.
    """

    burst: BurstTiming
    level: PlanLevel
    posture: PostureTrack
    @typing.overload
    def __init__(self) -> None: ...
    @typing.overload
    def __init__(self, other: Plan) -> None: ...
    @property
    def changes(self) -> list[PlanChange]: ...
    @changes.setter
    def changes(self, arg1: collections.abc.Sequence[PlanChange]) -> None: ...
    @property
    def foot_keyframes(self) -> list[FootKeyframe]: ...
    @foot_keyframes.setter
    def foot_keyframes(self, arg1: collections.abc.Sequence[FootKeyframe]) -> None: ...
    @property
    def phases(self) -> list[Phase]: ...
    @phases.setter
    def phases(self, arg1: collections.abc.Sequence[Phase]) -> None: ...
    @property
    def standing_position(
        self,
    ) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[29, 1]"]: ...
    @standing_position.setter
    def standing_position(
        self, arg1: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[29, 1]"]
    ) -> None: ...
    @property
    def steps(self) -> list[Footstep]: ...
    @steps.setter
    def steps(self, arg1: collections.abc.Sequence[Footstep]) -> None: ...

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
    What a robot tells of itself beside the measurement, and what its link knows.
    """

    remote: RemoteController
    def __init__(self) -> None: ...
    @property
    def bad_crc(self) -> int: ...
    @bad_crc.setter
    def bad_crc(self, arg0: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    @property
    def charge_percent(self) -> int:
        """
        -1: not told yet
        """
    @charge_percent.setter
    def charge_percent(self, arg0: typing.SupportsInt | typing.SupportsIndex) -> None: ...
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
    def other_publishers(self) -> int: ...
    @other_publishers.setter
    def other_publishers(self, arg0: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    @property
    def stamp_ns(self) -> int:
        """
        0: the robot tells none of this
        """
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

def capsule_pairs() -> list[tuple[int, int]]:
    """
    Capsules that are kept apart: row numbers of `collision_capsules.csv`.
    """

MOTOR_TIMEOUT_FAULT: int = 1073741824
