"""The controller without a simulator: refusals, failures, determinism."""

import sys
from pathlib import Path

import numpy as np
import pytest

from exoactor_rt import _core
from exoactor_rt.robots import g1

sys.path.insert(0, str(Path(__file__).parents[1] / "sim"))
from plans import plan, posture_track, stance, straight_steps, walk_plan

PERIOD_NS = 2_000_000
Status = _core.control.ControlStatus
Link = _core.model.Link


@pytest.fixture(scope="module")
def model():
    return _core.model.RobotModel(str(g1.model_path()))


def standing_state(tick=0):
    """At rest on both feet, soles at z = 0."""
    state = _core.types.RobotState()
    state.stamp_ns = tick * PERIOD_NS
    state.joint_position = g1.standing_position()
    state.base_position_in_world = np.array([0, 0, 0.7431])
    return state


def violent_state(tick):
    """A state that no bounded torque can answer: the knees move beyond all limits."""
    state = standing_state(tick)
    speed = np.zeros(29)
    speed[[3, 9]] = 300.0
    state.joint_velocity = speed
    return state


def broken_state(tick):
    """A state that no solver can answer."""
    state = standing_state(tick)
    state.base_linear_velocity_in_world = np.full(3, np.nan)
    state.joint_position = np.full(29, np.nan)
    return state


def test_commands_hold_the_weight_within_limits(model):
    controller = _core.control.WholeBodyController(model)
    command = controller.step(standing_state(), 0)
    telemetry = controller.telemetry
    assert telemetry.status == Status.OK and telemetry.qp_status == 0
    force = np.sum(telemetry.planned_foot_force_in_world, axis=0)
    assert force[2] == pytest.approx(9.81 * model.mass_kg, rel=0.1)
    assert (np.abs(command.torque) <= 0.95 * g1.joint_table().effort_nm + 1e-9).all()
    assert (command.stiffness[:12] == 0).all() and (command.stiffness[12:] == 20).all()
    assert (command.damping > 0).all()
    assert command.stamp_ns == 0


def test_the_command_is_the_robots_own_dynamics(model):
    """Some base acceleration and foot wrenches explain the torques, with both soles at rest."""
    rng = np.random.default_rng(7)
    for _ in range(5):
        controller = _core.control.WholeBodyController(model)
        controller.step(standing_state(0), 0)
        state = standing_state(1)
        state.joint_position = state.joint_position + 0.02 * rng.normal(size=29)
        state.joint_velocity = 0.1 * rng.normal(size=29)
        state.base_linear_velocity_in_world = 0.05 * rng.normal(size=3)
        before = controller.step(standing_state(0), 0).velocity
        command = controller.step(state, PERIOD_NS)
        assert controller.telemetry.status == Status.OK
        joints = command.velocity - 0.99 * before - 0.01 * state.joint_velocity
        joints /= 1e-9 * PERIOD_NS
        dynamics = model.update(
            state.base_position_in_world,
            state.quat_world_base_wxyz,
            state.base_linear_velocity_in_world,
            state.base_angular_velocity_in_base,
            state.joint_position,
            state.joint_velocity,
        )
        left, right = dynamics.link(Link.LEFT_FOOT), dynamics.link(Link.RIGHT_FOOT)
        base = np.linalg.solve(
            left.jacobian[:, :6],
            -20 * left.velocity - left.bias_acceleration - left.jacobian[:, 6:] @ joints,
        )
        acceleration = np.concatenate([base, joints])
        np.testing.assert_allclose(
            right.jacobian @ acceleration,
            -20 * right.velocity - right.bias_acceleration,
            atol=2e-2,
        )
        unexplained = dynamics.mass_matrix @ acceleration + dynamics.bias_force
        unexplained[6:] -= command.torque
        lever = np.vstack([left.jacobian, right.jacobian]).T
        wrench = np.linalg.lstsq(lever, unexplained, rcond=None)[0]
        np.testing.assert_allclose(lever @ wrench, unexplained, atol=1e-2)
        for force, planned in zip(
            (wrench[:3], wrench[6:9]), controller.telemetry.planned_foot_force_in_world, strict=True
        ):
            np.testing.assert_allclose(force, planned, atol=0.5)
            assert np.abs(force[:2]).max() <= 0.35 * force[2]


def test_impossible_limits_are_relaxed_torques_are_not_and_then_it_damps(model):
    controller = _core.control.WholeBodyController(model)
    controller.step(standing_state(0), 0)
    for tick in range(1, 100):
        command = controller.step(violent_state(tick), tick * PERIOD_NS)
        assert controller.telemetry.status == Status.RELAXED
        assert (np.abs(command.torque) <= 0.95 * g1.joint_table().effort_nm + 1e-9).all()
    assert controller.telemetry.qp_relaxed == 99
    assert controller.telemetry.qp_failures == 0
    command = controller.step(violent_state(100), 100 * PERIOD_NS)
    assert controller.telemetry.status == Status.FAILED
    assert (command.torque == 0).all() and (command.damping > 0).all()


