"""Plans on a simulated robot in another process, over the network, as on the real one."""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from plans import plan, posture_track, stance, straight_steps, walk_plan
from robot_process import RobotProcess

from exoactor_rt.errors import HardwareError
from exoactor_rt.sim import RunOptions, execute
from exoactor_rt.sim.dds_run import execute_on_dds

SHORT = RunOptions(settle_s=0.3, stand_s=1.0, hold_s=0.3)


def wave_plan():
    arm = {"left_shoulder_pitch_joint": lambda t: -0.4 * np.sin(2.0 * t)}
    return plan(posture_track(3.0, arm), [stance(0.0, 3.0)])


def joint_rms(rollout):
    execution = rollout.execution
    error = execution.joint_position - execution.planned_joint_position
    return float(np.sqrt(np.mean(error**2)))


def texts(rollout):
    return [event.text for event in rollout.events]


def test_a_robot_stands_over_dds(settings, tmp_path):
    with RobotProcess(settings, tmp_path) as body:
        rollout = execute_on_dds(None, settings, SHORT)
    assert not rollout.execution.fallen, rollout.execution.fall_reason
    assert rollout.guard_trip == ""
    assert texts(rollout) == ["guard armed"]
    assert f"DDS domain {settings.domain}" in body.greeting
    assert body.exit_code == 0
    assert body.refused == 0
    assert body.summary["damped"], "the last word is damping"
    assert body.summary["commands"]["none"] == pytest.approx(rollout.loop["ticks"], rel=0.1)
    assert "commands obeyed, 0 refused" in body.last_line


@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="one processor only")
def test_loop_and_sending_run_on_the_processor_that_is_asked_for(settings, tmp_path):
    cpu = max(os.sched_getaffinity(0))
    pinned = set()

    def look(_done, _total):
        threads = [int(task.name) for task in Path("/proc/self/task").iterdir()]
        pinned.update(thread for thread in threads if os.sched_getaffinity(thread) == {cpu})

    with RobotProcess(settings, tmp_path):
        execute_on_dds(wave_plan(), replace(settings, cpu=cpu), SHORT, look)
    assert len(pinned) == 2


def test_faults_of_the_command_line_reach_the_robot(settings, tmp_path):
    options = ("--fault", "corrupt=0.2@0.2", "--fault", "nan=5@1.0")
    with RobotProcess(settings, tmp_path, *options) as body:
        rollout = execute_on_dds(None, settings, RunOptions(settle_s=0.3, stand_s=3.0))
    assert "state_not_finite" in rollout.guard_trip
    assert body.refused == 0
    assert body.summary["damped"]


def test_a_robot_of_another_revision_is_never_commanded(settings, tmp_path):
    with (
        RobotProcess(settings, tmp_path, "--fault", "mode_machine=4") as body,
        pytest.raises(HardwareError, match="revision is not the configured one, got 4, bound 5"),
    ):
        execute_on_dds(None, settings, SHORT)
    assert body.summary["commands"]["none"] == body.refused == 0
    assert body.summary["fall_reason"] == ""


@pytest.mark.parametrize(
    "make",
    [wave_plan, pytest.param(lambda: walk_plan(straight_steps(6, 0.2)), marks=pytest.mark.slow)],
)
def test_a_plan_is_executed_as_in_process(settings, tmp_path, make):
    wanted = make()
    reference = execute(wanted, SHORT)
    with RobotProcess(settings, tmp_path) as body:
        rollout = execute_on_dds(wanted, settings, SHORT)
    execution = rollout.execution
    assert not execution.fallen, execution.fall_reason
    assert rollout.guard_trip == ""
    assert texts(rollout) == ["guard armed", "plan handed over", "plan done"]
    assert execution.steps_executed == len(wanted.steps)
    assert joint_rms(rollout) < 1.2 * joint_rms(reference)
    np.testing.assert_allclose(
        execution.root_position_in_world[-1, :2],
        reference.execution.root_position_in_world[-1, :2],
        atol=0.05,
    )
    assert body.refused == 0
    assert not rollout.loop["dropped_records"]
