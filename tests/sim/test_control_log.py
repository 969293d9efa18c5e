"""The control process's log: run again, and explained when an owner stops or is lost."""

import hashlib
import json
import subprocess
import sys
import time

import pytest
from plans import straight_steps, walk_plan
from rerun_cases import wave
from test_control_process import ACTIVE, DAMPING, OWNER, SILENT, Control

from exoactor_rt.link import Role
from exoactor_rt.planning import save_plan
from exoactor_rt.recorder import read_run
from exoactor_rt.replay.explain import Origin, explain
from exoactor_rt.replay.explain.incident import IncidentKind
from exoactor_rt.replay.rerun import RerunMode, recorded_run, rerun

pytest.importorskip("mujoco")
PROVENANCE_2 = "provenance.2.json"


def require_same(run):
    recorded = recorded_run(run)
    for mode in RerunMode:
        found = rerun(recorded, mode)
        assert found.same, f"{mode.value}: {found.first} {found.refusals}"
    return recorded


@pytest.fixture
def files(tmp_path):
    walk = save_plan(walk_plan(straight_steps(6, 0.2)), tmp_path / "walk.npz")
    waving = save_plan(wave(), tmp_path / "wave.npz")
    return walk, waving


def test_two_plans_a_stop_a_damp_and_a_reset_run_again(tmp_path, files):
    log = tmp_path / "control.mcap"
    control = Control(tmp_path, "--log", log)
    walk, waving = (path.read_bytes() for path in files)
    with control.link(Role.OWNER) as link:
        link.arm()
        time.sleep(0.3)
        link.start(link.load(waving, "wave"))
        assert link.wait_for(lambda state: state.plans_ended == 1, 30.0)
        link.start(link.load(walk, "walk"))
        time.sleep(2.0)
        link.stop()
        assert link.wait_for(lambda state: not state.running, 10.0)
        link.damp()
        assert link.wait_for(lambda state: state.guard == DAMPING, 2.0)
        link.reset()
        assert link.wait_for(lambda state: state.guard == SILENT, 2.0)
    control.end()
    run = read_run(log)
    recorded = require_same(run)
    assert sorted(recorded.plans) == [1, 2]
    found = explain(run)
    assert found[0].incident.kind is IncidentKind.STOP
    assert found[0].origin is Origin.PEOPLE
    words = " ".join([*(item.incident.words for item in found), *found[0].incident.follows])
    assert "damping was asked for" in words


def test_a_log_in_a_folder_is_named_by_its_start_and_tells_what_made_each_plan(tmp_path, files):
    folder = tmp_path / "logs"
    folder.mkdir()
    plan = files[1].read_bytes()
    for starts in (1, 2):
        control = Control(tmp_path, "--log", folder)
        with control.link(Role.OWNER) as link:
            link.arm()
            for number in range(starts):
                link.start(link.load(plan, f"wave {number}", {"prompt": f"number {number}"}))
                assert link.wait_for(lambda state: not state.running, 30.0)
        control.end()
    first, second = (read_run(log) for log in sorted(folder.glob("*.mcap")))
    assert sorted(second.attachments) == sorted({*first.attachments, "plan.2.npz", PROVENANCE_2})
    assert json.loads(second.attachments[PROVENANCE_2]) == {
        "label": "wave 1",
        "plan sha256": hashlib.sha256(plan).hexdigest(),
        "prompt": "number 1",
    }


def test_a_lost_owner_is_explained(tmp_path, files):
    log = tmp_path / "control.mcap"
    control = Control(tmp_path, "--log", log, "--on-owner-loss", "stop")
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, control.socket, files[0]], stdout=subprocess.PIPE, text=True
    )
    assert owner.stdout.readline() == "started\n"
    with control.link() as link:
        assert link.wait_for(lambda state: state.guard == ACTIVE and state.running, 5.0)
        owner.kill()
        owner.wait()
        assert link.wait_for(lambda state: not state.running, 15.0)
    control.end()
    run = read_run(log)
    require_same(run)
    first = explain(run)[0]
    assert first.incident.kind is IncidentKind.OWNER_LOSS
    assert first.origin is Origin.PEOPLE
    assert any("controlled stop" in text for text in first.incident.follows)
