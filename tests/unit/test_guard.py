"""The guard's states, its trips one by one, and the words it says."""

import numpy as np
import pytest

from exoactor_rt import _core

Cause = _core.safety.TripCause
State = _core.safety.GuardState
LIMITS = _core.safety.GuardLimits()
TICK_NS = 2_000_000


def state_at(now_ns, **fields):
    state = _core.types.SensorState()
    state.stamp_ns = now_ns
    state.joint_position = np.full(29, 0.1)
    state.accel_in_imu = np.array([0.0, 0.0, 9.81 + 1e-12 * now_ns])
    for name, value in fields.items():
        setattr(state, name, value)
    return state


def command_at(now_ns, **fields):
    command = _core.types.JointCommand()
    command.stamp_ns = now_ns
    command.position = np.full(29, 0.1)
    for name, value in fields.items():
        setattr(command, name, value)
    return command


def armed():
    guard = _core.safety.Guard()
    guard.enforce(command_at(0), state_at(0), 0)
    assert guard.arm(0)
    return guard


def one_joint(joint, value, rest=0.0):
    array = np.full(29, rest)
    array[joint] = value
    return array


def run(guard, ticks, **state_fields):
    for tick in range(1, ticks + 1):
        now_ns = tick * TICK_NS
        _, status = guard.enforce(command_at(now_ns), state_at(now_ns, **state_fields), now_ns)
    return status


def test_starts_silent_and_sends_nothing():
    guard = _core.safety.Guard()
    command = command_at(0, torque=np.full(29, 3.0), stiffness=np.full(29, 20.0))
    allowed, status = guard.enforce(command, state_at(0), 0)
    assert status.state == State.SILENT
    assert not status.may_send
    for name in ("position", "velocity", "torque", "stiffness", "damping"):
        assert not np.any(getattr(allowed, name))


def test_never_armed_by_itself():
    assert run(_core.safety.Guard(), 100).state == State.SILENT


def test_arm_needs_a_healthy_and_fresh_state():
    guard = _core.safety.Guard()
    assert not guard.arm(0)
    guard.enforce(command_at(0), state_at(0, joint_velocity=one_joint(3, np.nan)), 0)
    assert not guard.arm(0)
    guard.enforce(command_at(0), state_at(0), 0)
    assert not guard.arm(LIMITS.state_age_ns + 1)
    assert not guard.arm(-1)
    assert guard.arm(LIMITS.state_age_ns)
    assert not guard.arm(LIMITS.state_age_ns), "armed twice"


@pytest.mark.parametrize(
    "fields",
    [
        {"quat_world_imu_wxyz": np.array([0.7, 0.0, np.sqrt(0.51), 0.0])},
        {"gyro_in_imu": np.array([0.0, 7.0, 0.0])},
        {"joint_velocity": one_joint(3, -11.0)},
        {"joint_position": one_joint(3, -0.4)},
    ],
)
def test_arming_waits_for_no_debounce(fields):
    guard = _core.safety.Guard()
    guard.enforce(command_at(0), state_at(0, **fields), 0)
    assert not guard.arm(0)


def test_a_lawful_command_passes_untouched():
    guard = armed()
    command = command_at(
        TICK_NS,
        position=np.full(29, 0.12),
        velocity=np.full(29, 0.3),
        torque=np.full(29, 1.0),
        stiffness=np.full(29, 20.0),
        damping=np.full(29, 1.0),
    )
    allowed, status = guard.enforce(command, state_at(TICK_NS), TICK_NS)
    for name in ("position", "velocity", "torque", "stiffness", "damping"):
        np.testing.assert_array_equal(getattr(allowed, name), getattr(command, name))
    assert status.clamped_position == status.clamped_velocity == status.clamped_torque == 0
    assert allowed.stamp_ns == TICK_NS


def test_stale_state_trips():
    guard = armed()
    now_ns = LIMITS.state_age_ns
    _, status = guard.enforce(command_at(now_ns), state_at(0), now_ns)
    assert status.state == State.HOLD
    _, status = guard.enforce(command_at(now_ns + 1), state_at(0), now_ns + 1)
    assert status.trip.cause == Cause.STATE_AGE


def test_stale_command_trips():
    guard = armed()
    now_ns = LIMITS.command_age_ns + 1
    _, status = guard.enforce(command_at(0), state_at(now_ns), now_ns)
    assert status.trip.cause == Cause.COMMAND_AGE


@pytest.mark.parametrize("which", ["state", "command", "now"])
def test_time_that_runs_backwards_trips(which):
    guard = armed()
    guard.enforce(command_at(TICK_NS), state_at(TICK_NS), TICK_NS)
    now_ns = TICK_NS - 1 if which == "now" else 2 * TICK_NS
    state = state_at(now_ns + (which == "state"))
    command = command_at(now_ns + (which == "command"))
    _, status = guard.enforce(command, state, now_ns)
    assert status.trip.cause == Cause.CLOCK


