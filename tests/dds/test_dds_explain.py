"""A robot on the network, logged: its faults explained, its ticks run again, its messages kept."""

import numpy as np
import pytest
from log_rows import rows_of
from robot_process import RobotProcess

from exoactor_rt.pipeline.execution_log import write_execution_log
from exoactor_rt.recorder import read_run
from exoactor_rt.recorder.schemas import COMMAND_TOPIC, STATE_TOPIC
from exoactor_rt.replay.explain import Origin, explain
from exoactor_rt.replay.rerun import RerunMode, recorded_run, rerun
from exoactor_rt.sim import RunOptions
from exoactor_rt.sim.dds_run import execute_on_dds


@pytest.mark.parametrize(
    ("fault", "words"),
    [("hot_motor=130@2.0", "motor_hot"), ("freeze@2.0", "state_age")],
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


def test_the_log_holds_the_robots_messages_as_bytes(settings, tmp_path):
    log = tmp_path / "raw.mcap"
    with RobotProcess(settings, tmp_path):
        rollout = execute_on_dds(None, settings, RunOptions(settle_s=0.3, stand_s=1.0))
    write_execution_log(log, rollout)
    tables = {topic: rows_of(log, topic) for topic in (STATE_TOPIC, COMMAND_TOPIC)}
    states, commands = tables[STATE_TOPIC]["message"], tables[COMMAND_TOPIC]["message"]
    assert states.shape[1] == 2092
    assert commands.shape[1] == 1004
    assert len(states) > 400
    assert len(commands) == pytest.approx(rollout.loop["ticks"], rel=0.2)
    for messages in (states, commands):
        crc = messages[:, -4:].copy().view("<u4").ravel()
        assert (crc != 0).all(), "each carries its checksum"
    ticks = read_run(log).ticks
    stamps = tables[STATE_TOPIC]["now_ns"]
    rows = np.searchsorted(stamps, ticks["sensed_stamp_ns"])
    seen = stamps[np.minimum(rows, len(stamps) - 1)] == ticks["sensed_stamp_ns"]
    assert seen.mean() > 0.95, "every tick's measurement is one of them"
    first_q = states[rows[seen], 76:80].copy().view("<f4").ravel()
    np.testing.assert_array_equal(first_q, ticks["sensed_position"][seen, 0].astype(np.float32))
