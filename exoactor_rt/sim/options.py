"""What is simulated beside the nominal robot on the nominal floor."""

from __future__ import annotations

import math
from dataclasses import dataclass, field


@dataclass(frozen=True)
class SensorNoise:
    """Errors of encoders and pelvis IMU; standard deviations are per sample, white.

    The defaults are those with which the controllers of this project were developed: a good
    MEMS IMU whose attitude is 0.3 deg off in roll and pitch.

    Attributes:
        tilt_bias_rad: constant error of the attitude, about the IMU's x, y, z.
        attitude_rad: white error of the attitude.
        yaw_drift_rad_s: rate at which the heading drifts.
        accel_bias_m_s2: constant error of the accelerometer, x, y, z.
        accel_m_s2: white error of the accelerometer.
        gyro_bias_rad_s: constant error of the gyroscope, x, y, z.
        gyro_rad_s: white error of the gyroscope.
        joint_position_rad: white error of the encoders.
        joint_velocity_rad_s: white error of the joint speeds.
        joint_torque_nm: white error of the torques as the motors estimate them.
    """

    tilt_bias_rad: tuple[float, float, float] = (0.005236, -0.005236, 0.0)
    attitude_rad: float = 5e-4
    yaw_drift_rad_s: float = 0.0
    accel_bias_m_s2: tuple[float, float, float] = (0.05, -0.05, 0.05)
    accel_m_s2: float = 0.05
    gyro_bias_rad_s: tuple[float, float, float] = (0.0, 0.0, 0.0)
    gyro_rad_s: float = 5e-3
    joint_position_rad: float = 2e-4
    joint_velocity_rad_s: float = 2e-2
    joint_torque_nm: float = 0.1


NO_NOISE = SensorNoise(
    tilt_bias_rad=(0.0, 0.0, 0.0),
    attitude_rad=0.0,
    accel_bias_m_s2=(0.0, 0.0, 0.0),
    accel_m_s2=0.0,
    gyro_rad_s=0.0,
    joint_position_rad=0.0,
    joint_velocity_rad_s=0.0,
    joint_torque_nm=0.0,
)


@dataclass(frozen=True)
class Push:
    """A constant force on one body for a while.

    Attributes:
        start_s: after the robot's release.
        duration_s: how long.
        force_in_world: N.
        body: name of the body pushed, at its centre of mass.
    """

    start_s: float
    duration_s: float
    force_in_world: tuple[float, float, float]
    body: str = "pelvis"


@dataclass(frozen=True)
class Load:
    """A mass that the robot carries and its controller does not know of.

    Attributes:
        mass_kg: a point mass.
        body: name of the body that carries it, at its centre of mass.
    """

    mass_kg: float
    body: str = "torso_link"


@dataclass(frozen=True)
class Dropout:
    """A while in which the sensors repeat their last sample, its stamp included.

    Attributes:
        start_s: after the robot's release.
        duration_s: how long.
    """

    start_s: float
    duration_s: float


@dataclass(frozen=True)
class Gantry:
    """A rope from above to between the robot's shoulders, which can only pull.

    Attributes:
        feet_above_m: the soles above the floor at the start.
        lowered_at_s: after the robot's release; from then on the rope is let out.
        lowered_m: how far; what is more than `feet_above_m` leaves the rope slack.
        speed_m_s: of lowering.
    """

    feet_above_m: float = 0.05
    lowered_at_s: float = math.inf
    lowered_m: float = 0.12
    speed_m_s: float = 0.04


@dataclass(frozen=True)
class SimOptions:
    """The simulated robot and world.

    Attributes:
        seed: of all noise.
        timestep_s: of the physics.
        control_period_s: of the control tick; a multiple of `timestep_s`.
        noise: of the sensors.
        friction: sliding friction of every contact; None keeps the model's.
        contact_time_s: time constant of contacts with the floor: the larger, the softer; None
            keeps the model's.
        mass_scale: on every mass and inertia.
        loads: carried besides.
        armature_scale: on every rotor inertia.
        joint_friction_nm: dry friction of every joint beside the model's.
        joint_damping_nm_s: viscous friction of every joint beside the model's, Nm s/rad.
        latency_s: from a command's writing to its effect.
        dropouts: of the sensors.
        pushes: forces from outside.
        gantry: in which the robot hangs at the start; None where it stands.
    """

    seed: int = 0
    timestep_s: float = 1e-3
    control_period_s: float = 2e-3
    noise: SensorNoise = field(default_factory=SensorNoise)
    friction: float | None = None
    contact_time_s: float | None = None
    mass_scale: float = 1.0
    loads: tuple[Load, ...] = ()
    armature_scale: float = 1.0
    joint_friction_nm: float = 0.0
    joint_damping_nm_s: float = 0.0
    latency_s: float = 0.0
    dropouts: tuple[Dropout, ...] = ()
    pushes: tuple[Push, ...] = ()
    gantry: Gantry | None = None