@pytest.mark.parametrize("field", ["stiffness", "damping"])
@pytest.mark.parametrize("side", ["below", "above"])
def test_gains_out_of_bounds_trip(field, side):
    guard = armed()
    bad = -1e-3 if side == "below" else getattr(LIMITS, field)[5] * 1.001
    command = command_at(TICK_NS, **{field: one_joint(5, bad)})
    _, status = guard.enforce(command, state_at(TICK_NS), TICK_NS)
    assert status.trip.cause == getattr(Cause, field.upper())
    assert status.trip.joint == 5


def test_a_flicker_shorter_than_the_debounce_does_not_trip():
    guard = armed()
    fast = one_joint(3, -1.01 * LIMITS.measured_speed[3])
    for tick in range(1, 200):
        now_ns = tick * TICK_NS
        calm = tick % LIMITS.debounce_ticks == 0
        state = state_at(now_ns, joint_velocity=np.zeros(29) if calm else fast)
        _, status = guard.enforce(command_at(now_ns), state, now_ns)
    assert status.state == State.HOLD


@pytest.mark.parametrize("sign", [-1.0, 1.0])
def test_position_far_outside_its_range_trips(sign):
    edge = LIMITS.position_upper[3] if sign > 0 else LIMITS.position_lower[3]
    near = one_joint(3, edge + sign * 0.9 * LIMITS.position_overrun_rad, rest=0.1)
    far = one_joint(3, edge + sign * 1.1 * LIMITS.position_overrun_rad, rest=0.1)
    assert run(armed(), 20, joint_position=near).state == State.HOLD
    status = run(armed(), LIMITS.debounce_ticks, joint_position=far)
    assert (status.trip.cause, status.trip.joint) == (Cause.JOINT_POSITION, 3)


def test_gyro_trips_on_its_magnitude():
    spin = np.array([-4.0, 4.0, -4.0])
    assert run(armed(), LIMITS.debounce_ticks - 1, gyro_in_imu=spin).state == State.HOLD
    assert run(armed(), LIMITS.debounce_ticks, gyro_in_imu=spin).trip.cause == Cause.GYRO


def test_attitude_that_is_no_rotation_trips_at_once():
    guard = armed()
    state = state_at(TICK_NS, quat_world_imu_wxyz=np.zeros(4))
    _, status = guard.enforce(command_at(TICK_NS), state, TICK_NS)
    assert status.trip.cause == Cause.ATTITUDE


def test_a_glitch_of_the_encoder_cannot_throw_the_joint():
    """Before the debounce ends the target stays in range and the torque within its limit."""
    guard = armed()
    command = command_at(TICK_NS, stiffness=np.full(29, 50.0), damping=np.full(29, 2.0))
    state = state_at(TICK_NS, joint_position=one_joint(18, 1e6, rest=0.1))
    state.joint_velocity = one_joint(18, -1e6)
    allowed, status = guard.enforce(command, state, TICK_NS)
    assert status.state == State.HOLD
    assert LIMITS.position_lower[18] < allowed.position[18] < LIMITS.position_upper[18]
    assert abs(allowed.velocity[18]) <= LIMITS.command_speed[18]
    true_torque = allowed.stiffness[18] * (allowed.position[18] - 0.1)
    assert abs(true_torque) < LIMITS.torque[18]


def test_stop_by_the_operator_and_reset():
    guard = armed()
    guard.damp(TICK_NS)
    allowed, status = guard.enforce(command_at(TICK_NS), state_at(TICK_NS), TICK_NS)
    assert status.trip.cause == Cause.REQUESTED
    np.testing.assert_array_equal(allowed.damping, LIMITS.damping_command)
    assert not guard.arm(TICK_NS)
    guard.reset(TICK_NS)
    assert guard.status.state == State.READY
    assert not guard.arm(TICK_NS), "armed on a state from before the reset"
    guard.enforce(command_at(2 * TICK_NS), state_at(2 * TICK_NS), 2 * TICK_NS)
    assert guard.arm(2 * TICK_NS)


def test_reset_never_leaves_a_driven_robot_undamped():
    guard = armed()
    guard.reset(TICK_NS)
    allowed, status = guard.enforce(command_at(TICK_NS), state_at(TICK_NS), TICK_NS)
    assert (status.state, status.trip.cause) == (State.DAMPING, Cause.REQUESTED)
    np.testing.assert_array_equal(allowed.damping, LIMITS.damping_command)
    guard.reset(TICK_NS)
    allowed, status = guard.enforce(command_at(TICK_NS), state_at(TICK_NS), TICK_NS)
    assert status.state == State.READY
    np.testing.assert_array_equal(allowed.damping, LIMITS.damping_command)
    guard.reset(TICK_NS)
    assert guard.status.state == State.SILENT
    guard.damp(2 * TICK_NS)
    allowed, status = guard.enforce(command_at(0), state_at(2 * TICK_NS), 2 * TICK_NS)
    assert status.may_send, "a robot driven before is damped from silence"
    np.testing.assert_array_equal(allowed.damping, LIMITS.damping_command)


