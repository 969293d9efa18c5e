"""A log's plan on a robot again: admitted anew, approved by its hash, then driven."""

import subprocess
import sys

import numpy as np
import pytest
from plans import plan, posture_track, stance
from robot_process import RobotProcess

from exoactor_rt.pipeline.execution_log import REFERENCE_ATTACHMENT, write_execution_log
from exoactor_rt.recorder import read_run
from exoactor_rt.recorder.tick_setup import LIMITS_ATTACHMENT, unpack_limits
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


def replay(*words):
    """The command as a user starts it: it becomes another process where it drives a robot."""
    command = [sys.executable, "-m", "exoactor_rt.cli.main", "replay", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


@pytest.mark.slow
def test_a_logged_plan_is_driven_once_it_is_approved(settings, tmp_path):
    log, again, site = tmp_path / "run.mcap", tmp_path / "again.mcap", tmp_path / "site.toml"
    task = wave()
    reference = tmp_path / REFERENCE_ATTACHMENT
    save_reference(reference_of(task), reference)
    rollout = execute(task, RunOptions(hold_s=0.3))
    write_execution_log(log, rollout, task, None, {REFERENCE_ATTACHMENT: reference.read_bytes()})
    site.write_text("[guard]\njoint_speed_rad_s = 5.0\n")
    words = [log, "--robot", "dds", "--domain", settings.domain, "--out", again, "--config", site]
    asked = replay(*words)
    assert asked.returncode == 3, asked.stderr
    assert "nothing was sent to the robot" in asked.stdout
    approval = asked.stdout.split("--approve ")[1].split()[0]
    other = replay(*words, "--approve", "0123456789ab")
    assert other.returncode == 2
    assert f"the plan is {approval}" in other.stderr
    assert not again.exists()
    with RobotProcess(settings, tmp_path) as body:
        driven = replay(*words, "--approve", approval)
    assert driven.returncode == 0, driven.stdout + driven.stderr
    assert "SAME outcome" in driven.stdout
    assert body.refused == 0
    run = read_run(again)
    assert outcome_of(run.ticks).done
    limits = unpack_limits(run.attachments[LIMITS_ATTACHMENT])
    assert np.max(limits.measured_speed) == 5.0
    assert run.damages == ()


def test_a_site_that_loosens_the_guard_drives_nothing(tmp_path, settings):
    site = tmp_path / "site.toml"
    site.write_text("[guard]\njoint_speed_rad_s = 50.0\n")
    words = [tmp_path / "run.mcap", "--robot", "dds", "--domain", settings.domain]
    refused = replay(*words, "--config", site, "--approve", "0123456789ab")
    assert refused.returncode == 2
    assert "joint_speed_rad_s" in refused.stderr
