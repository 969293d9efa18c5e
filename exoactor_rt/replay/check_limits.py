"""The limits of the checks: the robot's, which a site may tighten and never loosen."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import numpy as np
from msgspec import Meta

from exoactor_rt._core.safety import GuardLimits
from exoactor_rt.config import VerdictConfig
from exoactor_rt.errors import ConfigError
from exoactor_rt.robots.g1 import joint_table
from exoactor_rt.types import FloatArray

_Positive = Annotated[float, Meta(gt=0.0)]
_Share = Annotated[float, Meta(gt=0.0, le=1.0)]

_LOWER_LIMITS = (
    "self_collision_m",
    "balance_margin_m",
    "zmp_margin_m",
    "end_margin_m",
    "battery_percent",
)
"""Fields that a value must stay above; the others it must stay below."""


class JointLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a site allows of one joint; None: what the robot allows."""

    lower_rad: float | None = None
    upper_rad: float | None = None
    velocity_rad_s: _Positive | None = None
    effort_nm: _Positive | None = None


class ScalarLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Limits that are not a joint's own; the defaults are the robot's."""

    stop_give_rad: Annotated[float, Meta(ge=0.0)] = 0.005
    acceleration_rad_s2: _Positive = 400.0
    jerk_rad_s3: _Positive = 20_000.0
    rms_torque_share: _Share = 0.4
    power_w: _Positive = 1500.0
    command_step_share: _Share = 0.5
    saturation_s: _Positive = 0.1
    tracking_rad: _Positive = 0.35
    self_collision_m: float = -0.005
    foot_slip_m: _Positive = 0.08
    balance_margin_m: float = -0.15
    zmp_margin_m: float = -0.01
    end_margin_m: float = 0.0
    tilt_rad: _Positive = VerdictConfig().max_tilt_rad
    penetration_m: _Positive = 0.05
    flight_m: _Positive = 0.05
    base_speed_m_s: _Positive = 3.0
    state_age_s: _Positive = 0.05
    state_gap_s: _Positive = 0.05
    record_gap_s: _Positive = 0.05
    command_period_s: _Positive = 0.004
    overrun_share: _Share = 0.001
    winding_c: _Positive = 120.0
    casing_c: _Positive = 85.0
    battery_percent: Annotated[float, Meta(ge=0.0, le=100.0)] = 20.0


class SiteLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A site's TOML file: `[limits]` and `[joints.NAME]`."""

    limits: ScalarLimits = ScalarLimits()
    joints: dict[str, JointLimits] = {}


class CheckLimits(msgspec.Struct, frozen=True, kw_only=True):
    """Limits ready for the checks; [29] arrays in the SDK's order."""

    scalar: ScalarLimits
    lower_rad: FloatArray
    upper_rad: FloatArray
    velocity_rad_s: FloatArray
    effort_nm: FloatArray


def robot_limits() -> CheckLimits:
    """The robot's: its joint table, and the guard's where that is tighter."""
    table, guard = joint_table(), GuardLimits()
    return CheckLimits(
        scalar=ScalarLimits(),
        lower_rad=np.maximum(table.lower_rad, guard.position_lower),
        upper_rad=np.minimum(table.upper_rad, guard.position_upper),
        velocity_rad_s=np.minimum(table.velocity_rad_s, guard.measured_speed),
        effort_nm=np.minimum(table.effort_nm, guard.torque),
    )


def tracker_limits(declared_rad_s: FloatArray) -> CheckLimits:
    """The robot's, with the joint speeds that the guard grants a tracker (docs/safety.md).

    Args:
        declared_rad_s: [29] what the policy declares; 0 where nothing.
    """
    robot = robot_limits()
    granted = np.minimum(declared_rad_s, GuardLimits().speed_ceiling)
    return msgspec.structs.replace(robot, velocity_rad_s=np.maximum(robot.velocity_rad_s, granted))


def load_site_limits(path: Path) -> CheckLimits:
    """Reads a site's limits.

    Raises:
        ConfigError: the file cannot be read, a key or joint is unknown, or a limit is looser than
            the robot's.
    """
    try:
        site = msgspec.toml.decode(path.read_bytes(), type=SiteLimits)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: {error}; nothing checked") from error
    _require_tighter(site.limits, path)
    return _with_joints(site, path)


def _require_tighter(limits: ScalarLimits, path: Path) -> None:
    robot = ScalarLimits()
    for name in limits.__struct_fields__:
        got, allowed = getattr(limits, name), getattr(robot, name)
        lower = name in _LOWER_LIMITS
        if not (got >= allowed if lower else got <= allowed):
            sign = ">=" if lower else "<="
            raise ConfigError(
                f"{path}: limits.{name} {got:g} is looser than the robot's, allowed "
                f"{sign} {allowed:g}; nothing checked"
            )


def _with_joints(site: SiteLimits, path: Path) -> CheckLimits:
    robot = robot_limits()
    arrays = {name: getattr(robot, name).copy() for name in JointLimits.__struct_fields__}
    names = joint_table().names
    for joint, limits in site.joints.items():
        if joint not in names:
            raise ConfigError(f"{path}: joints.{joint} is no joint of the robot; nothing checked")
        index = names.index(joint)
        for name, values in arrays.items():
            got, allowed = getattr(limits, name), float(values[index])
            if got is None:
                continue
            lower = name == "lower_rad"
            if not (got >= allowed if lower else got <= allowed):
                sign = ">=" if lower else "<="
                raise ConfigError(
                    f"{path}: joints.{joint}.{name} {got:g} is looser than the robot's, allowed "
                    f"{sign} {allowed:g}; nothing checked"
                )
            values[index] = got
    return CheckLimits(scalar=site.limits, **arrays)
