"""
Sensors to floating-base state.
"""

from __future__ import annotations
import collections.abc
import exoactor_rt._core.model
import exoactor_rt._core.types
import numpy
import numpy.typing
import typing

__all__: list[str] = ["StateEstimator", "replay"]

class StateEstimator:
    """
    Kalman filter over IMU and leg kinematics; the world is anchored at the first update after a reset.
    """
    def __init__(self, model: exoactor_rt._core.model.RobotModel) -> None: ...
    def reset(self) -> None: ...
    def update(
        self,
        sensors: exoactor_rt._core.types.SensorState,
        contact: typing.Annotated[collections.abc.Sequence[bool], "FixedSize(2)"],
        now_ns: typing.SupportsInt | typing.SupportsIndex,
        sensed: bool = False,
    ) -> exoactor_rt._core.types.RobotState:
        """
        The RobotState at `now_ns`; `contact` says which soles stand still, as commanded or, with `sensed`, as found: such feet may roll over heel and toe.
        """
    @property
    def accel_bias_in_imu(self) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[3, 1]"]:
        """
        [3] m/s^2
        """
    @property
    def gyro_bias_in_imu(self) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[3, 1]"]:
        """
        [3] rad/s
        """
    @property
    def standing(self) -> typing.Annotated[list[bool], "FixedSize(2)"]:
        """
        [2] feet that stand
        """
    @property
    def state(self) -> exoactor_rt._core.types.RobotState: ...

def replay(
    model: exoactor_rt._core.model.RobotModel,
    measurements: collections.abc.Sequence[exoactor_rt._core.types.SensorState],
) -> exoactor_rt._core.types.RobotState:
    """
    The last RobotState of a fresh estimator over measurements, both feet standing.
    """
