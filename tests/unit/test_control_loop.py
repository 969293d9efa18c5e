"""The loop's thread on a mock robot: pace, requests, records, and Python left alone."""

import threading
import time

import numpy as np
import pytest
from loop_rig import POSTURE, Rig, State, quiet_options
from standing import standing_plan

from exoactor_rt import _core
from exoactor_rt.robots import g1

Cause = _core.safety.TripCause
PERIOD_NS = 2_000_000


def test_runs_at_its_rate_for_a_second():
    rig = Rig()
    rig.loop.start()
    time.sleep(1.0)
    rig.loop.stop()
    counts = rig.loop.counts
    columns = rig.ring.drain()
    assert counts.ticks + counts.missed_periods == pytest.approx(500, abs=25)
    assert counts.dropped_records == 0
    assert len(columns["now_ns"]) == counts.ticks
    assert np.all(np.diff(columns["now_ns"]) > 0)
    assert np.count_nonzero(columns["late_ns"] > 200_000) == counts.late_ticks
    assert counts.worst_late_ns == columns["late_ns"].max()
    edges = [-1, *_core.runtime.LATENESS_EDGES_NS, 10**12]
    histogram = np.histogram(columns["late_ns"], np.array(edges) + 0.5)[0]
    np.testing.assert_array_equal(counts.lateness, histogram)


def test_starting_never_arms_and_silence_sends_nothing():
    rig = Rig(robot=_core.hal.ExchangeRobot())
    state = _core.types.SensorState()
    state.joint_position = POSTURE
    rig.loop.start()
    for _ in range(50):
        state.stamp_ns = rig.clock.now_ns()
        rig.robot.feed(state)
        time.sleep(0.002)
    rig.loop.stop()
    assert rig.loop.guard_status.state == State.SILENT
    assert rig.robot.commands_written == 0


def test_armed_on_request_and_damping_is_the_last_word():
    rig = Rig()
    rig.loop.start()
    time.sleep(0.05)
    rig.loop.request_arm()
    assert rig.wait_for(State.HOLD)
    rig.loop.stop()
    last = rig.robot.last_command
    assert not np.any(last.stiffness)
    np.testing.assert_array_equal(last.damping, _core.safety.GuardLimits().damping_command)
    assert rig.loop.guard_status.trip.cause == Cause.REQUESTED


def test_damping_lasts_until_reset():
    rig = Rig()
    rig.start_armed()
    rig.loop.request_damp()
    assert rig.wait_for(State.DAMPING)
    rig.loop.request_arm()
    time.sleep(0.05)
    assert rig.loop.guard_status.state == State.DAMPING
    assert "not silent" in rig.loop.arm_refusal
    rig.loop.request_reset()
    assert rig.wait_for(State.READY)
    time.sleep(0.05)
    rig.loop.request_arm()
    assert rig.wait_for(State.HOLD)
    rig.loop.stop()


@pytest.mark.parametrize("resets", [1, 2, 3])
def test_damping_is_the_last_word_after_a_reset_too(resets):
    rig = Rig()
    rig.start_armed()
    for state in (State.DAMPING, State.READY, State.SILENT)[:resets]:
        rig.loop.request_reset()
        assert rig.wait_for(state)
    rig.loop.stop()
    last = rig.robot.last_command
    assert not np.any(last.stiffness)
    np.testing.assert_array_equal(last.damping, _core.safety.GuardLimits().damping_command)


def test_damping_is_sent_for_a_while_at_the_end():
    rig = Rig(robot=_core.hal.ExchangeRobot())
    state = _core.types.SensorState()
    state.joint_position = POSTURE
    state.joint_torque = g1.standing_torque(POSTURE)
    state.accel_in_imu = np.array([0.0, 0.0, 9.81])
    rig.loop.start()
    for tick in range(40):
        state.stamp_ns = rig.clock.now_ns()
        state.accel_in_imu = np.array([0.0, 0.0, 9.81 + 1e-3 * (tick % 2)])
        rig.robot.feed(state)
        if tick == 10:
            rig.loop.request_arm()
        time.sleep(0.002)
    assert rig.loop.guard_status.state == State.HOLD, rig.loop.arm_refusal
    rig.loop.request_damp()
    time.sleep(0.05)
    written, begin_s = rig.robot.commands_written, time.monotonic()
    rig.loop.stop()
    assert rig.robot.commands_written >= written + 50
    assert time.monotonic() - begin_s > 0.09


def test_a_stop_before_the_first_measurement_is_told_and_blocks_arming():
    rig = Rig(robot=_core.hal.ExchangeRobot())
    rig.loop.start()
    rig.loop.request_damp()
    time.sleep(0.05)
    status = rig.loop.guard_status
    assert (status.state, status.stop_requested) == (State.SILENT, True)
    rig.loop.request_arm()
    time.sleep(0.05)
    rig.loop.stop()
    assert rig.loop.guard_status.state == State.SILENT
    assert "stop requested" in rig.loop.arm_refusal
    assert rig.robot.commands_written == 0


def test_a_hanging_robot_is_not_armed():
    rig = Rig(robot=_core.hal.MockRobot(POSTURE, np.zeros(29)))
    rig.loop.start()
    time.sleep(0.05)
    rig.loop.request_arm()
    time.sleep(0.05)
    rig.loop.stop()
    assert rig.loop.guard_status.state == State.SILENT
    assert "weight" in rig.loop.arm_refusal


