"""Configuration of the guard: the section `[guard]` of `config.Config`. It may only tighten."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta


class GuardConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Limits of the guard for this site; what is not given stays as it is in docs/safety.md.

    Every bound is the guard's own default, so that none can be loosened.

    Attributes:
        tilt_rad: of the IMU's z axis against the vertical.
        gyro_rad_s: magnitude of the base's angular velocity.
        joint_speed_rad_s: of every joint, commanded and measured, and its running mean; what a
            tracker may raise the measured one to is capped by `[control]`.
        position_overrun_rad: how far outside its range a measured position may be.
        position_margin_rad: how far inside its range a commanded one stays.
        torque_share: of each motor's torque.
        torque_step_share: of each motor's torque, that a command may change by in a tick.
        debounce_ticks: ticks in a row that a measured quantity must be out of bounds.
        state_age_s: of the measurement.
        command_age_s: of the command.
        target_age_s: of a tracker's target.
        plan_age_s: since the task last came forward.
        heartbeat_s: since the control process's serving thread was last alive.
        imu_frozen_s: that the IMU may say the same.
        command_gap_s: between two commands.
        overruns: lost periods in about a second.
        crc_errors: damaged messages in a row.
        winding_c: of a motor; above it the guard damps.
        surface_c: of a motor; above it the guard damps.
        battery_percent: below it the guard damps.
        winding_warm_c: above it a task is stopped.
        surface_warm_c: above it a task is stopped.
        battery_reserve_percent: below it a task is stopped.
    """

    tilt_rad: Annotated[float, Meta(gt=0.0, le=1.0)] | None = None
    gyro_rad_s: Annotated[float, Meta(gt=0.0, le=6.0)] | None = None
    joint_speed_rad_s: Annotated[float, Meta(gt=0.0, le=10.0)] | None = None
    position_overrun_rad: Annotated[float, Meta(gt=0.0, le=0.15)] | None = None
    position_margin_rad: Annotated[float, Meta(ge=0.02, le=0.2)] | None = None
    torque_share: Annotated[float, Meta(gt=0.0, le=1.0)] | None = None
    torque_step_share: Annotated[float, Meta(gt=0.0, le=0.5)] | None = None
    debounce_ticks: Annotated[int, Meta(ge=1, le=5)] | None = None
    state_age_s: Annotated[float, Meta(ge=0.001, le=0.05)] | None = None
    command_age_s: Annotated[float, Meta(ge=0.001, le=0.05)] | None = None
    target_age_s: Annotated[float, Meta(ge=0.001, le=0.12)] | None = None
    plan_age_s: Annotated[float, Meta(ge=0.001, le=10.0)] | None = None
    heartbeat_s: Annotated[float, Meta(ge=0.001, le=2.0)] | None = None
    imu_frozen_s: Annotated[float, Meta(ge=0.001, le=0.1)] | None = None
    command_gap_s: Annotated[float, Meta(ge=0.001, le=0.1)] | None = None
    overruns: Annotated[float, Meta(gt=0.0, le=100.0)] | None = None
    crc_errors: Annotated[int, Meta(ge=1, le=15)] | None = None
    winding_c: Annotated[int, Meta(ge=1, le=120)] | None = None
    surface_c: Annotated[int, Meta(ge=1, le=85)] | None = None
    battery_percent: Annotated[int, Meta(ge=20, le=100)] | None = None
    winding_warm_c: Annotated[int, Meta(ge=1, le=110)] | None = None
    surface_warm_c: Annotated[int, Meta(ge=1, le=80)] | None = None
    battery_reserve_percent: Annotated[int, Meta(ge=25, le=100)] | None = None
