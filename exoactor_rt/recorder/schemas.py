"""ROS 2 message definitions of the log's topics, as text, so that viewers open it at once.

Definitions of the standard messages: ROS 2 common_interfaces, geometry2 and rcl_interfaces
(Apache-2.0, BSD-3-Clause), without their comments.
"""

from __future__ import annotations

from typing import NamedTuple

_SEPARATOR = "\n" + "=" * 80 + "\n"

_TIME = "MSG: builtin_interfaces/Time\nint32 sec\nuint32 nanosec\n"
_HEADER = "MSG: std_msgs/Header\nbuiltin_interfaces/Time stamp\nstring frame_id\n"
_VECTOR3 = "MSG: geometry_msgs/Vector3\nfloat64 x\nfloat64 y\nfloat64 z\n"
_QUATERNION = "MSG: geometry_msgs/Quaternion\nfloat64 x\nfloat64 y\nfloat64 z\nfloat64 w\n"
_TRANSFORM = (
    "MSG: geometry_msgs/Transform\n"
    "geometry_msgs/Vector3 translation\n"
    "geometry_msgs/Quaternion rotation\n"
)
_TRANSFORM_STAMPED = (
    "MSG: geometry_msgs/TransformStamped\n"
    "std_msgs/Header header\n"
    "string child_frame_id\n"
    "geometry_msgs/Transform transform\n"
)

_JOINT_STATE = """std_msgs/Header header
string[] name
float64[] position
float64[] velocity
float64[] effort
"""

_IMU = """std_msgs/Header header
geometry_msgs/Quaternion orientation
float64[9] orientation_covariance
geometry_msgs/Vector3 angular_velocity
float64[9] angular_velocity_covariance
geometry_msgs/Vector3 linear_acceleration
float64[9] linear_acceleration_covariance
"""

_LOG = """byte DEBUG=10
byte INFO=20
byte WARN=30
byte ERROR=40
byte FATAL=50
builtin_interfaces/Time stamp
uint8 level
string name
string msg
string file
string function
uint32 line
"""


class MessageType(NamedTuple):
    """A ROS 2 message type: its name and its definition with all it depends on."""

    name: str
    definition: str


def _with(definition: str, *parts: str) -> str:
    return _SEPARATOR.join((definition, *parts))


JOINT_STATE = MessageType("sensor_msgs/msg/JointState", _with(_JOINT_STATE, _HEADER, _TIME))
IMU = MessageType("sensor_msgs/msg/Imu", _with(_IMU, _HEADER, _TIME, _QUATERNION, _VECTOR3))
TF_MESSAGE = MessageType(
    "tf2_msgs/msg/TFMessage",
    _with(
        "geometry_msgs/TransformStamped[] transforms\n",
        _TRANSFORM_STAMPED,
        _HEADER,
        _TIME,
        _TRANSFORM,
        _VECTOR3,
        _QUATERNION,
    ),
)
STRING = MessageType("std_msgs/msg/String", "string data\n")
LOG = MessageType("rcl_interfaces/msg/Log", _with(_LOG, _TIME))
TOPICS = {
    "/joint_states": JOINT_STATE,
    "/joint_commands": JOINT_STATE,
    "/imu": IMU,
    "/tf": TF_MESSAGE,
    "/robot_description": STRING,
    "/rosout": LOG,
}
"""Topic -> message type of the topics for viewers."""

TICK_TOPIC = "/control_tick"
"""Every tick in full."""

INPUT_TOPIC = "/control_input"
"""What reached a tick besides the measurement, where there was something new."""

STATE_TOPIC = "/lowstate"
"""Every rt/lowstate that came, as its bytes lie in memory and its CRC sees them."""

COMMAND_TOPIC = "/lowcmd"
"""Every rt/lowcmd that went, likewise."""

SIDE_TOPICS = {
    "torso_imu": "/torso_imu",
    "left_hand": "/left_hand",
    "right_hand": "/right_hand",
    "battery": "/battery",
}
"""Name in `DdsRobot.take_side` -> topic: what a robot tells beside its states, where it does."""

ROW_TYPE_NAMES = {
    TICK_TOPIC: "exoactor_msgs/msg/ControlTick",
    INPUT_TOPIC: "exoactor_msgs/msg/ControlInput",
    STATE_TOPIC: "exoactor_msgs/msg/RawLowState",
    COMMAND_TOPIC: "exoactor_msgs/msg/RawLowCmd",
    SIDE_TOPICS["torso_imu"]: "exoactor_msgs/msg/TorsoImu",
    SIDE_TOPICS["left_hand"]: "exoactor_msgs/msg/Hand",
    SIDE_TOPICS["right_hand"]: "exoactor_msgs/msg/Hand",
    SIDE_TOPICS["battery"]: "exoactor_msgs/msg/Battery",
}
"""Topic -> type of the topics whose definition is that of their columns (`tick_table`)."""