def test_failing_qp_keeps_the_last_solution_and_then_damps(model):
    controller = _core.control.WholeBodyController(model)
    good = controller.step(standing_state(0), 0).torque
    held = controller.step(broken_state(1), PERIOD_NS)
    assert controller.telemetry.status == Status.HELD_SOLUTION
    assert controller.telemetry.qp_failures == 1
    np.testing.assert_array_equal(held.torque, good)
    assert np.isfinite([held.position, held.velocity]).all()
    for tick in range(2, 12):
        damped = controller.step(broken_state(tick), tick * PERIOD_NS)
    assert controller.telemetry.status == Status.FAILED
    assert (damped.torque == 0).all() and (damped.stiffness == 0).all()
    assert (damped.damping > 0).all() and np.isfinite(damped.position).all()
    controller.step(standing_state(13), 13 * PERIOD_NS)
    assert controller.telemetry.status == Status.FAILED, "latched until reset"
    controller.reset()
    controller.step(standing_state(14), 14 * PERIOD_NS)
    assert controller.telemetry.status == Status.OK


def test_nothing_is_pulled_before_the_first_good_state(model):
    command = _core.control.WholeBodyController(model).step(broken_state(0), 0)
    assert (command.torque == 0).all() and (command.stiffness == 0).all()
    assert (command.damping > 0).all() and np.isfinite(command.position).all()


@pytest.mark.parametrize(
    ("state", "failures", "relaxed"), [(broken_state, 1, 0), (violent_state, 0, 1)]
)
def test_one_failure_is_forgiven(model, state, failures, relaxed):
    controller = _core.control.WholeBodyController(model)
    controller.step(standing_state(0), 0)
    command = controller.step(state(1), PERIOD_NS)
    assert np.isfinite(command.torque).all()
    controller.step(standing_state(2), 2 * PERIOD_NS)
    telemetry = controller.telemetry
    assert telemetry.status == Status.OK
    assert (telemetry.qp_failures, telemetry.qp_relaxed) == (failures, relaxed)


def with_step(**fields):
    made = walk_plan(straight_steps(2, 0.1))
    steps = made.steps
    for name, value in fields.items():
        setattr(steps[1], name, value)
    made.steps = steps
    return made


def broken_posture():
    track = posture_track(1.0)
    track.com_height = np.full(3, 0.65)
    return plan(track, [stance(0, 1.0)])


def not_finite_posture():
    track = posture_track(1.0)
    joints = track.joint_position
    joints[3, 20] = np.nan
    track.joint_position = joints
    return plan(track, [stance(0, 1.0)])


def unwalked_steps():
    made = walk_plan(straight_steps(2, 0.1))
    made.phases = [phase for phase in made.phases if phase.kind == _core.types.PhaseKind.STANCE]
    return made


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: with_step(forward_m=0.8), "step 1 forward_m 0.8"),
        (lambda: with_step(lateral_m=0.05), "step 1 lateral_m 0.05"),
        (lambda: with_step(swing_s=float("nan")), "step 1 swing_s nan"),
        (broken_posture, "differ in length"),
        (not_finite_posture, "not finite"),
        (unwalked_steps, "steps that no phase walks"),
        (_core.types.Plan, "posture has no frame"),
    ],
)
def test_refuses_a_broken_plan_in_one_line(model, make, words):
    controller = _core.control.WholeBodyController(model)
    reason = controller.offer_plan(make())
    assert words in reason and reason.endswith("plan refused") and "\n" not in reason
    controller.step(standing_state(), 0)
    assert not controller.telemetry.has_plan


def test_reset_forgets_a_waiting_plan(model):
    controller = _core.control.WholeBodyController(model)
    assert controller.offer_plan(walk_plan(straight_steps(2, 0.0))) == ""
    controller.reset()
    controller.step(standing_state(), 0)
    assert not controller.telemetry.has_plan


def test_repeats_bit_for_bit(model):
    def last_command():
        controller = _core.control.WholeBodyController(model)
        assert controller.offer_plan(walk_plan(straight_steps(2, 0.1))) == ""
        for tick in range(300):
            command = controller.step(standing_state(tick), tick * PERIOD_NS)
        return command

    first, second = last_command(), last_command()
    assert first.torque.tobytes() == second.torque.tobytes()
    assert first.position.tobytes() == second.position.tobytes()
