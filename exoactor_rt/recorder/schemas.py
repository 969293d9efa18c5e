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

_CONTROLLER_STATE = """# One control tick. SI units; joints in the SDK's order; left foot first.
uint8 GUARD_SILENT=0
uint8 GUARD_ACTIVE=1
uint8 GUARD_DAMPING=2
std_msgs/Header header
uint8 guard_state
uint8 trip_cause
uint8 activity
uint8 control_status
uint8 done
uint8[2] contact
uint8[3] clamped
int32 phase_index
int32 steps_done
int32 qp_failures
int32 qp_iterations
float64 late_s
float64 took_s
float64 reference_time_s
float64 blend
float64 heading_rad
float64[3] base_position_in_world
float64[4] quat_world_base_wxyz
float64[3] base_linear_velocity_in_world
float64[6] foot_force_in_world
float64[3] planned_com_in_world
float64[3] com_in_world
float64[2] planned_dcm_in_world
float64[2] dcm_in_world
float64[2] zmp_in_world
float64[6] foot_position_in_world
float64[6] foot_target_in_world
float64[29] planned_position
float64[29] wanted_position
float64[29] wanted_torque
float64[29] stiffness
float64[29] damping
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
CONTROLLER_STATE = MessageType(
    "exoactor_msgs/msg/ControllerState", _with(_CONTROLLER_STATE, _HEADER, _TIME)
)

TOPICS = {
    "/joint_states": JOINT_STATE,
    "/joint_commands": JOINT_STATE,
    "/imu": IMU,
    "/tf": TF_MESSAGE,
    "/robot_description": STRING,
    "/rosout": LOG,
    "/controller_state": CONTROLLER_STATE,
}
"""Topic -> message type of every topic in a log."""
