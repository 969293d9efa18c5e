"""A simulated robot's motors: what they obey, and what they do when commands fail to come."""

import numpy as np
import pytest
from wire_messages import W, with_crc

from exoactor_rt import _core
from exoactor_rt.robots import g1

MS = 1_000_000
Fault = W.CommandFault
KNEE = 4 + 28 * 3


def standing_command(**values):
    command = _core.types.JointCommand()
    command.position = g1.standing_position()
    command.stiffness = np.full(29, 50.0)
    command.damping = np.full(29, 2.0)
    for name, value in values.items():
        setattr(command, name, value)
    return command


def patched(at, value):
    """A good command with the float at a byte replaced and the CRC made right."""
    message = bytearray(W.encode_command(standing_command(), 5))
    message[at : at + 4] = np.float32(value).tobytes()
    return with_crc(bytes(message))


def with_byte(at, value):
    message = bytearray(W.encode_command(standing_command(), 5))
    message[at] = value
    return with_crc(bytes(message))


def gate():
    return W.CommandGate(5, 100 * MS, 2.0)


def test_a_good_command_is_obeyed():
    motors = gate()
    assert motors.act(0) is None
    assert motors.take(W.encode_command(standing_command(), 5), 0)
    acted = motors.act(50 * MS)
    np.testing.assert_allclose(acted.position, g1.standing_position(), atol=1e-6)
    assert not motors.is_damped


@pytest.mark.parametrize(
    ("message", "fault"),
    [
        (W.encode_command(standing_command(), 5)[:-1] + b"\xaa", "CRC"),
        (W.encode_command(standing_command(), 4), "MODE_MACHINE"),
        (with_byte(0, 1), "MODE"),
        (with_byte(KNEE, 0), "MODE"),
        (with_byte(4 + 28 * 29, 1), "MODE"),
        (patched(KNEE + 4, np.nan), "NOT_FINITE"),
        (patched(KNEE + 16, np.inf), "NOT_FINITE"),
        (patched(KNEE + 4, 2.9), "OUT_OF_LIMITS"),
        (patched(KNEE + 12, 140.0), "OUT_OF_LIMITS"),
        (patched(KNEE + 12, -140.0), "OUT_OF_LIMITS"),
        (patched(KNEE + 16, -1.0), "OUT_OF_LIMITS"),
        (patched(KNEE + 20, -1.0), "OUT_OF_LIMITS"),
    ],
)
def test_a_bad_command_is_not_obeyed_and_counted(message, fault):
    motors = gate()
    assert not motors.take(message, 0)
    assert motors.act(0) is None
    counts = dict.fromkeys(Fault.__members__, 0) | {fault: 1}
    assert dict(zip(Fault.__members__, motors.counts, strict=True)) == counts


def test_commands_that_fail_to_come_end_in_damping_for_good():
    motors = gate()
    message = W.encode_command(standing_command(), 5)
    motors.take(message, 0)
    assert np.any(motors.act(100 * MS).stiffness)
    damped = motors.act(101 * MS)
    assert motors.timed_out
    motors.take(message, 102 * MS)
    for command in (damped, motors.act(103 * MS)):
        assert not np.any(command.stiffness)
        assert not np.any(command.torque)
        np.testing.assert_array_equal(command.damping, np.full(29, 2.0))
    assert motors.longest_gap_ns == 102 * MS


def test_bad_commands_do_not_keep_the_motors_awake():
    motors = gate()
    motors.take(W.encode_command(standing_command(), 5), 0)
    for time_ms in range(2, 120, 2):
        motors.take(W.encode_command(standing_command(), 4), time_ms * MS)
    assert not np.any(motors.act(120 * MS).stiffness)


def test_damping_is_known_as_such():
    motors = gate()
    motors.take(W.encode_command(standing_command(stiffness=np.zeros(29)), 5), 0)
    assert motors.is_damped
