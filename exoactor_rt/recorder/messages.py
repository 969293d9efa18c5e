"""The log's messages, packed from plain numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from exoactor_rt.recorder.cdr import CdrWriter
from exoactor_rt.types import FloatArray

Severity = Literal["info", "warning", "error"]
_LEVELS: dict[Severity, int] = {"info": 20, "warning": 30, "error": 40}
_UNKNOWN_COVARIANCE = (0.0,) * 9

_FLAGS = ("guard_state", "trip_cause", "activity", "control_status", "done")
_FLAG_ARRAYS = ("contact", "clamped")
_COUNTS = ("phase_index", "steps_done", "qp_failures", "qp_iterations")
_NUMBERS = (
    "reference_time_s",
    "blend",
    "heading_rad",
    "base_position_in_world",
    "quat_world_base_wxyz",
    "base_linear_velocity_in_world",
    "foot_force_in_world",
    "planned_com_in_world",
    "com_in_world",
    "planned_dcm_in_world",
    "dcm_in_world",
    "zmp_in_world",
    "foot_position_in_world",
    "foot_target_in_world",
    "planned_position",
    "wanted_position",
    "wanted_torque",
    "sent_stiffness",
    "sent_damping",
)


def pack_joint_state(
    stamp_ns: int,
    names: Sequence[str],
    position: FloatArray,
    velocity: FloatArray,
    effort: FloatArray,
) -> bytes:
    """sensor_msgs/msg/JointState: rad, rad/s, Nm."""
    writer = CdrWriter().header(stamp_ns, "").string_sequence(names)
    writer.float64_sequence(position).float64_sequence(velocity).float64_sequence(effort)
    return writer.payload()


def pack_imu(
    stamp_ns: int, quat_world_imu_wxyz: FloatArray, gyro: FloatArray, accel: FloatArray
) -> bytes:
    """sensor_msgs/msg/Imu: rad/s and specific force, m/s^2, in the pelvis IMU's frame."""
    writer = CdrWriter().header(stamp_ns, "imu_in_pelvis")
    writer.float64(quat_world_imu_wxyz[[1, 2, 3, 0]]).float64(_UNKNOWN_COVARIANCE)
    writer.float64(gyro).float64(_UNKNOWN_COVARIANCE)
    writer.float64(accel).float64(_UNKNOWN_COVARIANCE)
    return writer.payload()


def pack_transforms(stamp_ns: int, poses: Mapping[str, tuple[FloatArray, FloatArray]]) -> bytes:
    """tf2_msgs/msg/TFMessage.

    Args:
        stamp_ns: time of all poses.
        poses: child frame -> (position in world [3] m, quat_world_child_wxyz [4]).
    """
    writer = CdrWriter().uint32(len(poses))
    for child, (position, quat_wxyz) in poses.items():
        writer.header(stamp_ns, "world").string(child)
        writer.float64(position).float64(quat_wxyz[[1, 2, 3, 0]])
    return writer.payload()


def pack_string(text: str) -> bytes:
    """std_msgs/msg/String."""
    return CdrWriter().string(text).payload()


def pack_log(stamp_ns: int, severity: Severity, source: str, text: str) -> bytes:
    """rcl_interfaces/msg/Log."""
    writer = CdrWriter().time(stamp_ns).uint8(_LEVELS[severity]).string(source).string(text)
    return writer.string("").string("").uint32(0).payload()


def pack_controller_state(tick: Mapping[str, Any]) -> bytes:
    """exoactor_msgs/msg/ControllerState, of one row of `RecordRing.drain()`."""
    writer = CdrWriter().header(int(tick["now_ns"]), "world")
    writer.uint8(*(int(tick[name]) for name in _FLAGS))
    for name in _FLAG_ARRAYS:
        writer.uint8(*(int(value) for value in tick[name]))
    for name in _COUNTS:
        writer.int32(int(tick[name]))
    writer.float64(1e-9 * tick["late_ns"]).float64(1e-9 * tick["took_ns"])
    for name in _NUMBERS:
        writer.float64(tick[name])
    return writer.payload()
