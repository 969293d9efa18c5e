"""Any bytes, any faults: the decoders hold."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from exoactor_rt import _core

T = _core.types
W = _core.wire
FLOATS = st.floats(width=32, allow_nan=False, allow_infinity=False)
JOINTS = arrays(np.float64, 29, elements=FLOATS)


@given(JOINTS, JOINTS, st.integers(0, 255))
@settings(max_examples=100)
def test_every_command_survives_the_wire(position, torque, mode_machine):
    command = _core.types.JointCommand()
    command.position, command.torque = position, torque
    message = W.encode_command(command, mode_machine)
    got = W.decode_command(message, 0)
    np.testing.assert_array_equal(got.position, position)
    np.testing.assert_array_equal(got.torque, torque)
    assert message[1] == mode_machine


def repaired(message):
    words = np.frombuffer(message[:-4], "<u4")
    return message[:-4] + np.uint32(W.crc32(words.tolist())).tobytes()


@given(st.binary(min_size=2092, max_size=2092), st.booleans(), st.integers(0, 10**15))
@settings(max_examples=300)
def test_any_bytes_are_survived_by_the_state_decoder(noise, repair, stamp_ns):
    message = repaired(noise) if repair else noise
    decoded = W.decode_state(message, stamp_ns)
    assert (decoded is not None) == (repaired(message) == message)
    intake = W.StateIntake()
    sensors = intake.accept(message, stamp_ns)
    if decoded is None:
        assert sensors is None
        assert intake.counts.bad_crc == 1
    else:
        usable = decoded[1].mode_machine == 5 and not decoded[1].remote.is_abort
        assert (sensors is not None) == usable
        assert str(intake.finding) == "" if usable else str(intake.finding) != ""


@given(st.binary(min_size=1004, max_size=1004), st.booleans())
@settings(max_examples=300)
def test_any_bytes_are_survived_by_the_motors(noise, repair):
    message = repaired(noise) if repair else noise
    gate = W.CommandGate(5, 10**8, 2.0)
    assert not gate.take(message, 0), "noise that is a whole good command"
    assert sum(gate.counts) == 1


@given(
    st.integers(0, 2**32),
    st.fixed_dictionaries(
        {name: st.floats(0.0, 1.0) for name in ("drop", "duplicate", "reorder", "corrupt")}
    ),
    st.integers(0, 20_000_000),
)
@settings(max_examples=50)
def test_a_lossy_link_never_lets_time_run_back(seed, shares, delay_ns):
    faults = W.ChannelFaults()
    faults.delay_ns = delay_ns
    for name, share in shares.items():
        setattr(faults, name, share)
    channel = W.LossyStateChannel(seed)
    channel.set_faults(faults)
    intake = W.StateIntake()
    health = T.RobotHealth()
    health.mode_machine = 5
    sensors = _core.types.SensorState()
    seen, sent_ns, received = -1.0, {}, 0
    for period in range(60):
        now_ns = 2_000_000 * period
        health.tick_ms = 2 * period + 2
        sensors.joint_position = np.full(29, float(period))
        sent_ns[period] = now_ns
        channel.send(W.encode_state(sensors, health), now_ns)
        while (message := channel.receive(now_ns)) is not None:
            received += 1
            state = intake.accept(message, now_ns)
            if state is not None:
                assert np.all(state.joint_position == state.joint_position[0])
                assert state.joint_position[0] > seen
                assert now_ns - sent_ns[int(state.joint_position[0])] >= delay_ns
                seen = state.joint_position[0]
    assert intake.counts.received == received


def test_a_clean_link_loses_nothing():
    channel = W.LossyStateChannel(0)
    health = T.RobotHealth()
    message = W.encode_state(_core.types.SensorState(), health)
    for now_ns in range(100):
        channel.send(message, now_ns)
        assert channel.receive(now_ns) == message
        assert channel.receive(now_ns) is None
