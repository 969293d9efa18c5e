"""Walking while the simulated robot differs from the controller's model."""

import numpy as np
import pytest
from lockstep import Lockstep, SensorNoise
from plans import straight_steps, walk_plan


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
    sim.noise = SensorNoise((0.01, -0.01, 0.0), 1e-3, 0.015, 0.15, (0.1, -0.1, 0.1), 4e-4, 0.06)


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
