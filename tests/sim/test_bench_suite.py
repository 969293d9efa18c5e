"""The benchmark end to end on a second of motion: repeatable, falls told, exit codes."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import pytest

from exoactor_rt.bench import Conditions, Outcome, run_motion
from exoactor_rt.cli.main import main
from exoactor_rt.retarget import save_reference
from exoactor_rt.robots import g1
from exoactor_rt.types import Reference

RATE_HZ = 30.0
FRAMES = 31
INTERRUPTIBLE = """
import signal, sys
from exoactor_rt.cli.main import main
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture
def motions(tmp_path):
    """A folder with one second of an arm raised while standing."""
    joints = np.tile(g1.standing_position(), (FRAMES, 1))
    joints[:, g1.joint_table().index("left_shoulder_pitch_joint")] -= np.linspace(0, 0.5, FRAMES)
    reference = Reference(
        rate_hz=RATE_HZ,
        root_position_in_world=np.tile([0.0, 0.0, 0.753], (FRAMES, 1)),
        quat_world_root_wxyz=np.tile([1.0, 0.0, 0.0, 0.0], (FRAMES, 1)),
        joint_position=joints,
        contact=np.ones((FRAMES, 2), dtype=bool),
        hand_openness=np.full((FRAMES, 2), np.nan),
    )
    folder = tmp_path / "motions"
    folder.mkdir()
    save_reference(replace(reference, source="raise"), folder / "raise.npz")
    return folder


def test_two_runs_write_the_same_bytes(motions, tmp_path, capsys):
    (motions / "damaged.csv").write_text("1,2,3\n")
    texts = []
    for jobs in ("1", "2"):
        out = tmp_path / f"out{jobs}"
        code = main(["bench", "motions", str(motions), "--jobs", jobs, "--out", str(out)])
        assert code == 2
        texts.append((out / "motions.json").read_bytes())
        assert set(json.loads((out / "timings.json").read_text())["motions_s"]) == {
            "raise.npz",
            "damaged.csv",
        }
    assert texts[0] == texts[1]
    damaged, raised = json.loads(texts[0])["motions"]
    assert damaged["outcome"] == "error"
    assert "line 1: 3 columns" in damaged["reason"]
    assert raised["outcome"] == "survived"
    assert raised["measurement"]["joint_rmse_deg"] < 4.0
    assert raised["measurement"]["keypoint_plan_mm"] < 60.0
    assert raised["measurement"]["drift_xy_m"] < 0.03
    assert "2 motions: 1 survived, 1 error" in capsys.readouterr().out


def test_a_push_that_topples_is_a_fall_with_its_time(motions):
    ran = run_motion(motions / "raise.npz", "raise.npz", Conditions(push_ns=120.0))
    assert ran.result.outcome is Outcome.FELL
    assert ran.result.reason
    assert ran.result.fall_time_s is not None
    assert 0.5 < ran.result.fall_time_s < 10.0
    assert ran.result.measurement is not None
    assert ran.result.measurement.drift_xy_m is None
    assert ran.execution is not None
    assert ran.execution.fallen


def test_a_small_push_does_not_topple(motions):
    conditions = Conditions(push_ns=3.0)
    assert run_motion(motions / "raise.npz", "raise.npz", conditions).result.outcome is (
        Outcome.SURVIVED
    )


def test_a_fall_gives_exit_code_1_and_the_table_says_so(motions, tmp_path, capsys):
    out = str(tmp_path / "out")
    options = ["--push", "120", "--jobs", "1", "--out", out]
    assert main(["bench", "motions", str(motions), *options]) == 1
    assert "raise.npz: fell at" in capsys.readouterr().out


def test_bad_options_are_bad_input(motions, tmp_path, capsys):
    assert main(["bench", "motions", str(tmp_path / "nowhere")]) == 2
    assert main(["bench", "motions", str(motions), "--friction", "0"]) == 2
    assert main(["bench", "motions", str(motions), "--jobs", "0"]) == 2
    assert "friction 0, allowed 0.05 to 2" in capsys.readouterr().err


def test_ctrl_c_ends_all_processes_in_one_line(motions, tmp_path):
    arguments = ["bench", "motions", str(motions), "--out", str(tmp_path / "out")]
    process = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTIBLE, *arguments],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stderr is not None
    assert process.stderr.readline() == "motions ...\n"
    time.sleep(0.5)
    os.killpg(process.pid, signal.SIGINT)
    _, told = process.communicate(timeout=30)
    assert process.returncode == 130
    assert told == "exoactor: interrupted\n"
