"""Faults of a robot on the network, logged, run again and explained."""

import pytest
from robot_process import RobotProcess

from exoactor_rt.pipeline.execution_log import write_execution_log
from exoactor_rt.recorder import read_run
from exoactor_rt.replay.explain import Origin, explain
from exoactor_rt.replay.rerun import RerunMode, recorded_run, rerun
from exoactor_rt.sim import RunOptions
from exoactor_rt.sim.dds_run import execute_on_dds


@pytest.mark.parametrize(
    ("fault", "words"),
    [("hot_motor=130@2.0", "winding too hot"), ("freeze@2.0", "state_age")],
)
def test_a_fault_points_to_the_robot(settings, tmp_path, fault, words):
    log = tmp_path / "fault.mcap"
    with RobotProcess(settings, tmp_path, "--fault", fault):
        rollout = execute_on_dds(None, settings, RunOptions(settle_s=0.3, stand_s=4.0))
    write_execution_log(log, rollout)
    run = read_run(log)
    (found,) = explain(run)
    assert found.origin is Origin.ROBOT, found.because
    assert words in " ".join([found.incident.words, *found.incident.follows])
    for mode in RerunMode:
        again = rerun(recorded_run(run), mode)
        assert again.same, f"{mode.value}: {again.first}"
