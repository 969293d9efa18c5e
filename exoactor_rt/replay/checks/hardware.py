"""What the robot's own electronics report, where its driver records it."""

from __future__ import annotations

import numpy as np

from exoactor_rt._core.types import MOTOR_TIMEOUT_FAULT
from exoactor_rt.replay.check_limits import CheckLimits
from exoactor_rt.replay.checks.check import LOG, Check, NotRecordedError, Signal, single
from exoactor_rt.replay.checks.evidence import Evidence
from exoactor_rt.robots.g1 import joint_table
from exoactor_rt.types import FloatArray


def _column(evidence: Evidence, name: str) -> FloatArray:
    if name not in evidence.subject.ticks:
        raise NotRecordedError(f"no column {name}")
    return np.asarray(evidence.subject.ticks[name], dtype=np.float64)


def _crc(evidence: Evidence, limits: CheckLimits) -> Signal:
    return single(evidence.subject.times_s, _column(evidence, "state_crc_errors"), upper=0.0)


def _winding(evidence: Evidence, limits: CheckLimits) -> Signal:
    values = _column(evidence, "winding_c")
    upper = np.full(values.shape[1], limits.scalar.winding_c)
    return Signal(evidence.subject.times_s, values, joint_table().names, upper)


def _casing(evidence: Evidence, limits: CheckLimits) -> Signal:
    values = _column(evidence, "casing_c")
    upper = np.full(values.shape[1], limits.scalar.casing_c)
    return Signal(evidence.subject.times_s, values, joint_table().names, upper)


def _battery(evidence: Evidence, limits: CheckLimits) -> Signal:
    values = _column(evidence, "battery_percent")
    return single(evidence.subject.times_s, values, lower=limits.scalar.battery_percent)


def _motor_fault(evidence: Evidence, limits: CheckLimits) -> Signal:
    bits = _column(evidence, "motor_fault").astype(np.int64) & ~MOTOR_TIMEOUT_FAULT
    values = (bits != 0).astype(np.float64)
    return Signal(evidence.subject.times_s, values, joint_table().names, np.zeros(values.shape[1]))


def _mode_change(evidence: Evidence, limits: CheckLimits) -> Signal:
    mode = _column(evidence, "mode_machine")
    return single(evidence.subject.times_s, mode != mode[0], upper=0.0)


def _publishers(evidence: Evidence, limits: CheckLimits) -> Signal:
    values = _column(evidence, "command_publishers")
    return single(evidence.subject.times_s, values, upper=1.0)


CHECKS = (
    Check(
        "state_crc",
        "states of the robot with a wrong checksum",
        "",
        LOG,
        _crc,
        cause="any wrong checksum",
        optional=True,
    ),
    Check(
        "winding",
        "temperature of a winding",
        "C",
        LOG,
        _winding,
        limit="winding_c",
        debounce_s=1.0,
        cause="Unitree's own bound",
        optional=True,
    ),
    Check(
        "casing",
        "temperature of a casing",
        "C",
        LOG,
        _casing,
        limit="casing_c",
        debounce_s=1.0,
        cause="Unitree's own bound",
        optional=True,
    ),
    Check(
        "battery",
        "charge of the battery",
        "%",
        LOG,
        _battery,
        limit="battery_percent",
        debounce_s=1.0,
        cause="Unitree's own bound",
        optional=True,
    ),
    Check(
        "motor_fault",
        "fault told by a motor",
        "",
        LOG,
        _motor_fault,
        cause="any fault",
        optional=True,
    ),
    Check(
        "mode_change",
        "mode of the robot changed",
        "",
        LOG,
        _mode_change,
        cause="any change",
        optional=True,
    ),
    Check(
        "publishers",
        "publishers of motor commands",
        "",
        LOG,
        _publishers,
        cause="a second one makes the robot shake",
        optional=True,
    ),
)
