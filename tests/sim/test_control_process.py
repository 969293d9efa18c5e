"""The control process as its users have it: a process of its own, driven over its socket."""

import contextlib
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from control_rig import (
    BUSY,
    DAMPING,
    Control,
    arm,
    nothing_left_running,  # noqa: F401
    skip_starved,
    wait_for,
)
from plans import straight_steps, walk_plan

from exoactor_rt.errors import HardwareError, LinkError
from exoactor_rt.link import Role
from exoactor_rt.planning import save_plan
from exoactor_rt.recorder import read_run
from exoactor_rt.replay import check_subject, load_subject, robot_limits
from exoactor_rt.runtime import ControlOptions, ControlProcess
from exoactor_rt.runtime.entry import main
from exoactor_rt.sim import PacedRobot

pytest.importorskip("mujoco")

HOLD, SILENT, READY = "hold", "silent", "ready"
OWNER = """
import sys, time
from pathlib import Path
from typing import ClassVar
from exoactor_rt.link import ControlLink, RefusedError, Role
link = ControlLink(Path(sys.argv[1]), role=Role.OWNER, name="doomed")
link.poll(1.0)
link.arm()
time.sleep(0.5)
link.start(link.load(Path(sys.argv[2]).read_bytes(), "walk"))
print("started", flush=True)
while True:
    link.poll(0.5)
"""


@pytest.fixture
def control(tmp_path):
    control = Control(tmp_path)
    yield control
    control.process.kill()
    control.process.wait()


@pytest.fixture(scope="module")
def walk(tmp_path_factory):
    path = tmp_path_factory.mktemp("plans") / "walk.plan"
    return save_plan(walk_plan(straight_steps(8, 0.15)), path)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT])
def test_it_starts_silent_and_ends_silent(control, number):
    with control.link() as link:
        assert link.wait_for(lambda state: state.ticks > 100, 10.0).guard == SILENT
    code, told = control.end(number)
    assert code == 0
    assert "guard" not in told
    assert not control.socket.exists()


def test_it_executes_a_plan_once_and_stands(control, walk):
    with control.link(Role.OWNER) as link:
        sha256 = link.load(walk.read_bytes(), "walk")
        with pytest.raises(LinkError, match="must be armed"):
            link.start(sha256)
        arm(link)
        link.start(sha256)
        with pytest.raises(LinkError, match="being executed"):
            link.load(walk.read_bytes(), "again")
        state = wait_for(link, lambda state: state.plans_ended == 1, 40.0)
        assert (state.guard, state.running) == (HOLD, False)
        with pytest.raises(LinkError, match="no plan is loaded"):
            link.start(sha256)


def test_a_killed_owner_does_not_drop_the_robot(control, walk):
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, control.socket, walk], stdout=subprocess.PIPE, text=True
    )
    try:
        assert owner.stdout.readline() == "started\n"
        with control.link() as link:
            wait_for(link, lambda state: state.reference_time_s > 2.5, 30.0)
            os.kill(owner.pid, signal.SIGKILL)
            state = wait_for(link, lambda state: state.plans_ended == 1, 40.0)
            assert (state.guard, state.owner) == (HOLD, "")
            stood_from_s = time.monotonic()
            link.wait_for(lambda state: time.monotonic() - stood_from_s > 1.0, 5.0)
            assert link.state.guard == HOLD
    finally:
        owner.kill()
        owner.wait()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_its_end_in_mid_walk_brings_the_robot_to_stand_first(control, walk, number):
    with control.link(Role.OWNER) as link:
        arm(link)
        link.start(link.load(walk.read_bytes(), "walk"))
        wait_for(link, lambda state: state.reference_time_s > 2.5, 30.0)
        code, told = control.end(number)
        with contextlib.suppress(LinkError):
            link.poll(1.0)
    assert code == 0
    if any(cause in told for cause in BUSY):
        skip_starved(link.state)
    events = [line for line in told.splitlines() if "event=" in line]
    stopped = next(i for i, line in enumerate(events) if "plan stopped" in line)
    assert any("controlled stop" in line for line in events[:stopped])
    assert "requested" in events[-1]


def test_damp_from_another_process_ends_it_at_once(control):
    with control.link(Role.OWNER) as link:
        arm(link)
        subprocess.Popen(
            [sys.executable, "-m", "exoactor_rt.cli.main", "damp", "--socket", control.socket]
        )
        assert link.wait_for(lambda state: state.guard == DAMPING, 10.0)
        with pytest.raises(LinkError, match="must be silent"):
            arm(link)
        link.reset()
        assert link.wait_for(lambda state: state.guard == READY, 2.0)
        link.reset()
        assert link.wait_for(lambda state: state.guard == SILENT, 2.0)


def test_it_imports_no_network_vision_or_gpu():
    code = (
        "import sys, exoactor_rt.runtime.entry; "
        "print([n for n in ('cv2', 'av', 'onnx', 'aiohttp', 'http.client') if n in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_every_tick_and_event_is_recorded(tmp_path):
    path = tmp_path / "control.mcap"
    control = Control(tmp_path, "--log", path)
    with control.link(Role.OWNER) as link:
        arm(link)
        time.sleep(0.3)
    code, _ = control.end()
    assert code == 0
    run = read_run(path)
    assert run.damages == ()
    stamps = run.ticks["now_ns"]
    assert (np.diff(stamps) > 0).all()
    assert (run.ticks["guard_state"] > 0).sum() > 50
    assert run.events
    assert stamps[0] - 1e9 < run.events[0].stamp_ns < stamps[-1] + 1e9
    judged = check_subject(load_subject(path), robot_limits()).findings
    assert {"position", "tilt", "self_collision"} <= {c.name for c, f in judged if not f.skipped}


def test_a_killed_control_process_leaves_its_log(tmp_path):
    path = tmp_path / "control.mcap"
    control = Control(tmp_path, "--log", path)
    time.sleep(1.0)
    control.end(signal.SIGKILL)
    run = read_run(path)
    assert run.damages
    assert len(run.ticks["now_ns"]) > 100


class FailingRobot(PacedRobot):
    """Fails as soon as it is looked at."""

    def fault(self):
        return "motor 3 does not answer"


def test_a_robot_that_fails_is_an_error(tmp_path):
    process = ControlProcess(FailingRobot(), ControlOptions(tmp_path / "control.sock"))
    with pytest.raises(HardwareError, match="motor 3"):
        process.run()


def test_an_owner_that_does_not_exist_is_bad_input(tmp_path, capsys):
    assert main(["--socket", str(tmp_path / "control.sock"), "--owner", "no-such-user"]) == 2
    assert "no-such-user" in capsys.readouterr().err


def test_a_log_that_cannot_be_made_fails(tmp_path):
    command = [sys.executable, "-m", "exoactor_rt.runtime", "--socket", tmp_path / "control.sock"]
    told = subprocess.run(
        [*command, "--log", tmp_path / "absent" / "x.mcap"],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert told.returncode == 1
    assert "No such file" in told.stderr
