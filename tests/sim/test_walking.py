"""Steps in place, forward and turning, with noisy sensors and the estimator."""

import numpy as np
from lockstep import Lockstep
from plans import straight_steps, walk_plan

from exoactor_rt import _core


def walk(robot_model, steps, joints=None, seed=0):
    sim = Lockstep(robot_model, seed=seed)
    assert sim.controller.offer_plan(walk_plan(steps, joints)) == ""
    run = sim.run(30.0, until_done=True, after_s=1.0)
    last = run.telemetry[-1]
    assert not run.fallen and last.done
    assert last.steps_done == len(steps)
    assert last.qp_failures == 0
    return run


def yaw_of(qpos):
    w, x, y, z = qpos[3:7]
    return np.arctan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z))


def dcm_rms_mm(run):
    walking = np.array([a != _core.control.Activity.HOLD for a in run.series("activity")])
    error = run.series("dcm_in_world") - run.series("planned_dcm_in_world")
    return 1e3 * np.sqrt((error[walking] ** 2).mean(axis=0))


def test_eight_steps_in_place(robot_model):
    run = walk(robot_model, straight_steps(8, 0.0))
    assert np.linalg.norm(run.qpos[-1][:2]) < 0.06
    assert dcm_rms_mm(run).max() < 10
    lift = np.array([f[:, 2] for f in run.series("foot_position_in_world")])
    assert (lift.max(axis=0) > 0.07).all()


def test_eight_steps_forward_and_the_estimate_stays_true(robot_model):
    steps = straight_steps(8, 0.2)
    planned = sum(step.forward_m for step in steps)
    wave = {
        "left_shoulder_pitch_joint": lambda t: 0.2 - 0.4 * np.sin(3 * t),
        "right_shoulder_pitch_joint": lambda t: 0.2 + 0.4 * np.sin(3 * t),
    }
    run = walk(robot_model, steps, wave)
    assert abs(run.qpos[-1][0] - planned) < 0.1
    assert abs(run.qpos[-1][1]) < 0.1
    assert dcm_rms_mm(run).max() < 20
    position = np.array([s.base_position_in_world for s in run.states])
    velocity = np.array([s.base_linear_velocity_in_world for s in run.states])
    assert np.abs(position - np.array(run.qpos)[:, :3]).max() < 0.03
    assert np.sqrt(((velocity - np.array(run.qvel)[:, :3]) ** 2).mean(axis=0)).max() < 0.02
    planned_arms = run.series("planned_joint_position")[:, 15:]
    error = np.degrees(planned_arms - np.array(run.qpos)[:, 22:])
    assert np.sqrt((error**2).mean()) < 6.0


def test_turns_in_place(robot_model):
    steps = straight_steps(8, 0.0, yaw_rad=0.15)
    run = walk(robot_model, steps)
    turned = sum(step.yaw_rad for step in steps)
    assert abs(yaw_of(run.qpos[-1]) - turned) < np.radians(5)
    assert np.linalg.norm(run.qpos[-1][:2]) < 0.12


def test_one_foot_may_step_twice(robot_model):
    steps = [*straight_steps(1, 0.0), *straight_steps(2, 0.0)]
    walk(robot_model, steps)
