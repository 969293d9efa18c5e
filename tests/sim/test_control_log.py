"""The control process's log: run again, and explained when an owner stops or is lost."""

import hashlib
import json
import subprocess
import sys

import pytest
from plans import straight_steps, walk_plan
from rerun_cases import wave
from test_control_process import (
    BUSY,
    DAMPING,
    OWNER,
    READY,
    SILENT,
    Control,
    arm,
    nothing_left_running,  # noqa: F401
)

from exoactor_rt.link import RefusedError, Role
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


class StarvedError(Exception):
    """The machine did not keep real time, and the guard damped for it."""


def wait(link, wanted, timeout_s):
    """Waits for a state; raises StarvedError."""
    state = link.wait_for(lambda state: wanted(state) or state.trip != "", timeout_s)
    if state.trip and any(cause in state.trip for cause in BUSY):
        raise StarvedError(state.trip)
    assert state is not None


def two_plans(link, waving, walk):
    """A wave to its end, a walk that is stopped, damping, and back to silence."""
    arm(link)
    link.start(link.load(waving, "wave"))
    wait(link, lambda state: state.plans_ended == 1, 60.0)
    link.start(link.load(walk, "walk"))
    wait(link, lambda state: state.reference_time_s > 1.5, 60.0)
    link.stop()
    wait(link, lambda state: not state.running, 30.0)
    link.damp()
    assert link.wait_for(lambda state: state.guard == DAMPING, 5.0)
    for state_after in (READY, SILENT):
        link.reset()
        assert link.wait_for(lambda state, wanted=state_after: state.guard == wanted, 5.0)


def test_two_plans_a_stop_a_damp_and_a_reset_run_again(tmp_path, files):
    log = tmp_path / "control.mcap"
    control = Control(tmp_path, "--log", log)
    walk, waving = (path.read_bytes() for path in files)
    starved = ""
    with control.link(Role.OWNER) as link:
        try:
            two_plans(link, waving, walk)
        except StarvedError as error:
            starved = str(error)
    control.end()
    run = read_run(log)
    recorded = require_same(run)
    if starved:
        pytest.skip(f"run again the same, but this machine is too busy for real time: {starved}")
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
            arm(link)
            for number in range(starts):
                try:
                    link.start(link.load(plan, f"wave {number}", {"prompt": f"number {number}"}))
                    wait(link, lambda state, ended=number + 1: state.plans_ended == ended, 30.0)
                except (RefusedError, StarvedError) as error:
                    link.poll(0.2)
                    if any(cause in link.state.trip for cause in BUSY):
                        pytest.skip(f"this machine is too busy for real time: {link.state.trip}")
                    raise error
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
    starved = ""
    try:
        assert owner.stdout.readline() == "started\n"
        with control.link() as link:
            wait(link, lambda state: state.guard == "run" and state.running, 20.0)
            owner.kill()
            wait(link, lambda state: not state.running, 30.0)
    except StarvedError as error:
        starved = str(error)
    finally:
        owner.kill()
        owner.wait()
        control.end()
    run = read_run(log)
    require_same(run)
    if starved:
        pytest.skip(f"run again the same, but this machine is too busy for real time: {starved}")
    first = explain(run)[0]
    assert first.incident.kind is IncidentKind.OWNER_LOSS
    assert first.origin is Origin.PEOPLE
    assert any("controlled stop" in text for text in first.incident.follows)
