"""Messages with known contents, for tests of the wire format."""

import numpy as np

from exoactor_rt import _core

T = _core.types
W = _core.wire
RAMP = np.arange(29)


def ramp_command():
    """A command whose every value is a float without rounding."""
    command = _core.types.JointCommand()
    command.position = 0.125 * RAMP - 1.5
    command.velocity = 0.25 * RAMP
    command.torque = -0.5 * RAMP
    command.stiffness = 2.0 * RAMP
    command.damping = 0.0625 * RAMP
    return command


def ramp_sensors():
    """A measurement whose every value is a float without rounding."""
    sensors = _core.types.SensorState()
    sensors.joint_position = 0.125 * RAMP - 1.5
    sensors.joint_velocity = 0.25 * RAMP
    sensors.joint_torque = -0.5 * RAMP
    sensors.gyro_in_imu = np.array([0.25, -0.5, 0.75])
    sensors.accel_in_imu = np.array([0.5, -0.25, 9.75])
    return sensors


def healthy(tick_ms=2, **values):
    """The health of a cool robot of revision 5."""
    health = T.RobotHealth()
    health.mode_machine = 5
    health.tick_ms = tick_ms
    for name, value in values.items():
        setattr(health, name, value)
    return health


def state_message(tick_ms=2, sensors=None, **values):
    """The LowState of a cool robot of revision 5."""
    return W.encode_state(sensors or ramp_sensors(), healthy(tick_ms, **values))


def remote(*buttons):
    """A remote controller with these buttons pressed."""
    controller = T.RemoteController()
    controller.buttons = sum(int(button) for button in buttons)
    return controller


def with_crc(message):
    """The message with its CRC made right."""
    words = np.frombuffer(message[:-4], "<u4")
    return message[:-4] + np.uint32(W.crc32(words.tolist())).tobytes()
