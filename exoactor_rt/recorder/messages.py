"""The log's messages, packed from plain numbers."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import Literal

from exoactor_rt.recorder.cdr import CdrWriter
from exoactor_rt.types import FloatArray

Severity = Literal["info", "warning", "error"]
LEVELS: dict[Severity, int] = {"info": 20, "warning": 30, "error": 40}
_UNKNOWN_COVARIANCE = (0.0,) * 9


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
    writer = CdrWriter().time(stamp_ns).uint8(LEVELS[severity]).string(source).string(text)
    return writer.string("").string("").uint32(0).payload()


def unpack_log(payload: bytes) -> tuple[int, Severity, str]:
    """(stamp_ns, severity, text) of a packed rcl_interfaces/msg/Log.

    Raises:
        ValueError: the payload is no such message.
    """
    try:
        seconds, nanoseconds, level, name_bytes = struct.unpack_from("<iIB3xI", payload, 4)
        at = 20 + name_bytes + (-name_bytes) % 4
        (text_bytes,) = struct.unpack_from("<I", payload, at)
        text = payload[at + 4 : at + 3 + text_bytes].decode()
    except (struct.error, UnicodeDecodeError) as error:
        raise ValueError(f"damaged event: {error}") from error
    severities = [name for name, number in LEVELS.items() if number <= level]
    return seconds * 1_000_000_000 + nanoseconds, severities[-1] if severities else "info", text
