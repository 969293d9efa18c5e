"""TWIST2, a real policy, drives through the one tick; it sees the estimate, never the truth."""

import numpy as np
import pytest

from exoactor_rt import _core
from exoactor_rt.config import VerdictConfig
from exoactor_rt.replay import Stage, admit_task, judge_task, measure
from exoactor_rt.retarget.reference_file import load_reference
from exoactor_rt.sim import RunOptions, SimOptions, execute
from exoactor_rt.tracker import (
    Network,
    Policy,
    Tracking,
    learn_correction,
    prepare_tracking,
)
from exoactor_rt.tracker.loaders import Origin, describe_network

pytest.importorskip("mujoco")

Driver = _core.control.Driver


@pytest.fixture(scope="module")
def twist2(shared_data):
    path = shared_data / "policies" / "twist2" / "twist2_1017_20k.onnx"
    if not path.is_file():
        pytest.skip("TWIST2's network is not in the shared test data")
    network = Network(path)
    origin = Origin(name="twist2", onnx_file=path.name, licence="MIT", source="amazon-far/TWIST2")
    return Policy(describe_network(network, origin), network)


@pytest.fixture(scope="module")
def squat(shared_data):
    path = shared_data / "motions" / "g1" / "gmt_squat.npz"
    if not path.is_file():
        pytest.skip("the squatting clip is not in the shared test data")
    return load_reference(path)


@pytest.fixture(scope="module")
def walk(shared_data):
    path = shared_data / "motions" / "g1" / "unilab_walk_forward_loop_002.npz"
    if not path.is_file():
        pytest.skip("the walking clip is not in the shared test data")
    return load_reference(path)


def test_squats_and_gives_the_robot_back(twist2, squat):
    tracking = prepare_tracking(twist2, squat)
    rollout = execute(tracking)
    execution = rollout.execution
    assert not execution.fallen, execution.fall_reason
    drivers = rollout.ticks["driver"]
    changes = drivers[np.flatnonzero(np.diff(drivers)) + 1]
    assert changes.tolist() == [int(d) for d in (Driver.TO_TRACKER, Driver.TRACKER)] + [
        int(Driver.TO_WHOLE_BODY),
        int(Driver.WHOLE_BODY),
    ]
    figures, verdict = judge_task(tracking, execution, squat, VerdictConfig())
    assert verdict.passed, verdict.reasons
    depth_m = squat.root_position_in_world[0, 2] - squat.root_position_in_world[:, 2].min()
    assert figures.squat_depth_m > 0.7 * depth_m
    assert rollout.ticks["late_ticks"].max() == 0


def test_walks_by_the_estimate_alone(twist2, walk):
    tracking = prepare_tracking(twist2, walk)
    rollout = execute(tracking, RunOptions(policy_latency_s=0.01, sim=SimOptions(seed=3)))
    _, verdict = judge_task(tracking, rollout.execution, walk, VerdictConfig())
    assert verdict.passed, verdict.reasons
    off = rollout.ticks["base_position_in_world"] - rollout.ticks["true_root_position_in_world"]
    assert np.linalg.norm((off[-1] - off[0])[:2]) < 0.4


def test_equal_runs_are_equal_bit_for_bit(twist2, squat):
    options = RunOptions(duration_limit_s=2.5)
    first, second = (execute(prepare_tracking(twist2, squat), options) for _ in range(2))
    assert first.is_same_motion(second)
    assert (first.ticks["driver"] == int(Driver.TRACKER)).any()


def test_what_one_run_missed_brings_another_nearer_to_the_reference(twist2, walk):
    def run(seed, correction=None):
        tracking = prepare_tracking(twist2, walk, correction)
        execution = execute(tracking, RunOptions(sim=SimOptions(seed=seed))).execution
        assert not execution.fallen, execution.fall_reason
        return execution

    correction = learn_correction(walk, [run(1)])
    without, corrected = measure(run(2), walk), measure(run(2, correction), walk)
    assert corrected.keypoint_error_m < without.keypoint_error_m - 0.001


class Replay(Policy):
    """The reference's joints as targets, no feedback."""

    def step(self, state, window):
        command = super().step(state, window)
        command.position = window.joint_position[0]
        return command


def test_without_the_policy_the_walk_is_refused(twist2, walk):
    """The tests above can fail: a policy that feeds nothing back does not walk."""
    replay = Replay(twist2.bundle, twist2._network)

    stage = Stage(walk, RunOptions(), VerdictConfig())
    refused = admit_task(walk, "tracker", replay, stage.rehearse)
    assert refused.task is None
    assert not refused.attempts[0].passed and refused.attempts[0].reasons


class Dying(Tracking):
    """Gives no more targets after half a second."""

    def step(self, state, driving):
        if self._step > 25:
            raise RuntimeError("out of memory")
        return super().step(state, driving)


def test_a_policy_that_dies_in_real_time_ends_in_damping(twist2, squat):
    from exoactor_rt.sim.realtime import execute_in_real_time  # noqa: PLC0415

    options = _core.runtime.LoopOptions()
    options.fifo_priority, options.lock_memory = 0, False
    tracking = Dying(twist2, prepare_tracking(twist2, squat).motion)
    rollout = execute_in_real_time(tracking, loop_options=options)
    assert "target_age" in rollout.guard_trip
    assert any("out of memory" in event.text for event in rollout.events)
