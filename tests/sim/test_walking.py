"""Steps in place, forward and turning, with noisy sensors and the estimator."""

import numpy as np
import pytest
from lockstep import Lockstep
from plans import footstep, held_plan, straight_steps, walk_plan

from exoactor_rt import _core


def execute(robot_model, plan, seed=0):
    return execute_in(Lockstep(robot_model, seed=seed), plan)


def execute_in(sim, plan):
    assert sim.controller.offer_plan(plan) == ""
    run = sim.run(40.0, until_done=True, after_s=1.0)
    last = run.telemetry[-1]
    assert not run.fallen and last.done
    assert last.steps_done == len(plan.steps)
    assert last.qp_failures == 0
    return run


def walk(robot_model, steps, joints=None, seed=0):
    return execute(robot_model, walk_plan(steps, joints), seed)


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


@pytest.mark.parametrize("leading", [0, 1])
def test_pivots_at_the_limits_of_the_planner(robot_model, leading):
    limits = _core.planning.level_limits(_core.types.PlanLevel.NOMINAL)
    furthest = limits.yaw_max_rad if leading == 0 else limits.yaw_min_rad
    sides = [(leading + index) % 2 for index in range(6)]
    steps = [
        footstep(side, yaw_rad=furthest(_core.types.Side(side)), swing_s=limits.swing_min_s)
        for side in sides
    ]
    run = walk(robot_model, [*steps, footstep(leading)])
    turned = sum(step.yaw_rad for step in steps)
    assert abs(turned) > np.radians(120)
    assert abs(yaw_of(run.qpos[-1]) - turned) < np.radians(5)
    assert np.linalg.norm(run.qpos[-1][:2]) < 0.25


def test_one_foot_may_step_twice(robot_model):
    steps = [*straight_steps(1, 0.0), *straight_steps(2, 0.0)]
    walk(robot_model, steps)


def held(side, *points, swing_s):
    return footstep(side, swing_s=swing_s), points


def test_a_raised_foot_is_held_where_the_plan_wants_it(robot_model):
    reach = (0.8, 0, 0.2, 0.1), (1.6, 0.2, 0.2, 0.1), (4.2, 0.2, 0.2, 0.1), (4.6, 0, 0.2, 0.06)
    plan = held_plan([held(side, *reach, swing_s=5.1) for side in (0, 1)])
    run = execute(robot_model, plan)
    swinging = run.series("contact")
    time_s = run.series("reference_time_s")
    foot = run.series("foot_position_in_world")
    for side, step in enumerate(plan.steps):
        since_s = time_s - step.reference_liftoff_s
        holding = ~swinging[:, side] & (since_s > 2.0) & (since_s < 4.0)
        assert holding.sum() > 0.95 * 2.0 / 0.002
        away = foot[holding, side] - foot[holding, 1 - side]
        assert np.abs(away - [0.2, 0.2 if side == 0 else -0.2, 0.1]).max() < 0.01
    assert np.diff(time_s).min() >= 0
    assert np.diff(time_s).max() < 0.05, "more than a landing some ticks before its time skips"
    assert dcm_rms_mm(run).max() < 8


def test_a_slow_kick_and_a_leg_held_out_to_the_side(robot_model):
    kick = (0.6, -0.12, 0.2, 0.12), (1.2, 0.35, 0.2, 0.25), (1.8, 0, 0.2, 0.1)
    out = (1.0, 0, 0.38, 0.15), (2.0, 0, 0.38, 0.15), (2.6, 0, 0.22, 0.06)
    plan = held_plan([held(0, *kick, swing_s=2.4), held(1, *out, swing_s=3.1)])
    run = execute(robot_model, plan)
    away = np.diff(run.series("foot_position_in_world"), axis=1)[:, 0]
    assert -away[:, 0].min() > 0.33 and np.abs(away[:, 2]).max() > 0.24
    assert -away[:, 1].min() > 0.36


@pytest.mark.parametrize("rise_m", [0.015, -0.015])
def test_ground_that_is_higher_or_lower_than_it_should_be(robot_model, rise_m):
    sim = Lockstep(robot_model, rise_m=rise_m)
    steps = [footstep(index % 2, 0.3) for index in range(3)] + [footstep(1)]
    run = execute_in(sim, walk_plan(steps))
    assert abs(run.qpos[-1][2] - run.qpos[0][2] - rise_m) < 0.03
