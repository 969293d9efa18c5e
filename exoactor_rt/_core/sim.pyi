"""
The body of a simulated robot, and the tick in lock-step with it.
"""

from __future__ import annotations
import collections.abc
import exoactor_rt._core.runtime
import exoactor_rt._core.types
import numpy
import numpy.typing
import typing

__all__: list[str] = [
    "BodyOptions",
    "DRAWS_PER_SAMPLE",
    "Physics",
    "SensorDropout",
    "SensorNoise",
    "SimulatedBody",
    "SimulatedPush",
    "run_lockstep",
]

class SensorNoise:
    """
    None by default.
    """
    def __init__(self) -> None: ...
    @property
    def accel_bias_m_s2(
        self,
    ) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[3, 1]"]: ...
    @accel_bias_m_s2.setter
    def accel_bias_m_s2(
        self, arg0: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[3, 1]"]
    ) -> None: ...
    @property
    def accel_m_s2(self) -> float: ...
    @accel_m_s2.setter
    def accel_m_s2(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def attitude_rad(self) -> float: ...
    @attitude_rad.setter
    def attitude_rad(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def gyro_bias_rad_s(
        self,
    ) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[3, 1]"]: ...
    @gyro_bias_rad_s.setter
    def gyro_bias_rad_s(
        self, arg0: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[3, 1]"]
    ) -> None: ...
    @property
    def gyro_rad_s(self) -> float: ...
    @gyro_rad_s.setter
    def gyro_rad_s(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def joint_position_rad(self) -> float: ...
    @joint_position_rad.setter
    def joint_position_rad(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def joint_torque_nm(self) -> float: ...
    @joint_torque_nm.setter
    def joint_torque_nm(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def joint_velocity_rad_s(self) -> float: ...
    @joint_velocity_rad_s.setter
    def joint_velocity_rad_s(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def tilt_bias_rad(self) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[3, 1]"]: ...
    @tilt_bias_rad.setter
    def tilt_bias_rad(
        self, arg0: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[3, 1]"]
    ) -> None: ...
    @property
    def yaw_drift_rad_s(self) -> float: ...
    @yaw_drift_rad_s.setter
    def yaw_drift_rad_s(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...

class SimulatedPush:
    def __init__(
        self,
        start_s: typing.SupportsFloat | typing.SupportsIndex,
        duration_s: typing.SupportsFloat | typing.SupportsIndex,
        body: typing.SupportsInt | typing.SupportsIndex,
        force_in_world: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[3, 1]"],
    ) -> None: ...

class SensorDropout:
    def __init__(
        self,
        start_s: typing.SupportsFloat | typing.SupportsIndex,
        duration_s: typing.SupportsFloat | typing.SupportsIndex,
    ) -> None: ...

class BodyOptions:
    noise: SensorNoise
    def __init__(self) -> None: ...
    @property
    def dropouts(self) -> list[SensorDropout]: ...
    @dropouts.setter
    def dropouts(self, arg0: collections.abc.Sequence[SensorDropout]) -> None: ...
    @property
    def effort(self) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[29, 1]"]: ...
    @effort.setter
    def effort(
        self, arg0: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[29, 1]"]
    ) -> None: ...
    @property
    def fallen_height_m(self) -> float: ...
    @fallen_height_m.setter
    def fallen_height_m(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def fallen_tilt_rad(self) -> float: ...
    @fallen_tilt_rad.setter
    def fallen_tilt_rad(self, arg0: typing.SupportsFloat | typing.SupportsIndex) -> None: ...
    @property
    def latency_ns(self) -> int: ...
    @latency_ns.setter
    def latency_ns(self, arg0: typing.SupportsInt | typing.SupportsIndex) -> None: ...
    @property
    def pushes(self) -> list[SimulatedPush]: ...
    @pushes.setter
    def pushes(self, arg0: collections.abc.Sequence[SimulatedPush]) -> None: ...
    @property
    def resting_force(self) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[3, 1]"]: ...
    @resting_force.setter
    def resting_force(
        self, arg0: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[3, 1]"]
    ) -> None: ...
    @property
    def resting_torque(
        self,
    ) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[29, 1]"]: ...
    @resting_torque.setter
    def resting_torque(
        self, arg0: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[29, 1]"]
    ) -> None: ...
    @property
    def substeps(self) -> int: ...
    @substeps.setter
    def substeps(self, arg0: typing.SupportsInt | typing.SupportsIndex) -> None: ...

class Physics:
    """
    MuJoCo's functions, a model and where its state lies.
    """
    def __init__(
        self,
        functions: typing.Annotated[
            collections.abc.Sequence[typing.SupportsInt | typing.SupportsIndex], "FixedSize(3)"
        ],
        model: typing.Any,
        data: typing.Any,
        pelvis: typing.SupportsInt | typing.SupportsIndex,
        accelerometer: typing.SupportsInt | typing.SupportsIndex,
        divergences: typing.Annotated[
            collections.abc.Sequence[typing.SupportsInt | typing.SupportsIndex], "FixedSize(3)"
        ],
        position_of: typing.Annotated[
            collections.abc.Sequence[typing.SupportsInt | typing.SupportsIndex], "FixedSize(29)"
        ],
        velocity_of: typing.Annotated[
            collections.abc.Sequence[typing.SupportsInt | typing.SupportsIndex], "FixedSize(29)"
        ],
        control_of: typing.Annotated[
            collections.abc.Sequence[typing.SupportsInt | typing.SupportsIndex], "FixedSize(29)"
        ],
    ) -> None:
        """
        `functions`: addresses of mj_step, mj_kinematics and mj_comPos; the rest: indices.
        """

class SimulatedBody:
    def __init__(self, physics: Physics, options: BodyOptions) -> None: ...
    def feed_noise(self, draws: typing.Annotated[numpy.typing.ArrayLike, numpy.float64]) -> None:
        """
        [N, DRAWS_PER_SAMPLE] standard normal, for as many samples.
        """
    def read(
        self, stamp_ns: typing.SupportsInt | typing.SupportsIndex
    ) -> exoactor_rt._core.types.SensorState: ...
    def step(self) -> None: ...
    def truth(self) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[97, 1]"]: ...
    def write(self, command: exoactor_rt._core.types.JointCommand) -> None: ...
    @property
    def diverged_s(self) -> float | None: ...
    @property
    def is_fallen(self) -> bool: ...
    @property
    def released(self) -> bool: ...
    @property
    def samples_left(self) -> int:
        """
        Samples for which there is noise.
        """
    @property
    def time_s(self) -> float: ...

def run_lockstep(
    body: SimulatedBody,
    tick: exoactor_rt._core.runtime.ControlTick,
    ring: exoactor_rt._core.runtime.RecordRing,
    now_ns: typing.SupportsInt | typing.SupportsIndex,
    period_ns: typing.SupportsInt | typing.SupportsIndex,
    ticks: typing.SupportsInt | typing.SupportsIndex,
) -> numpy.typing.NDArray[numpy.float64]:
    """
    Runs control periods, fewer where the robot falls; one row each: time, truth().
    """

DRAWS_PER_SAMPLE: int = 96
