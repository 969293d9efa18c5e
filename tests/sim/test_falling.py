"""Robots pushed over: the tick stays bounded, degrades in steps and ends in damping."""

import sys
from pathlib import Path

import numpy as np
import pytest
from lockstep import Lockstep, Run
from plans import straight_steps, walk_plan

from exoactor_rt import _core

sys.path.insert(0, str(Path(__file__).parents[1] / "unit"))
from fuzzed_states import fuzzed_states

Status = _core.control.ControlStatus
REPLAYS = 3
LONGEST_TICK_US = 1000.0
PLAN = walk_plan(straight_steps(8, 0.2))


def least_times_us(robot_model, plan, states):
    """[N] CPU time of each tick, the least of some replays."""
    replays = [_core.control.replay_times(robot_model, plan, states) for _ in range(REPLAYS)]
    return np.min(replays, axis=0)[:, 2]


def pushed_over(robot_model, push_ns, walking):
    """A run from the push on, two and a half seconds, lying on the floor at its end."""
    sim = Lockstep(robot_model)
    if walking:
        assert sim.controller.offer_plan(PLAN) == ""
    before = sim.run(3.6 if walking else 0.5)
    pelvis = sim.model.body("pelvis").id
    run = Run()
    for tick in range(1250):
        sim.data.xfrc_applied[pelvis, :3] = np.array(push_ns) / 0.1 if tick < 50 else 0.0
        sim.step(run)
    assert sim.fallen()
    return before.states + run.states, run


@pytest.mark.parametrize(
    ("push_ns", "walking"), [((40.0, 0, 0), False), ((0, 40.0, 0), False), ((0, 50.0, 0), True)]
)
def test_a_fall_never_takes_a_long_tick(robot_model, push_ns, walking):
    states, run = pushed_over(robot_model, push_ns, walking)
    last = run.telemetry[-1]
    assert last.qp_relaxed > 0, "nothing was infeasible: not the fall this test is about"
    assert last.qp_failures == 0, "the relaxed problem always has a solution"
    assert all(np.isfinite(torque).all() for torque in run.torque)
    assert last.status == Status.FAILED, "a robot on the floor is damped"
    assert least_times_us(robot_model, PLAN, states).max() <= LONGEST_TICK_US


def test_wild_states_never_take_a_long_tick(robot_model):
    states = fuzzed_states(3000)
    controller = _core.control.WholeBodyController(robot_model)
    seen = set()
    for state in states:
        command = controller.step(state, state.stamp_ns)
        assert np.isfinite(command.torque).all()
        seen.add(controller.telemetry.status)
    assert seen == {Status.OK, Status.RELAXED, Status.HELD_SOLUTION}
    assert least_times_us(robot_model, PLAN, states).max() <= LONGEST_TICK_US
