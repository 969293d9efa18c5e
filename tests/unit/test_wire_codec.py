"""The robot's messages byte by byte; golden CRCs are those of Unitree's own library."""

import struct

import numpy as np
import pytest
from wire_messages import T, W, healthy, ramp_command, ramp_sensors, remote, state_message

MOTOR_COMMAND = struct.Struct("<B3x5fI")
MOTOR_STATE = struct.Struct("<B3x4f2hf2II4I")


def bitwise_crc(words):
    """The CRC by its definition, bit by bit."""
    crc = 0xFFFFFFFF
    for word in words:
        for bit in range(31, -1, -1):
            top = (crc >> 31) ^ ((word >> bit) & 1)
            crc = ((crc << 1) & 0xFFFFFFFF) ^ (0x04C11DB7 if top else 0)
    return crc


def test_crc_is_the_one_of_its_definition():
    words = np.random.default_rng(0).integers(0, 2**32, 250, dtype=np.uint32).tolist()
    assert W.crc32(words) == bitwise_crc(words)
    assert W.crc32([]) == 0xFFFFFFFF


def test_command_bytes():
    message = W.encode_command(ramp_command(), 5)
    assert len(message) == W.LOW_CMD_SIZE == 1004
    assert message[:4] == bytes([0, 5, 0, 0])
    assert struct.unpack("<I", message[-4:])[0] == 0x714138A7
    for joint in range(35):
        got = MOTOR_COMMAND.unpack_from(message, 4 + 28 * joint)
        ramp = (1, 0.125 * joint - 1.5, 0.25 * joint, -0.5 * joint, 2.0 * joint, 0.0625 * joint, 0)
        assert got == (ramp if joint < 29 else (0,) * 7)
        assert message[5 + 28 * joint : 8 + 28 * joint] == bytes(3)
    assert message[984:1000] == bytes(16)


def test_command_there_and_back():
    wanted = ramp_command()
    got = W.decode_command(W.encode_command(wanted, 5), 7)
    assert got.stamp_ns == 7
    for name in ("position", "velocity", "torque", "stiffness", "damping"):
        np.testing.assert_array_equal(getattr(got, name), getattr(wanted, name))


def test_state_bytes():
    message = W.encode_state(
        ramp_sensors(),
        healthy(
            123456,
            imu_temperature_c=41,
            surface_temperature_c=[30 + joint for joint in range(29)],
            winding_temperature_c=[40 + joint for joint in range(29)],
            motor_fault=[joint % 3 for joint in range(29)],
            remote=remote(T.RemoteButton.L2, T.RemoteButton.B),
        ),
    )
    assert len(message) == W.LOW_STATE_SIZE == 2092
    assert struct.unpack("<I", message[-4:])[0] == 0x5CBBD553
    assert struct.unpack_from("<2I2B2xI", message) == (0, 0, 0, 5, 123456)
    assert struct.unpack_from("<13fh", message, 16) == (
        *(1, 0, 0, 0),
        *(0.25, -0.5, 0.75),
        *(0.5, -0.25, 9.75),
        *(0, 0, 0),
        41,
    )
    joint = 7
    got = MOTOR_STATE.unpack_from(message, 72 + 56 * joint)
    assert got[:5] == (1, 0.125 * joint - 1.5, 0.25 * joint, 0, -0.5 * joint)
    assert got[5:7] == (37, 47)
    assert got[10] == joint % 3
    assert message[2032 + 2 : 2032 + 4] == bytes([0x20, 0x02])


def test_state_there_and_back():
    told = healthy(
        99,
        surface_temperature_c=list(range(29)),
        motor_fault=[2**31 + joint for joint in range(29)],
        remote=remote(T.RemoteButton.START, T.RemoteButton.LEFT),
    )
    told.remote.left_y = 0.5
    sensors, health = W.decode_state(W.encode_state(ramp_sensors(), told), 11)
    assert (sensors.stamp_ns, health.stamp_ns, health.tick_ms) == (11, 11, 99)
    assert (health.mode_machine, health.remote.left_y) == (5, 0.5)
    assert health.surface_temperature_c == told.surface_temperature_c
    assert health.motor_fault == told.motor_fault
    assert health.remote.is_pressed(T.RemoteButton.LEFT)
    assert not health.remote.is_abort
    for name in ("joint_position", "joint_velocity", "joint_torque", "gyro_in_imu", "accel_in_imu"):
        np.testing.assert_array_equal(getattr(sensors, name), getattr(ramp_sensors(), name))


def test_any_flipped_bit_is_found():
    message = bytearray(state_message())
    for bit in range(0, 8 * len(message), 37):
        message[bit // 8] ^= 1 << bit % 8
        assert W.decode_state(bytes(message), 0) is None
        message[bit // 8] ^= 1 << bit % 8
    assert W.decode_state(bytes(message), 0) is not None


def test_another_size_is_refused():
    with pytest.raises(ValueError, match="2091 bytes, must be 2092"):
        W.decode_state(state_message()[:-1], 0)
    with pytest.raises(ValueError, match="must be 1004"):
        W.decode_command(b"", 0)
