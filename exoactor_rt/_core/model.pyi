"""
Rigid-body dynamics of the robot.
"""

from __future__ import annotations
import numpy
import numpy.typing
import typing

__all__: list[str] = ["DynamicsData", "Link", "LinkMotion", "RobotModel"]

class Link:
    """
    Members:

      LEFT_FOOT

      RIGHT_FOOT

      PELVIS

      TORSO

      LEFT_HAND

      RIGHT_HAND
    """

    LEFT_FOOT: typing.ClassVar[Link]
    LEFT_HAND: typing.ClassVar[Link]
    PELVIS: typing.ClassVar[Link]
    RIGHT_FOOT: typing.ClassVar[Link]
    RIGHT_HAND: typing.ClassVar[Link]
    TORSO: typing.ClassVar[Link]
    __members__: typing.ClassVar[dict[str, Link]]
    @typing.overload
    def __eq__(self, other: Link) -> bool: ...
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
    def __ne__(self, other: Link) -> bool: ...
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

class LinkMotion:
    @property
    def R_world_link(self) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[3, 3]"]: ...
    @property
    def bias_acceleration(
        self,
    ) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[6, 1]"]: ...
    @property
    def jacobian(self) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[6, 35]"]: ...
    @property
    def position_in_world(
        self,
    ) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[3, 1]"]: ...
    @property
    def velocity(self) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[6, 1]"]: ...

class DynamicsData:
    def link(self, link: Link) -> LinkMotion: ...
    @property
    def bias_force(self) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[35, 1]"]: ...
    @property
    def centroidal_map(
        self,
    ) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[6, 35]"]: ...
    @property
    def centroidal_momentum(
        self,
    ) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[6, 1]"]: ...
    @property
    def com_in_world(self) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[3, 1]"]: ...
    @property
    def com_velocity_in_world(
        self,
    ) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[3, 1]"]: ...
    @property
    def mass_matrix(self) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[35, 35]"]: ...

class RobotModel:
    def __init__(self, path: str) -> None:
        """
        Reads an MJCF; raises RuntimeError when its joints are not the joint table's.
        """
    def time_update(self, repeats: typing.SupportsInt | typing.SupportsIndex) -> float:
        """
        Mean seconds of one update, workspace reused, over `repeats` updates.
        """
    def update(
        self,
        base_position_in_world: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[3, 1]"],
        quat_world_base_wxyz: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[4, 1]"],
        base_linear_velocity_in_world: typing.Annotated[
            numpy.typing.ArrayLike, numpy.float64, "[3, 1]"
        ],
        base_angular_velocity_in_base: typing.Annotated[
            numpy.typing.ArrayLike, numpy.float64, "[3, 1]"
        ],
        joint_position: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[29, 1]"],
        joint_velocity: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[29, 1]"],
    ) -> DynamicsData:
        """
        Dynamics at one state. Generalised velocity: base linear and angular velocity, both in the base frame, then 29 joints in SDK order.
        """
    @property
    def mass_kg(self) -> float: ...
