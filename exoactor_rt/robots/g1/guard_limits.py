"""The guard's limits for this robot at this site."""

from __future__ import annotations

import numpy as np

from exoactor_rt._core.safety import GuardLimits
from exoactor_rt.guard_config import GuardConfig

_SAME = {
    "tilt_rad": "tilt_rad",
    "gyro_rad_s": "gyro_rad_s",
    "position_overrun_rad": "position_overrun_rad",
    "position_margin_rad": "position_margin_rad",
    "debounce_ticks": "debounce_ticks",
    "overruns": "overruns",
    "crc_errors": "crc_errors",
    "winding_c": "winding_temperature_c",
    "surface_c": "surface_temperature_c",
    "battery_percent": "battery_percent",
    "winding_warm_c": "winding_warm_c",
    "surface_warm_c": "surface_warm_c",
    "battery_reserve_percent": "battery_reserve_percent",
}
_TIMES = (
    "state_age",
    "command_age",
    "target_age",
    "plan_age",
    "heartbeat",
    "imu_frozen",
    "command_gap",
)


def guard_limits(
    config: GuardConfig | None = None, joint_speed_ceiling_rad_s: float | None = None
) -> GuardLimits:
    """The joint table's limits with the defaults, tightened as configured.

    `joint_speed_ceiling_rad_s` caps what policies may ask for.
    """
    limits = GuardLimits()
    if joint_speed_ceiling_rad_s is not None:
        limits.speed_ceiling = np.minimum(limits.speed_ceiling, joint_speed_ceiling_rad_s)
    if config is None:
        return limits
    for key, name in _SAME.items():
        if (value := getattr(config, key)) is not None:
            setattr(limits, name, value)
    for key in _TIMES:
        if (seconds := getattr(config, f"{key}_s")) is not None:
            setattr(limits, f"{key}_ns", round(1e9 * seconds))
    torque = limits.torque
    if config.torque_share is not None:
        limits.torque = config.torque_share * torque
    if config.torque_step_share is not None:
        limits.torque_step = config.torque_step_share * torque
    if config.joint_speed_rad_s is not None:
        slow = np.full(len(torque), config.joint_speed_rad_s)
        limits.measured_speed = limits.sustained_speed = slow
        limits.command_speed = np.minimum(limits.command_speed, slow)
    return limits
