"""`bench control` on the simulator: repeatable, truthful, and what the controller reaches."""

import json

import numpy as np
import pytest

from exoactor_rt import _core
from exoactor_rt.bench import control
from exoactor_rt.bench.control.case import TrialCase
from exoactor_rt.bench.control.catalogue import ASKED_STEPPING_NS
from exoactor_rt.bench.control.courses import forward
from exoactor_rt.bench.control.suite import run_case
from exoactor_rt.bench.control.task import Stand
from exoactor_rt.bench.control.tick_times import Situation, record_run
from exoactor_rt.bench.control.trial import run_trial
from exoactor_rt.cli.main import main
from exoactor_rt.robots import g1
from exoactor_rt.sim import Push, SimOptions

REACHED_NS = {"push-stepping/left/7": 8}
"""Where less than what is asked is reached."""


def test_two_runs_write_the_same_bytes(tmp_path, capsys):
    texts = []
    for jobs in ("1", "2"):
        out = tmp_path / f"out{jobs}"
        options = [
            "--only",
            "mismatch/walk/control 4 ms",
            "mismatch/stand/control 4 ms",
            "--jobs",
            jobs,
        ]
        assert main(["bench", "control", *options, "--out", str(out)]) == 0
        texts.append((out / "control.json").read_bytes())
    assert texts[0] == texts[1]
    stand, walk = json.loads(texts[0])["cases"]
    assert walk["outcome"]["steps_done"] == walk["outcome"]["lifts"] == 12
    assert walk["outcome"]["speed_m_s"] > 0.2
    assert stand["outcome"]["com_rms_mm"] < 4.0
    told = capsys.readouterr().out
    assert "control 4 ms  survived  survived" in told
    assert "criteria: all met" in told


def test_bad_options_are_bad_input(tmp_path, capsys):
    assert main(["bench", "control", "--only", "jump", "--out", str(tmp_path)]) == 2
    assert main(["bench", "control", "--seed", "-1", "--out", str(tmp_path)]) == 2
    assert main(["bench", "control", "--jobs", "0", "--out", str(tmp_path)]) == 2
    assert "--only jump: no such case" in capsys.readouterr().err


def test_a_push_that_topples_is_told_and_fails(tmp_path, capsys, monkeypatch):
    toppled = TrialCase(
        "stance/stand", Stand(2.0), SimOptions(pushes=(Push(2.0, 0.1, (0.0, 600.0, 0.0)),))
    )
    monkeypatch.setattr(control, "catalogue", lambda seed, quick: [toppled])
    assert (
        main(["bench", "control", "--only", "stance", "--jobs", "1", "--out", str(tmp_path)]) == 1
    )
    assert "stance/stand: fell at" in capsys.readouterr().out


def test_recorded_states_are_what_the_controller_was_given():
    run = record_run(Situation("two steps", forward(2, 0.2)), seed=3)
    controller = _core.control.WholeBodyController(_core.model.RobotModel(str(g1.model_path())))
    for row, state in enumerate(run.states):
        if row == run.plan_at:
            assert controller.offer_plan(run.plan) == ""
        command = controller.step(state, state.stamp_ns)
        np.testing.assert_array_equal(command.torque, run.ticks["wanted_torque"][row])
    assert controller.telemetry.steps_done == 2


@pytest.mark.slow
@pytest.mark.parametrize(
    "group", ["stance", "one-foot", "walk", "random", "push-standing", "mismatch"]
)
def test_the_controller_meets_the_criteria_of(group):
    ran = [run_case(case) for case in control.select(control.catalogue(0, quick=False), [group])]
    found = control.criteria([one.result for one in ran])
    assert found
    assert [one for one in found if not one.met] == []


@pytest.mark.slow
@pytest.mark.parametrize("direction", ASKED_STEPPING_NS)
def test_a_push_is_survived_at_every_phase(direction):
    cases = control.select(control.catalogue(0, quick=False), [f"push-stepping/{direction}"])
    fallen = []
    for case in cases:
        start_s = case.start_s_of(run_trial)
        assert start_s is not None, "it falls undisturbed"
        impulse_ns = REACHED_NS.get(case.name, ASKED_STEPPING_NS[direction])
        outcome = run_trial(case.task, SimOptions(seed=0, pushes=(case.push(impulse_ns, start_s),)))
        if not outcome.survived:
            fallen.append((case.name, outcome.reason))
    assert fallen == []