def test_a_stop_before_the_first_arming_keeps_silent_and_unarmed():
    guard = _core.safety.Guard()
    guard.damp(0)
    _, status = guard.enforce(command_at(0), state_at(0), 0)
    assert (status.state, status.may_send, status.stop_requested) == (State.SILENT, False, True)
    assert not guard.arm(0)
    guard.reset(0)
    guard.enforce(command_at(1), state_at(1), 1)
    assert guard.arm(1)


def test_the_first_trip_is_the_one_reported():
    guard = armed()
    bad = command_at(TICK_NS, torque=one_joint(0, np.nan))
    guard.enforce(bad, state_at(TICK_NS), TICK_NS)
    later = 10 * LIMITS.state_age_ns
    _, status = guard.enforce(command_at(0), state_at(0), later)
    assert status.trip.cause == Cause.COMMAND_NOT_FINITE
    assert status.trip.stamp_ns == TICK_NS


def test_a_trip_says_where_what_got_and_allowed():
    status = run(armed(), LIMITS.debounce_ticks, joint_velocity=one_joint(3, -12.5))
    assert str(status.trip) == (
        "guard at 0.010 s: left_knee_joint joint_speed got -12.5 rad/s, allowed 10 rad/s; damping"
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("torque", np.zeros(29)),
        ("measured_speed", np.full(29, np.nan)),
        ("damping_command", np.full(29, -1.0)),
        ("position_upper", np.full(29, -9.0)),
        ("tilt_rad", 0.0),
        ("state_age_ns", 0),
        ("debounce_ticks", 0),
    ],
)
def test_limits_that_cannot_be_enforced_are_refused(name, value):
    limits = _core.safety.GuardLimits()
    assert _core.safety.find_fault(limits) == ""
    setattr(limits, name, value)
    assert _core.safety.find_fault(limits) != ""
    with pytest.raises(ValueError, match="guard limits"):
        _core.safety.Guard(limits)


def test_speed_may_be_raised_to_the_motor_s_rating_and_no_further():
    guard = armed()
    guard.raise_speed(np.full(29, 1e3))
    np.testing.assert_array_equal(guard.speed_limit, LIMITS.speed_ceiling)
    guard.raise_speed(np.full(29, np.nan))
    np.testing.assert_array_equal(guard.speed_limit, LIMITS.measured_speed)
    guard.raise_speed(np.full(29, 1.0))
    np.testing.assert_array_equal(guard.speed_limit, LIMITS.measured_speed)


@pytest.mark.parametrize("forget", ["restore", "reset"])
def test_a_raised_speed_does_not_outlast_its_use(forget):
    guard = armed()
    guard.raise_speed(np.full(29, 1e3))
    if forget == "restore":
        guard.restore_speed()
    else:
        guard.reset(0)
        guard.reset(0)
    np.testing.assert_array_equal(guard.speed_limit, LIMITS.measured_speed)


def test_a_raised_speed_above_the_rating_still_trips():
    guard = armed()
    guard.raise_speed(np.full(29, 1e3))
    trip = run(guard, LIMITS.debounce_ticks, joint_velocity=one_joint(3, -20.5)).trip
    assert (trip.cause, trip.joint, trip.allowed) == (Cause.JOINT_SPEED, 3, 20.0)


@pytest.mark.parametrize("oscillating", [False, True])
def test_sustained_speed_trips_where_a_short_burst_does_not(oscillating):
    """18 rad/s, one way or to and fro, within the knee's rating."""
    guard = armed()
    guard.raise_speed(np.full(29, 1e3))

    def trip_after(ticks, begin):
        for tick in range(begin, begin + ticks):
            speed = -18.0 if oscillating and tick % 4 < 2 else 18.0
            now_ns = tick * TICK_NS
            state = state_at(now_ns, joint_velocity=one_joint(3, speed))
            _, status = guard.enforce(command_at(now_ns), state, now_ns)
        return status

    assert trip_after(30, 1).state == State.HOLD, "60 ms of a swing"
    assert trip_after(30, 31).trip.cause == Cause.SUSTAINED_SPEED


def test_one_glitch_hardly_moves_the_sustained_speed():
    guard = armed()
    guard.raise_speed(np.full(29, 1e3))
    for tick in range(1, 40):
        now_ns = tick * TICK_NS
        speed = 1e6 if tick % 8 == 0 else 0.0
        state = state_at(now_ns, joint_velocity=one_joint(3, speed))
        _, status = guard.enforce(command_at(now_ns), state, now_ns)
    assert status.state == State.HOLD
