"""Properties of the guard over any command and any state, seeds fixed."""

import math

import numpy as np
import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from exoactor_rt import _core

Cause = _core.safety.TripCause
State = _core.safety.GuardState
LIMITS = _core.safety.GuardLimits()
FIELDS = ("position", "velocity", "torque", "stiffness", "damping")
TICK_NS = 2_000_000

ANY = st.floats(allow_nan=True, allow_infinity=True, width=64)
SANE = st.floats(-60.0, 60.0)


def healthy_state(now_ns, posture=0.1):
    state = _core.types.SensorState()
    state.stamp_ns = now_ns
    state.joint_position = np.full(29, posture)
    state.accel_in_imu = np.array([0.0, 0.0, 9.81])
    return state


def healthy_command(now_ns):
    command = _core.types.JointCommand()
    command.stamp_ns = now_ns
    command.position = np.full(29, 0.1)
    command.stiffness = np.full(29, 20.0)
    command.damping = np.full(29, 1.0)
    return command


def armed_guard(now_ns=0):
    guard = _core.safety.Guard()
    guard.enforce(healthy_command(now_ns), healthy_state(now_ns), now_ns)
    assert guard.arm(now_ns)
    return guard


def values(draw, element, count):
    return np.array(draw(st.lists(element, min_size=count, max_size=count)))


@st.composite
def any_case(draw):
    """A command and a state with a few arbitrary numbers in arbitrary places."""
    command, state = healthy_command(TICK_NS), healthy_state(TICK_NS)
    for _ in range(draw(st.integers(0, 4))):
        target = draw(st.sampled_from(["command", "state"]))
        joint = draw(st.integers(0, 28))
        fields = ("joint_position", "joint_velocity") if target == "state" else FIELDS
        owner = state if target == "state" else command
        name = draw(st.sampled_from(fields))
        array = getattr(owner, name)
        array[joint] = draw(ANY)
        setattr(owner, name, array)
    if draw(st.booleans()):
        state.quat_world_imu_wxyz = values(draw, ANY, 4)
    if draw(st.booleans()):
        state.gyro_in_imu = values(draw, ANY, 3)
    return command, state


