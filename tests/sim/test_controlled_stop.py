"""A controlled stop at any moment of a walk or a squat: the robot comes to stand and stays."""

import numpy as np
import pytest
from plans import plan, posture_track, stance, straight_steps, walk_plan

from exoactor_rt.robots import g1
from exoactor_rt.sim import RunOptions
from exoactor_rt.sim.lockstep import LockstepRun

STAND_STILL_M_S = 0.05
HELD_S = 2.0


class StoppedRun(LockstepRun):
    """Asks for the stop at a time and then for nothing more."""

    def __init__(self, motion, stop_s):
        super().__init__(motion, RunOptions(hold_s=HELD_S))
        self._stop_ns = round(stop_s * 1e9)
        self._asked = False

    def advance(self):
        if not self._asked and self._now_ns >= self._stop_ns:
            self._asked = True
            self._tick.request_stop()
        super().advance()


def stopped(motion, stop_s):
    run = StoppedRun(motion, stop_s)
    while not run.finished:
        run.advance()
    return run.result()


def squat():
    return plan(
        posture_track(6.0, com_height=lambda t: 0.65 - 0.12 * np.sin(np.pi * t / 6.0)),
        [stance(0.0, 6.0)],
    )


@pytest.mark.parametrize("stop_s", [2.6, 3.3, 3.75, 3.9, 4.1, 4.35, 5.2])
def test_a_walk_ends_one_step_after_the_present_one(stop_s):
    whole = 8
    rollout = stopped(walk_plan(straight_steps(whole, 0.2)), stop_s)
    assert not rollout.execution.fallen, rollout.execution.fall_reason
    assert any(event.text == "plan done" for event in rollout.events)
    assert rollout.execution.steps_executed < whole
    asked = np.searchsorted(rollout.ticks["now_ns"], stop_s * 1e9)
    steps_then = rollout.ticks["steps_done"][asked]
    assert rollout.execution.steps_executed <= steps_then + 2
    speed = np.linalg.norm(rollout.ticks["base_linear_velocity_in_world"][-250:], axis=1)
    assert np.max(speed) < STAND_STILL_M_S


def test_a_squat_ends_upright():
    rollout = stopped(squat(), 4.5)
    assert not rollout.execution.fallen, rollout.execution.fall_reason
    assert rollout.execution.times_s[-1] < 9.0
    assert rollout.ticks["true_com_in_world"][-1, 2] == pytest.approx(0.65, abs=0.03)


def test_a_stop_without_a_plan_changes_nothing_and_the_next_plan_runs():
    rollout = stopped(walk_plan(straight_steps(2, 0.1)), 0.1)
    assert rollout.execution.steps_executed == 2


def test_a_stop_does_not_run_the_arms_through_what_is_left():
    swing = {"left_shoulder_pitch_joint": lambda t: 0.3 + 0.6 * np.sin(2.0 * np.pi * t / 1.5)}
    stop_s = 4.1
    rollout = stopped(walk_plan(straight_steps(8, 0.2), swing), stop_s)
    assert not rollout.execution.fallen, rollout.execution.fall_reason
    times_s = rollout.ticks["now_ns"] * 1e-9
    reference_s = rollout.ticks["reference_time_s"]
    after = times_s > stop_s + 0.01
    assert np.ptp(reference_s[after]) == 0.0
    shoulder = g1.joint_table().index("left_shoulder_pitch_joint")
    planned = rollout.ticks["planned_position"][:, shoulder]
    speed = np.abs(np.diff(planned)) / np.diff(times_s)
    assert np.max(speed[after[1:]]) <= np.max(speed[~after[1:]])
    assert planned[-1] == pytest.approx(g1.standing_position()[shoulder], abs=0.01)
