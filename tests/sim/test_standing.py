"""Standing, squatting and the end of a plan, with noisy sensors and the estimator."""

import numpy as np
import pytest
from lockstep import Lockstep
from plans import plan, posture_track, stance

from exoactor_rt import _core
from exoactor_rt.robots import g1

SETTLED = 500  # ticks


def joint_error_deg(run, first=15):
    """[N, ...] planned minus true joints from `first` on."""
    planned = run.series("planned_joint_position")[:, first:]
    return np.degrees(planned - np.array(run.qpos)[:, 7 + first :])


def test_stands_where_it_is_put(robot_model):
    run = Lockstep(robot_model).run(5.0)
    assert not run.fallen
    error_mm = 1e3 * (np.array(run.com) - run.series("planned_com_in_world"))[SETTLED:]
    assert np.sqrt((error_mm**2).mean(axis=0)).max() <= 4.0
    velocity = np.array([s.base_linear_velocity_in_world for s in run.states])[SETTLED:]
    assert np.sqrt(((velocity - np.array(run.qvel)[SETTLED:, :3]) ** 2).mean(axis=0)).max() < 0.02
    assert np.abs(joint_error_deg(run)).max() < 3.0
    assert run.telemetry[-1].qp_failures == 0


def squat_plan():
    swing = np.pi

    def height(times):
        return 0.65 - 0.075 * (1 - np.cos(0.5 * np.pi * times))

    joints = {
        "left_shoulder_pitch_joint": lambda t: 0.2 - 0.8 * np.sin(swing * t),
        "right_shoulder_pitch_joint": lambda t: 0.2 + 0.8 * np.sin(swing * t),
    }
    return plan(posture_track(4.0, joints, height), [stance(0, 4.0)])


def test_squats_and_holds_standing_after_the_plan(robot_model):
    sim = Lockstep(robot_model)
    assert sim.controller.offer_plan(squat_plan()) == ""
    run = sim.run(10.0, until_done=True, after_s=2.0)
    last = run.telemetry[-1]
    assert not run.fallen and last.done and last.activity == _core.control.Activity.HOLD
    height = np.array(run.com)[:, 2]
    assert np.ptp(height[SETTLED:]) >= 0.14
    error_mm = 1e3 * (np.array(run.com) - run.series("planned_com_in_world"))[SETTLED:]
    assert np.sqrt((error_mm**2).mean(axis=0)).max() <= 6.0
    followed = run.series("blend") > 0.99
    assert np.sqrt((joint_error_deg(run)[followed] ** 2).mean()) < 3.0
    np.testing.assert_allclose(run.qpos[-1][7 + 12 :], g1.standing_position()[12:], atol=0.05)
    assert np.abs(run.qvel[-1]).max() < 0.3


def test_a_second_plan_starts_from_hold(robot_model):
    sim = Lockstep(robot_model)
    short = plan(posture_track(0.4), [stance(0, 0.4)])
    assert sim.controller.offer_plan(short) == ""
    assert "still waits" in sim.controller.offer_plan(short)
    first = sim.run(6.0, until_done=True)
    assert first.telemetry[-1].done
    assert sim.controller.offer_plan(short) == ""
    second = sim.run(6.0, until_done=True)
    assert not second.fallen and second.telemetry[0].phase_index == 0
    assert second.telemetry[-1].done


def test_repeats_bit_for_bit(robot_model):
    runs = []
    for _ in range(2):
        sim = Lockstep(robot_model, seed=4)
        assert sim.controller.offer_plan(squat_plan()) == ""
        runs.append(sim.run(1.5))
    assert np.array(runs[0].qpos).tobytes() == np.array(runs[1].qpos).tobytes()
    assert np.array(runs[0].torque).tobytes() == np.array(runs[1].torque).tobytes()


@pytest.mark.parametrize("push_ns", [(8.0, 0.0), (0.0, 8.0)])
def test_withstands_a_push(robot_model, push_ns):
    sim = Lockstep(robot_model)
    sim.run(1.0)
    force = np.array([*push_ns, 0.0]) / 0.1
    sim.data.xfrc_applied[sim.model.body("pelvis").id, :3] = force
    sim.run(0.1)
    sim.data.xfrc_applied[:] = 0.0
    run = sim.run(2.0)
    assert not run.fallen
    drift = np.array(run.com)[-1, :2] - np.array(run.com)[0, :2]
    assert np.linalg.norm(drift) < 0.08