@st.composite
def sane_case(draw):
    """A command with lawful gains and a state with lawful attitude, any magnitudes."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    scale = draw(st.sampled_from([0.1, 1.0, 10.0, 1e3, 1e9, 1e200]))
    command, state = healthy_command(TICK_NS), healthy_state(TICK_NS)
    command.position = rng.normal(size=29) * scale
    command.velocity = rng.normal(size=29) * scale
    command.torque = rng.normal(size=29) * scale
    command.stiffness = LIMITS.stiffness * rng.uniform(0, 1, 29) * rng.integers(0, 2, 29)
    command.damping = LIMITS.damping * rng.uniform(0, 1, 29) * rng.integers(0, 2, 29)
    spread = draw(st.sampled_from([0.1, 1.0, 5.0, 1e6]))
    state.joint_position = rng.normal(size=29) * spread
    state.joint_velocity = rng.normal(size=29) * spread
    return command, state


def assert_within_limits(allowed, state):
    slack = 1e-9
    q_error = allowed.position - state.joint_position
    spring = allowed.torque + allowed.stiffness * q_error
    total = spring + allowed.damping * (allowed.velocity - state.joint_velocity)
    assert np.all(np.abs(allowed.torque) <= LIMITS.torque)
    assert np.all(np.abs(spring) <= LIMITS.torque * (1 + slack))
    assert np.all(np.abs(total) <= LIMITS.torque * (1 + slack))
    margin = LIMITS.position_margin_rad
    assert np.all(allowed.position >= LIMITS.position_lower + margin)
    assert np.all(allowed.position <= LIMITS.position_upper - margin)
    assert np.all(np.abs(allowed.velocity) <= LIMITS.command_speed)
    assert np.all((allowed.stiffness >= 0) & (allowed.stiffness <= LIMITS.stiffness))
    assert np.all((allowed.damping >= 0) & (allowed.damping <= LIMITS.damping))


def assert_is_damping(allowed):
    assert not np.any(allowed.stiffness)
    assert not np.any(allowed.torque)
    assert not np.any(allowed.velocity)
    np.testing.assert_array_equal(allowed.damping, LIMITS.damping_command)


@seed(1)
@settings(max_examples=400, deadline=None)
@given(any_case())
def test_no_value_that_is_not_finite_ever_leaves(case):
    guard = armed_guard()
    allowed, status = guard.enforce(*case, TICK_NS)
    for name in FIELDS:
        assert np.all(np.isfinite(getattr(allowed, name)))
    if status.state == State.DAMPING:
        assert_is_damping(allowed)
    else:
        assert status.state == State.HOLD
        assert_within_limits(allowed, case[1])


@seed(2)
@settings(max_examples=400, deadline=None)
@given(sane_case())
def test_active_commands_never_exceed_torque_position_speed_or_gains(case):
    guard = armed_guard()
    allowed, status = guard.enforce(*case, TICK_NS)
    assert status.state == State.HOLD
    assert_within_limits(allowed, case[1])


@seed(3)
@settings(max_examples=200, deadline=None)
@given(sane_case())
def test_enforcing_twice_changes_nothing_more(case):
    guard = armed_guard()
    once, _ = guard.enforce(*case, TICK_NS)
    twice, _ = guard.enforce(once, case[1], TICK_NS)
    for name in FIELDS:
        np.testing.assert_allclose(getattr(twice, name), getattr(once, name), rtol=1e-9, atol=1e-9)


@seed(4)
@settings(max_examples=100, deadline=None)
@given(st.lists(any_case(), min_size=1, max_size=8))
def test_once_damping_always_damping(cases):
    guard = armed_guard()
    tripped = False
    for index, (command, state) in enumerate(cases, start=1):
        now_ns = TICK_NS + index
        allowed, status = guard.enforce(command, state, now_ns)
        tripped = tripped or status.state == State.DAMPING
        if tripped:
            assert status.state == State.DAMPING
            assert_is_damping(allowed)
            assert not guard.arm(now_ns)


@seed(5)
@settings(max_examples=100, deadline=None)
@given(sane_case())
def test_same_arguments_give_same_commands(case):
    outputs = [armed_guard().enforce(*case, TICK_NS)[0] for _ in range(2)]
    for name in FIELDS:
        np.testing.assert_array_equal(getattr(outputs[0], name), getattr(outputs[1], name))


@seed(6)
@settings(max_examples=100, deadline=None)
@given(st.integers(0, 28), st.sampled_from([-1.0, 1.0]), st.floats(1.001, 100.0))
def test_speeds_of_either_sign_trip_after_the_debounce(joint, sign, factor):
    guard = armed_guard()
    limit = LIMITS.measured_speed[joint]
    for tick in range(1, LIMITS.debounce_ticks + 1):
        now_ns = tick * TICK_NS
        state = healthy_state(now_ns)
        speed = np.zeros(29)
        speed[joint] = sign * limit * factor
        state.joint_velocity = speed
        _, status = guard.enforce(healthy_command(now_ns), state, now_ns)
        expected = State.DAMPING if tick == LIMITS.debounce_ticks else State.HOLD
        assert status.state == expected
    assert status.trip.cause == Cause.JOINT_SPEED
    assert status.trip.joint == joint
    assert math.isclose(status.trip.got, sign * limit * factor)
    assert status.trip.allowed == limit


@seed(7)
@settings(max_examples=100, deadline=None)
@given(st.floats(0.0, math.pi), st.floats(-math.pi, math.pi))
def test_tilt_trips_in_every_direction_and_heading_never_matters(tilt, azimuth):
    guard = armed_guard()
    half = 0.5 * tilt
    axis = math.sin(half) * np.array([math.cos(azimuth), math.sin(azimuth), 0.0])
    for tick in range(1, LIMITS.debounce_ticks + 1):
        now_ns = tick * TICK_NS
        state = healthy_state(now_ns)
        state.quat_world_imu_wxyz = np.array([math.cos(half), *axis])
        _, status = guard.enforce(healthy_command(now_ns), state, now_ns)
    if abs(tilt - LIMITS.tilt_rad) > 1e-6:
        assert (status.state == State.DAMPING) == (tilt > LIMITS.tilt_rad)


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_one_bad_number_of_a_command_trips_at_once(field, bad):
    guard = armed_guard()
    command = healthy_command(TICK_NS)
    array = getattr(command, field)
    array[17] = bad
    setattr(command, field, array)
    allowed, status = guard.enforce(command, healthy_state(TICK_NS), TICK_NS)
    assert status.trip.cause == Cause.COMMAND_NOT_FINITE
    assert status.trip.joint == 17
    assert_is_damping(allowed)
