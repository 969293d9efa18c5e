"""What of the robot's messages reaches the guard, and what does not."""

import numpy as np
import pytest
from wire_messages import T, W, remote, state_message, with_crc

MS = 1_000_000
Problem = W.RobotProblem


def hear(intake, *messages, start_ns=0):
    """The measurements that come out, one message every 2 ms."""
    return [intake.accept(message, start_ns + 2 * MS * i) for i, message in enumerate(messages)]


def test_good_messages_are_handed_on_with_their_time_of_arrival():
    intake = W.StateIntake()
    assert intake.finding.problem == Problem.NO_STATE
    got = hear(intake, state_message(2), state_message(4))
    assert [state.stamp_ns for state in got] == [0, 2 * MS]
    assert intake.finding.problem == Problem.NONE
    assert intake.is_identified
    assert (intake.counts.received, intake.counts.accepted) == (2, 2)


def test_damaged_doubled_and_late_messages_are_dropped_and_counted():
    intake = W.StateIntake()
    damaged = bytearray(state_message(4))
    damaged[100] ^= 1
    got = hear(
        intake,
        state_message(2),
        bytes(damaged),
        state_message(6),
        state_message(6),
        state_message(4),
        state_message(8),
    )
    assert [state is not None for state in got] == [True, False, True, False, False, True]
    assert (intake.counts.bad_crc, intake.counts.not_newer) == (1, 2)


def test_the_ticks_wrap_around():
    intake = W.StateIntake()
    assert all(hear(intake, state_message(2**32 - 2), state_message(0), state_message(2)))


def test_a_restarted_robot_is_heard_again_after_a_silence():
    intake = W.StateIntake()
    assert intake.accept(state_message(50_000), 0)
    assert intake.accept(state_message(2), 900 * MS) is None
    assert intake.accept(state_message(4), 1_100 * MS)


def test_another_revision_is_withheld():
    intake = W.StateIntake()
    assert hear(intake, state_message(mode_machine=4)) == [None]
    assert not intake.is_identified
    assert "hardware revision is not the configured one, got 4, bound 5" in str(intake.finding)
    assert hear(intake, state_message(4), start_ns=2 * MS)[0] is not None


@pytest.mark.parametrize("revision", [0, 1, 2, 3, 4, 6, 9, 13, 255])
def test_only_the_revision_of_the_joint_table_is_supported(revision):
    assert W.is_supported_revision(5)
    assert not W.is_supported_revision(revision)


def test_the_operators_abort_acts_at_once():
    intake = W.StateIntake()
    one = remote(T.RemoteButton.L2)
    both = remote(T.RemoteButton.L2, T.RemoteButton.B)
    got = hear(intake, state_message(2, remote=one), state_message(4, remote=both))
    assert [state is not None for state in got] == [True, False]
    assert intake.finding.problem == Problem.REMOTE_ABORT


def one_joint(joint, value, rest=30):
    values = [rest] * 29
    values[joint] = value
    return values


@pytest.mark.parametrize(
    ("values", "problem", "text"),
    [
        ({"motor_fault": one_joint(3, 0x100, 0)}, "MOTOR_FAULT", "left_knee_joint"),
        ({"winding_temperature_c": one_joint(4, 121)}, "WINDING_HOT", "got 121 C, bound 120 C"),
        ({"surface_temperature_c": one_joint(4, 86)}, "SURFACE_HOT", "got 86 C, bound 85 C"),
    ],
)
def test_motor_findings_count_after_five_messages_in_a_row(values, problem, text):
    intake = W.StateIntake()
    bad = [state_message(2 * i + 2, **values) for i in range(4)]
    assert all(hear(intake, *bad, state_message(10)))
    worse = [state_message(2 * i + 12, **values) for i in range(6)]
    got = hear(intake, *worse, start_ns=10 * MS)
    assert [state is not None for state in got] == [True] * 4 + [False] * 2
    assert intake.finding.problem == getattr(Problem, problem)
    assert text in str(intake.finding)


def test_temperatures_at_the_limit_and_missed_commands_are_no_finding():
    intake = W.StateIntake()
    values = {
        "winding_temperature_c": [120] * 29,
        "surface_temperature_c": [85] * 29,
        "motor_fault": [T.MOTOR_TIMEOUT_FAULT] * 29,
    }
    assert all(hear(intake, *(state_message(2 * i + 2, **values) for i in range(10))))


def test_a_number_that_is_none_is_left_to_the_guard():
    message = bytearray(state_message())
    message[76:80] = np.float32(np.nan).tobytes()
    state = W.StateIntake().accept(with_crc(bytes(message)), 0)
    assert np.isnan(state.joint_position[0])
