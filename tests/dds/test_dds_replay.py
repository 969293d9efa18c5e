"""A log's plan on a robot again: admitted anew, approved by its hash, then driven."""

import numpy as np
import pytest
from plans import plan, posture_track, stance
from robot_process import RobotProcess

from exoactor_rt.cli.main import main
from exoactor_rt.pipeline.execution_log import REFERENCE_ATTACHMENT, write_execution_log
from exoactor_rt.recorder import read_run
from exoactor_rt.replay.outcome import outcome_of
from exoactor_rt.retarget import save_reference
from exoactor_rt.sim import RunOptions, execute
from exoactor_rt.types import Reference


def wave():
    arm = {"left_shoulder_pitch_joint": lambda t: 0.2 * np.cos(2.0 * t)}
    return plan(posture_track(2.0, arm), [stance(0.0, 2.0)])


def reference_of(task):
    track = task.posture
    count = len(track.joint_position)
    return Reference(
        rate_hz=track.rate_hz,
        root_position_in_world=np.tile([0.0, 0.0, 0.75], (count, 1)),
        quat_world_root_wxyz=np.tile([1.0, 0.0, 0.0, 0.0], (count, 1)),
        joint_position=track.joint_position,
        contact=np.ones((count, 2), dtype=bool),
        hand_openness=np.full((count, 2), np.nan),
    )


@pytest.mark.slow
def test_a_logged_plan_is_driven_once_it_is_approved(settings, tmp_path, capsys):
    log, again = tmp_path / "run.mcap", tmp_path / "again.mcap"
    task = wave()
    reference = tmp_path / REFERENCE_ATTACHMENT
    save_reference(reference_of(task), reference)
    rollout = execute(task, RunOptions(hold_s=0.3))
    write_execution_log(log, rollout, task, None, {REFERENCE_ATTACHMENT: reference.read_bytes()})
    where = ["--domain", str(settings.domain), "--out", str(again)]
    command = ["replay", str(log), "--robot", "dds", *where]
    assert main(command) == 3
    out = capsys.readouterr().out
    assert "nothing was sent to the robot" in out
    approval = out.split("--approve ")[1].split()[0]
    assert main([*command, "--approve", "0123456789ab"]) == 2
    assert not again.exists()
    with RobotProcess(settings, tmp_path) as body:
        assert main([*command, "--approve", approval]) == 0
    assert body.refused == 0
    assert outcome_of(read_run(again).ticks).done
