"""Walking while the simulated robot differs from the controller's model."""

import numpy as np
import pytest
from lockstep import Lockstep, SensorNoise
from plans import straight_steps, walk_plan

from exoactor_rt import _core


def heavier(sim):
    sim.model.body_mass[:] *= 1.1
    sim.model.body_inertia[:] *= 1.1


def lighter(sim):
    sim.model.body_mass[:] *= 0.9
    sim.model.body_inertia[:] *= 0.9


def loaded(sim):
    sim.model.body_mass[sim.model.body("torso_link").id] += 3.0


def slippery(sim):
    sim.model.geom_friction[:, 0] = 0.4
    sim.model.pair_friction[:, :2] = 0.4


def stiff_joints(sim):
    sim.model.dof_frictionloss[6:] = 1.0
    sim.model.dof_damping[6:] = 0.5


def soft_ground(sim):
    sim.model.geom_solref[:, 0] = 0.04


def noisier(sim):
    """Three times as much of every noise, tilt and bias twice."""
    sim.noise = SensorNoise(
        tilt_rad=(0.01, -0.01, 0.0),
        attitude_rad=1.5e-3,
        gyro_rad_s=0.015,
        gyro_bias_rad_s=(0.01, -0.01, 0.01),
        accel_m_s2=0.15,
        accel_bias_m_s2=(0.1, -0.1, 0.1),
        position_rad=6e-4,
        velocity_rad_s=0.06,
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "differ", [heavier, lighter, loaded, slippery, stiff_joints, soft_ground, noisier]
)
def test_walks_all_the_same(robot_model, differ):
    sim = Lockstep(robot_model, seed=1)
    differ(sim)
    steps = straight_steps(8, 0.15, yaw_rad=0.05)
    assert sim.controller.offer_plan(walk_plan(steps)) == ""
    run = sim.run(30.0, until_done=True, after_s=1.0)
    assert not run.fallen and run.telemetry[-1].done
    assert run.telemetry[-1].steps_done == len(steps)
    assert np.abs(run.qvel[-1]).max() < 0.5


GUARD = _core.safety.GuardLimits()


def trips_the_guard(run):
    """Whether a joint was too fast for as many ticks in a row as the guard debounces."""
    fast = (np.abs(np.array(run.qvel)[:, 6:]) > GUARD.measured_speed).any(axis=1)
    lasting = np.convolve(fast, np.ones(GUARD.debounce_ticks), "valid")
    return bool((lasting == GUARD.debounce_ticks).any())


AWAY = {"front": (1, 0), "back": (-1, 0), "left": (0, 1), "right": (0, -1)}


@pytest.mark.parametrize(
    ("direction", "impulse_n_s"), [("front", 12), ("front", 18), ("back", 10), ("left", 18)]
)
def test_a_push_while_standing_is_held_or_stepped_out(robot_model, direction, impulse_n_s):
    sim = Lockstep(robot_model)
    sim.push(0.5, impulse_n_s * np.array(AWAY[direction]))
    run = sim.run(4.0)
    assert not run.fallen and not trips_the_guard(run)
    assert run.telemetry[-1].activity == _core.control.Activity.HOLD
    assert np.abs(run.qvel[-1]).max() < 0.5


@pytest.mark.slow
@pytest.mark.parametrize("phase_s", np.linspace(0, 1.1, 8, endpoint=False))
@pytest.mark.parametrize(
    ("direction", "impulse_n_s"), [("front", 15), ("back", 15), ("left", 9), ("right", 9)]
)
def test_a_push_at_any_phase_of_stepping_is_stepped_out(
    robot_model, direction, impulse_n_s, phase_s
):
    sim = Lockstep(robot_model)
    assert sim.controller.offer_plan(walk_plan(straight_steps(6, 0.0), start_s=0.2)) == ""
    two_steps_s = 1.0 + 0.2 + 1.0 + 2 * 0.55
    sim.push(two_steps_s + phase_s, impulse_n_s * np.array(AWAY[direction]))
    run = sim.run(20.0, until_done=True, after_s=0.5)
    foot_height_m = run.series("foot_target_in_world")[..., 2]
    assert foot_height_m.min() > 0.0 and foot_height_m.max() < 0.15
    assert not run.fallen and run.telemetry[-1].done
    assert not trips_the_guard(run)