def test_the_tick_belongs_to_the_loop_while_it_runs():
    rig = Rig()
    rig.start_armed()
    calls = (
        lambda: rig.tick.arm(0),
        lambda: rig.tick.damp(0),
        lambda: rig.tick.reset(0),
        lambda: rig.tick.step(_core.types.SensorState(), 0, rig.ring),
    )
    for call in calls:
        with pytest.raises(RuntimeError, match="a control loop runs it"):
            call()
    other = _core.runtime.ControlLoop(rig.robot, rig.tick, rig.clock, rig.ring, quiet_options())
    with pytest.raises(RuntimeError, match="runs elsewhere"):
        other.start()
    assert "no frame" in rig.tick.offer_plan(_core.types.Plan())
    assert rig.loop.guard_status.state == State.HOLD
    rig.loop.stop()
    assert rig.tick.guard_status.state == State.DAMPING


def test_waiting_for_a_second_plan_is_not_ended_by_the_first():
    rig = Rig()
    rig.start_armed()
    for _ in range(2):
        assert rig.tick.offer_plan(standing_plan(0.3)) == ""
        begin_s = time.monotonic()
        assert rig.loop.wait_done(5.0)
        assert time.monotonic() - begin_s > 0.25
    rig.loop.stop()


def test_the_last_command_is_a_copy():
    rig = Rig()
    rig.start_armed()
    time.sleep(0.02)
    before = rig.robot.last_command
    stamp_ns, stiffness = before.stamp_ns, before.stiffness.copy()
    rig.loop.stop()
    assert before.stamp_ns == stamp_ns
    np.testing.assert_array_equal(before.stiffness, stiffness)
    assert np.any(stiffness)


def test_a_robot_that_falls_silent_is_damped():
    rig = Rig(robot=_core.hal.ExchangeRobot())
    state = _core.types.SensorState()
    state.joint_position = POSTURE
    state.joint_torque = g1.standing_torque(POSTURE)
    state.accel_in_imu = np.array([0.0, 0.0, 9.81])
    rig.loop.start()
    for tick in range(100):
        state.stamp_ns = rig.clock.now_ns()
        state.accel_in_imu = np.array([0.0, 0.0, 9.81 + 1e-3 * (tick % 2)])
        rig.robot.feed(state)
        if tick == 20:
            rig.loop.request_arm()
        time.sleep(0.002)
    assert rig.loop.guard_status.state == State.HOLD
    assert rig.wait_for(State.DAMPING)
    written = rig.robot.commands_written
    time.sleep(0.1)
    rig.loop.stop()
    assert rig.loop.guard_status.trip.cause == Cause.STATE_AGE
    assert rig.robot.commands_written > written + 10, "damping must be streamed, not sent once"


def test_blocking_calls_leave_the_interpreter_to_others():
    rig = Rig()
    rig.loop.start()
    counted = 0
    stop = threading.Event()

    def count():
        nonlocal counted
        while not stop.is_set():
            counted += 1
            time.sleep(0.001)

    thread = threading.Thread(target=count)
    thread.start()
    time.sleep(0.05)
    before = counted
    assert not rig.loop.wait_done(0.5)
    during = counted - before
    stop.set()
    thread.join()
    rig.loop.stop()
    assert during > 50


def test_the_loop_runs_on_while_python_holds_its_lock():
    rig = Rig()
    rig.loop.start()
    time.sleep(0.05)
    before = rig.loop.counts.ticks
    until_s = time.perf_counter() + 0.3
    while time.perf_counter() < until_s:
        sum(range(2000))
    during = rig.loop.counts.ticks - before
    rig.loop.stop()
    assert during > 100


def test_a_manual_clock_makes_ticks_exact():
    clock = _core.runtime.ManualClock()
    rig = Rig(robot=_core.hal.ExchangeRobot(), clock=clock)
    state = _core.types.SensorState()
    state.joint_position = POSTURE
    rig.robot.feed(state)
    rig.loop.start()
    for tick in range(1, 11):
        assert clock.wait_for_sleeper(2.0)
        clock.advance(PERIOD_NS)
        until_s = time.monotonic() + 2.0
        while rig.loop.counts.ticks < tick and time.monotonic() < until_s:
            time.sleep(0.0005)
        time.sleep(0.002)
    rig.loop.stop()
    columns = rig.ring.drain()
    np.testing.assert_array_equal(columns["now_ns"], PERIOD_NS * np.arange(1, 11))
    assert not np.any(columns["late_ns"])


def test_a_stall_is_counted_and_not_caught_up():
    clock = _core.runtime.ManualClock()
    rig = Rig(robot=_core.hal.ExchangeRobot(), clock=clock)
    rig.loop.start()
    assert clock.wait_for_sleeper(2.0)
    clock.advance(10 * PERIOD_NS)
    time.sleep(0.1)
    counts = rig.loop.counts
    rig.loop.stop()
    assert counts.ticks == 2
    assert counts.late_ticks == 1
    assert counts.missed_periods == 8
    assert counts.blind_ticks == 2


def test_a_full_ring_drops_and_counts():
    rig = Rig()
    rig.ring = _core.runtime.RecordRing(10)
    rig.loop = _core.runtime.ControlLoop(rig.robot, rig.tick, rig.clock, rig.ring, quiet_options())
    rig.loop.start()
    time.sleep(0.2)
    rig.loop.stop()
    counts = rig.loop.counts
    assert counts.dropped_records == counts.ticks - 10
    assert len(rig.ring.drain()["now_ns"]) == 10


def test_started_once_only():
    rig = Rig()
    rig.loop.start()
    rig.loop.stop()
    with pytest.raises(RuntimeError, match="twice"):
        rig.loop.start()
