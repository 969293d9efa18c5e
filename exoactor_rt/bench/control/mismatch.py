"""How the simulated robot differs from the controller's model, one thing at a time."""

from __future__ import annotations

from dataclasses import replace

from exoactor_rt.sim import SensorNoise, SimOptions
from exoactor_rt.sim.options import Dropout, Load

NOISE = SensorNoise()
_DROPOUT_EVERY_S = 0.7
_DROPOUTS = 30


def mismatches(seed: int) -> dict[str, SimOptions]:
    """Name -> the simulated robot; sensor noise is on in all."""
    nominal = SimOptions(seed=seed)
    return {
        "nominal": nominal,
        "mass +20 %": replace(nominal, mass_scale=1.2),
        "mass -20 %": replace(nominal, mass_scale=0.8),
        "torso +3 kg": replace(nominal, loads=(Load(3.0),)),
        "right wrist +1 kg": replace(nominal, loads=(Load(1.0, "right_wrist_yaw_link"),)),
        "friction .25": replace(nominal, friction=0.25),
        "armature x3": replace(nominal, armature_scale=3.0),
        "joint friction 1 Nm, .5 Nm s": replace(
            nominal, joint_friction_nm=1.0, joint_damping_nm_s=0.5
        ),
        "soft ground": replace(nominal, contact_time_s=0.04),
        "latency 8 ms": replace(nominal, latency_s=0.008),
        "control 4 ms": replace(nominal, control_period_s=0.004),
        "control 1 ms": replace(nominal, control_period_s=0.001),
        "IMU bias": replace(
            nominal,
            noise=replace(
                NOISE,
                tilt_bias_rad=(0.0105, -0.0105, 0.0),
                accel_bias_m_s2=(0.2, -0.2, 0.2),
                gyro_bias_rad_s=(0.01, -0.01, 0.01),
            ),
        ),
        "encoder noise x3": replace(
            nominal,
            noise=replace(
                NOISE,
                joint_position_rad=3.0 * NOISE.joint_position_rad,
                joint_velocity_rad_s=3.0 * NOISE.joint_velocity_rad_s,
            ),
        ),
        "dropouts 20 ms": replace(
            nominal,
            dropouts=tuple(
                Dropout(_DROPOUT_EVERY_S * (index + 1), 0.02) for index in range(_DROPOUTS)
            ),
        ),
    }
