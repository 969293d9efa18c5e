"""Rehearsals in simulation: disturbed as told, in processes as here, called off in time."""

import pickle
import time
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import planning_cases
import pytest

from exoactor_rt._core.safety import GuardLimits
from exoactor_rt.config import VerdictConfig
from exoactor_rt.planning import PlanLevel, plan_motion
from exoactor_rt.replay import RehearsalPool, Stage, rehearsal_pool
from exoactor_rt.replay.trials import NOMINAL, PERTURBED
from exoactor_rt.sim import RunOptions, SimOptions
from exoactor_rt.sim.portable_limits import make_limits_portable

REFERENCE = planning_cases.make_reference(1.5, [])
LIMITS = GuardLimits()
LIMITS.gyro_rad_s = 5.5
OPTIONS = RunOptions(sim=SimOptions(seed=1, friction=0.8), guard_limits=LIMITS, hold_s=0.3)
STAGE = Stage(REFERENCE, OPTIONS, VerdictConfig())


@pytest.fixture(scope="module")
def plan():
    return plan_motion(REFERENCE, PlanLevel.NOMINAL)


def test_trials_differ_in_what_they_say():
    options = {trial.name: trial.options(OPTIONS, 10.0) for trial in (NOMINAL, *PERTURBED)}
    assert options[NOMINAL.name].sim == OPTIONS.sim
    changed = {
        name: {
            key
            for key in OPTIONS.sim.__dataclass_fields__
            if getattr(one.sim, key) != getattr(OPTIONS.sim, key)
        }
        - {"seed"}
        for name, one in options.items()
    }
    kinds = [tuple(changed[trial.name]) for trial in PERTURBED]
    assert all(len(kind) == 1 for kind in kinds)
    assert {kind[0] for kind in kinds} == {
        "mass_scale",
        "friction",
        "latency_s",
        "pushes",
        "noise",
    }
    assert len({one.sim.seed for one in options.values()}) == len(options)
    (push,) = options["pushed to the left, 4 N s"].sim.pushes
    assert np.array(push.force_in_world) * push.duration_s == pytest.approx([0.0, 4.0, 0.0])
    assert push.start_s == pytest.approx(OPTIONS.settle_s + 5.0)


def test_guard_limits_arrive_whole():
    make_limits_portable()
    there = pickle.loads(pickle.dumps(LIMITS))
    assert there.gyro_rad_s == 5.5
    np.testing.assert_array_equal(there.speed_ceiling, LIMITS.speed_ceiling)


def test_processes_find_what_is_found_here(plan):
    trials = (*PERTURBED[3:5], NOMINAL)
    here = {result.trial: result for result in STAGE.rehearse(plan, trials)}
    with rehearsal_pool() as pool:
        results = list(pool.rehearsing(STAGE)(plan, trials))
    assert {result.trial: result for result in results} == here
    assert results[0].trial == NOMINAL.name
    assert all(result.passed for result in here.values())


def test_one_pool_serves_one_motion_after_the_other(plan):
    later = replace(STAGE, options=replace(OPTIONS, hold_s=0.5))
    with rehearsal_pool() as pool:
        for stage in (STAGE, later):
            (here,) = stage.rehearse(plan, PERTURBED[:1])
            (beside,) = pool.rehearsing(stage)(plan, PERTURBED[:1])
            assert beside == here


def test_the_disturbed_run_while_the_nominal_one_does(plan):
    """They are done before anybody has asked for more than the nominal one."""
    submitted = []

    class Processes:
        def submit(self, work, *arguments):
            submitted.append(arguments[-1].name)
            future = Future()
            future.set_result(work(*arguments))
            return future

    with TemporaryDirectory() as folder:
        rehearse = RehearsalPool(Processes(), Path(folder)).rehearsing(STAGE)
        results = rehearse(plan, (NOMINAL, PERTURBED[0]))
        assert next(results).trial == NOMINAL.name
        assert submitted == [PERTURBED[0].name]
        results.close()


@pytest.mark.parametrize("dies", ["before", "meanwhile"])
def test_where_processes_die_the_rest_is_rehearsed_here(plan, dies):
    class Processes:
        def submit(self, work, *arguments):
            if dies == "before":
                raise BrokenProcessPool
            future = Future()
            future.set_exception(BrokenProcessPool())
            return future

    trials = (NOMINAL, *PERTURBED[:2])
    with TemporaryDirectory() as folder:
        rehearse = RehearsalPool(Processes(), Path(folder)).rehearsing(STAGE)
        for _ in range(2):
            results = [result.trial for result in rehearse(plan, trials)]
            assert results == [trial.name for trial in trials]


def test_a_push_that_topples_is_found_and_the_others_are_called_off(plan):
    toppling = replace(PERTURBED[5], push_ns=(0.0, 80.0), push_at=0.1)
    endless = [replace(PERTURBED[0], name=f"endless {n}", seed_offset=n) for n in range(4)]
    stage = replace(STAGE, options=replace(OPTIONS, hold_s=60.0))
    begin_s = time.process_time()
    with rehearsal_pool() as pool:
        results = pool.rehearsing(stage)(plan, (toppling, *endless))
        first = next(results)
        results.close()
    assert first.trial == toppling.name
    assert "joint_speed" in first.reasons[0] or "pelvis" in first.reasons[0]
    assert time.process_time() - begin_s < 20.0
