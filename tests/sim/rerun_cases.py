"""Runs that are logged, for the tests of rerun and explain."""

import numpy as np
from plans import footstep, plan, posture_track, stance, walk_plan

from exoactor_rt._core.types import Plan
from exoactor_rt.pipeline.execution_log import write_execution_log
from exoactor_rt.recorder import read_run
from exoactor_rt.replay.rerun import recorded_run
from exoactor_rt.sim import Push, RunOptions, SimOptions, execute


def short_walk():
    """Three steps ahead, the last one closing."""
    return walk_plan([footstep(0, 0.2), footstep(1, 0.2), footstep(0, 0.0)], start_s=0.3)


def wave():
    """A second of an arm that swings."""
    arm = {"left_shoulder_pitch_joint": lambda t: -0.4 * np.sin(2.0 * t)}
    return plan(posture_track(1.0, arm), [stance(0.0, 1.0)])


def pushed(newton, start_s, seed=0, **options):
    """Options of a run in which the pelvis is pushed forwards for 0.1 s."""
    push = Push(start_s, 0.1, (newton, 0.0, 0.0))
    return RunOptions(sim=SimOptions(seed=seed, pushes=(push,)), **options)


def log_of(path, task, options):
    """Executes in lock-step and writes the log; the Rollout."""
    rollout = execute(task, options)
    write_execution_log(path, rollout, task if isinstance(task, Plan) else None)
    return rollout


def recorded(path):
    """The log as what can be run again."""
    return recorded_run(read_run(path))
