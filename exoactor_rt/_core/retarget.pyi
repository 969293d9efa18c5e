"""
Human motion to robot motion.
"""

from __future__ import annotations
import collections.abc
import numpy
import numpy.typing
import typing

__all__: list[str] = [
    "Kinematics",
    "RetargetOptions",
    "RetargetResult",
    "Retargeter",
    "SelfCollision",
    "clear_arms",
    "retarget",
]

class RetargetOptions:
    """
    Weights (per m^2 or rad^2) and limits of the retargeter.
    """
    def __init__(self, **kwargs: float) -> None: ...
    @property
    def acceleration_weight(self) -> float: ...
    @acceleration_weight.setter
    def acceleration_weight(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def arm_clearance_m(self) -> float: ...
    @arm_clearance_m.setter
    def arm_clearance_m(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def arm_margin_m(self) -> float: ...
    @arm_margin_m.setter
    def arm_margin_m(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def arm_weight(self) -> float: ...
    @arm_weight.setter
    def arm_weight(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def clearance_ramp_s(self) -> float: ...
    @clearance_ramp_s.setter
    def clearance_ramp_s(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def collision_margin_m(self) -> float: ...
    @collision_margin_m.setter
    def collision_margin_m(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def collision_weight(self) -> float: ...
    @collision_weight.setter
    def collision_weight(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def contact_weight(self) -> float: ...
    @contact_weight.setter
    def contact_weight(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def convergence_rad(self) -> float: ...
    @convergence_rad.setter
    def convergence_rad(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def damping(self) -> float: ...
    @damping.setter
    def damping(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def first_frame_iterations(self) -> int: ...
    @first_frame_iterations.setter
    def first_frame_iterations(self, arg0: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    @property
    def ground_weight(self) -> float: ...
    @ground_weight.setter
    def ground_weight(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def hip_centre_weight(self) -> float: ...
    @hip_centre_weight.setter
    def hip_centre_weight(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def limit_margin_rad(self) -> float: ...
    @limit_margin_rad.setter
    def limit_margin_rad(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def max_iterations(self) -> int: ...
    @max_iterations.setter
    def max_iterations(self, arg0: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    @property
    def pelvis_weight(self) -> float: ...
    @pelvis_weight.setter
    def pelvis_weight(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def posture_weight(self) -> float: ...
    @posture_weight.setter
    def posture_weight(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def shank_weight(self) -> float: ...
    @shank_weight.setter
    def shank_weight(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def smoothing_s(self) -> float: ...
    @smoothing_s.setter
    def smoothing_s(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def swing_attitude_weight(self) -> float: ...
    @swing_attitude_weight.setter
    def swing_attitude_weight(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def swing_clearance_m(self) -> float: ...
    @swing_clearance_m.setter
    def swing_clearance_m(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def swing_foot_weight(self) -> float: ...
    @swing_foot_weight.setter
    def swing_foot_weight(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def torso_weight(self) -> float: ...
    @torso_weight.setter
    def torso_weight(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def upper_arm_weight(self) -> float: ...
    @upper_arm_weight.setter
    def upper_arm_weight(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def velocity_fraction(self) -> float: ...
    @velocity_fraction.setter
    def velocity_fraction(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def velocity_weight(self) -> float: ...
    @velocity_weight.setter
    def velocity_weight(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def wrist_rate_rad_s(self) -> float: ...
    @wrist_rate_rad_s.setter
    def wrist_rate_rad_s(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...

class RetargetResult:
    """
    A finished run: reference, frame reports, frame times.
    """
    @property
    def arm_error_m(self) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[m, 1]"]: ...
    @property
    def at_limit(self) -> typing.Annotated[numpy.typing.NDArray[numpy.bool], "[m, 29]"]: ...
    @property
    def at_rate(self) -> typing.Annotated[numpy.typing.NDArray[numpy.bool], "[m, 29]"]: ...
    @property
    def close_pairs(self) -> typing.Annotated[numpy.typing.NDArray[numpy.int32], "[m, 1]"]: ...
    @property
    def foot_error_m(self) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[m, 1]"]: ...
    @property
    def hip_centre_error_m(
        self,
    ) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[m, 1]"]: ...
    @property
    def iterations(self) -> typing.Annotated[numpy.typing.NDArray[numpy.int32], "[m, 1]"]: ...
    @property
    def joint_position(self) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[m, 29]"]:
        """
        [T, 29] rad, SDK order
        """
    @property
    def pelvis_error_rad(
        self,
    ) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[m, 1]"]: ...
    @property
    def quat_world_root_wxyz(
        self,
    ) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[m, 4]"]:
        """
        [T, 4]
        """
    @property
    def root_position_in_world(
        self,
    ) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[m, 3]"]:
        """
        [T, 3] m
        """
    @property
    def time_s(self) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[m, 1]"]:
        """
        [T] s, time each frame took
        """
    @property
    def torso_error_rad(
        self,
    ) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[m, 1]"]: ...

class Kinematics:
    """
    The robot's geometry and forward kinematics.
    """
    def __init__(
        self,
        names: collections.abc.Sequence[str],
        parents: collections.abc.Sequence[typing.SupportsInt | typing.SupportsIndex],
        positions: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[m, 3]"],
        quats_wxyz: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[m, 4]"],
        axes: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[m, 3]"],
    ) -> None: ...
    def body(self, name: str) -> int:
        """
        Index of a body by name.
        """
    def forward(
        self,
        root_position_in_world: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[m, 3]"],
        quat_world_root_wxyz: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[m, 4]"],
        joint_position: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[m, 29]"],
    ) -> tuple[numpy.typing.NDArray[numpy.float64], numpy.typing.NDArray[numpy.float64]]:
        """
        All body poses: positions [T, 30, 3] m and attitudes [T, 30, 4] wxyz in the world.
        """

class SelfCollision:
    """
    Capsules of the robot that must not overlap.
    """
    def __init__(
        self,
        bodies: collections.abc.Sequence[typing.SupportsInt | typing.SupportsIndex],
        starts: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[m, 3]"],
        ends: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[m, 3]"],
        radii_m: collections.abc.Sequence[typing.SupportsFloat | typing.SupportsIndex],
        margins_m: collections.abc.Sequence[typing.SupportsFloat | typing.SupportsIndex],
        pairs: collections.abc.Sequence[
            tuple[
                typing.SupportsInt | typing.SupportsIndex, typing.SupportsInt | typing.SupportsIndex
            ]
        ],
    ) -> None: ...
    def smallest_gap_m(
        self,
        kinematics: Kinematics,
        root_position_in_world: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[m, 3]"],
        quat_world_root_wxyz: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[m, 4]"],
        joint_position: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[m, 29]"],
    ) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[m, 1]"]:
        """
        [T] m, the smallest gap of all pairs; negative where capsules overlap.
        """

class Retargeter:
    """
    The solver frame by frame; `retarget` is the usual way.
    """
    def __init__(
        self,
        kinematics: Kinematics,
        collision: SelfCollision,
        rate_hz: typing.SupportsFloat | typing.SupportsIndex,
        keypoints_in_world: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[m, 54]"],
        quat_world_segment_wxyz: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[m, 24]"],
        contact: typing.Annotated[numpy.typing.ArrayLike, numpy.int32, "[m, 2]"],
        options: RetargetOptions,
    ) -> None: ...
    def solve_frames(self, count: typing.SupportsInt | typing.SupportsIndex) -> None:
        """
        Solves the next frames; allocates nothing.
        """

def clear_arms(
    kinematics: Kinematics,
    collision: SelfCollision,
    rate_hz: typing.SupportsFloat | typing.SupportsIndex,
    root_position_in_world: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[m, 3]"],
    quat_world_root_wxyz: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[m, 4]"],
    joint_position: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[m, 29]"],
    clearance_m: typing.SupportsFloat | typing.SupportsIndex,
    smoothing_s: typing.SupportsFloat | typing.SupportsIndex,
    velocity_fraction: typing.SupportsFloat | typing.SupportsIndex,
) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[m, 29]"]:
    """
    [T, 29] rad, the joints with the arms moved off the body, the least way.
    """

def retarget(
    kinematics: Kinematics,
    collision: SelfCollision,
    rate_hz: typing.SupportsFloat | typing.SupportsIndex,
    keypoints_in_world: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[m, 54]"],
    quat_world_segment_wxyz: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[m, 24]"],
    contact: typing.Annotated[numpy.typing.ArrayLike, numpy.int32, "[m, 2]"],
    options: RetargetOptions,
) -> RetargetResult: ...
