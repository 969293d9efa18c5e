"""The estimator in the loop: biased and noisy sensors, gaps, contacts; truth by the simulator."""

import numpy as np
import pytest
from lockstep import Lockstep, SensorNoise
from plans import plan, posture_track, stance, straight_steps, walk_plan

SETTLED = 500  # ticks
HARSH = SensorNoise(
    accel_bias_m_s2=(0.3, -0.3, 0.3),
    gyro_bias_rad_s=(0.02, -0.02, 0.02),
    gyro_rad_s=0.01,
    position_rad=2e-3,
    velocity_rad_s=0.1,
)


class GappedLockstep(Lockstep):
    """Sensor messages that stay away for 20 ms ten times in three seconds."""

    def sensors(self):
        fresh = super().sensors()
        if self.tick % 150 < 140:
            self.latest = fresh
        return self.latest


def rms(error):
    """[3] over time, after settling, in mm."""
    return 1e3 * np.sqrt((np.asarray(error)[SETTLED:] ** 2).mean(axis=0))


def velocity_error(run):
    estimated = np.array([state.base_linear_velocity_in_world for state in run.states])
    return estimated - np.array(run.qvel)[:, :3]


def squat():
    def height(times):
        return 0.65 - 0.075 * (1 - np.cos(0.5 * np.pi * times))

    return plan(posture_track(16.0, {}, height), [stance(0, 16.0)])


@pytest.mark.slow
@pytest.mark.parametrize("make", [lambda: None, squat], ids=["stand", "squat"])
def test_twenty_seconds_on_the_spot(robot_model, make):
    sim = Lockstep(robot_model)
    if make() is not None:
        assert sim.controller.offer_plan(make()) == ""
    run = sim.run(20.0)
    assert not run.fallen
    assert rms(np.array(run.com) - run.series("planned_com_in_world")).max() <= 4.0
    assert rms(velocity_error(run)).max() <= 5.0


@pytest.mark.parametrize("lockstep", [Lockstep, GappedLockstep], ids=["steady", "gaps"])
def test_stands_with_harsh_sensors(robot_model, lockstep):
    sim = lockstep(robot_model, HARSH)
    run = sim.run(6.0)
    assert not run.fallen
    assert rms(np.array(run.com) - run.series("planned_com_in_world")).max() <= 6.0
    assert rms(velocity_error(run)).max() <= 20.0
    np.testing.assert_allclose(sim.estimator.gyro_bias_in_imu, HARSH.gyro_bias_rad_s, atol=3e-3)


@pytest.mark.parametrize("lockstep", [Lockstep, GappedLockstep], ids=["steady", "gaps"])
def test_walks_with_harsh_sensors(robot_model, lockstep):
    sim = lockstep(robot_model, HARSH)
    assert sim.controller.offer_plan(walk_plan(straight_steps(4, 0.2))) == ""
    run = sim.run(20.0, until_done=True)
    assert not run.fallen and run.telemetry[-1].steps_done == 4
    assert rms(velocity_error(run)).max() <= 25.0
    estimated = np.array([state.base_position_in_world for state in run.states])
    assert rms(estimated - np.array(run.qpos)[:, :3]).max() <= 10.0


def test_feet_land_softly_and_stand_when_they_bear_weight(robot_model):
    sim = Lockstep(robot_model)
    assert sim.controller.offer_plan(walk_plan(straight_steps(4, 0.2))) == ""
    feet = [sim.model.body(f"{side}_ankle_roll_link").id for side in ("left", "right")]
    force_n, standing = [], []
    plain_step = sim.step

    def step(run):
        plain_step(run)
        force_n.append(sim.data.cfrc_ext[feet, 5].copy())
        standing.append(sim.estimator.standing)

    sim.step = step
    run = sim.run(20.0, until_done=True)
    assert not run.fallen
    assert np.mean(np.array(standing) == (np.array(force_n) > 40.0)) >= 0.98
    landings = np.argwhere(np.diff(run.series("contact").astype(int), axis=0) == 1)
    assert len(landings) == 4
    for tick, side in landings:
        assert np.array(force_n)[tick - 15 : tick + 15, side].max() < 180.0
