"""Trackings handed to the control process, which leads them by the policy that it has loaded."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from control_rig import (
    Control,
    arm,
    nothing_left_running,  # noqa: F401
    wait_for,
)
from standing_policy import standing_bundle, standing_reference, standing_site

from exoactor_rt import _core
from exoactor_rt.errors import PolicyError
from exoactor_rt.link import RefusedError, Role, TaskKind
from exoactor_rt.recorder import read_run
from exoactor_rt.replay.rerun import recorded_run
from exoactor_rt.robots import g1
from exoactor_rt.tracker import (
    LearnedCorrection,
    Network,
    Policy,
    parse_tracking,
    save_tracking,
)
from exoactor_rt.tracker.learned_correction import bounds_rad
from exoactor_rt.tracker.store import add_policy, choose_policy

pytest.importorskip("mujoco")

Driver = _core.control.Driver
OWNER = """
import sys
from pathlib import Path
from control_rig import arm
from exoactor_rt.link import ControlLink, Role, TaskKind
link = ControlLink(Path(sys.argv[1]), role=Role.OWNER, name="doomed")
arm(link)
link.start(link.load(Path(sys.argv[2]).read_bytes(), "stand", kind=TaskKind.TRACKING))
print("started", flush=True)
while True:
    link.poll(0.5)
"""


@pytest.fixture
def config(tmp_path, monkeypatch):
    """A site whose control process may let the standing policy drive."""
    return standing_site(tmp_path, monkeypatch)


@pytest.fixture
def tracking(tmp_path, config):
    """Standing, shown with a learned correction."""
    reference = standing_reference(3.0)
    frames = len(reference.joint_position)
    correction = LearnedCorrection(np.tile(0.5 * bounds_rad(), (frames, 1)))
    policy = choose_policy("tracker")
    return save_tracking(reference, policy, tmp_path / "a.npz", correction)


def start(link, tracking):
    arm(link)
    link.start(link.load(tracking.read_bytes(), "stand", {"task": "t1"}, TaskKind.TRACKING))


def wait_until_it_drives(link):
    wait_for(link, lambda state: state.running and state.reference_time_s > 0.5, 30.0)


@pytest.mark.slow
def test_a_tracking_is_executed_once_recorded_and_the_robot_given_back(tmp_path, config, tracking):
    log = tmp_path / "control.mcap"
    control = Control(tmp_path, "--config", config, "--log", log)
    with control.link(Role.OWNER) as link:
        start(link, tracking)
        with pytest.raises(RefusedError, match="being executed"):
            link.load(tracking.read_bytes(), "again", kind=TaskKind.TRACKING)
        wait_until_it_drives(link)
        assert link.state.reference_end_s == pytest.approx(3.0)
        state = wait_for(link, lambda state: state.plans_ended == 1, 30.0)
        assert (state.guard, state.last_end, state.running) == ("hold", "done", False)
        start_again = link.load(tracking.read_bytes(), "again", kind=TaskKind.TRACKING)
        link.start(start_again)
        wait_until_it_drives(link)
        link.stop()
        state = wait_for(link, lambda state: state.plans_ended == 2, 30.0)
        assert (state.guard, state.last_end) == ("hold", "stopped")
    assert control.end()[0] == 0
    run = read_run(log)
    led = run.ticks["driver"] == int(Driver.TRACKER)
    assert led.any()
    off = run.ticks["planned_position"][led] - g1.standing_position()
    assert np.abs(off).max() < 1e-6
    assert run.attachments["tracking.1.npz"] == tracking.read_bytes()
    assert b"stander" in run.attachments["policy.toml"]
    assert b'"task": "t1"' in run.attachments["tracking_provenance.1.json"]
    assert recorded_run(run).inputs["trackings"].max() == 2


def test_a_dead_service_in_mid_tracking_does_not_drop_the_robot(tmp_path, config, tracking):
    control = Control(tmp_path, "--config", config)
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, control.socket, tracking],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
    )
    try:
        assert owner.stdout.readline() == "started\n"
        with control.link() as link:
            wait_until_it_drives(link)
            os.kill(owner.pid, signal.SIGKILL)
            state = wait_for(link, lambda state: state.plans_ended == 1, 30.0)
            assert (state.guard, state.owner, state.last_end) == ("hold", "", "done")
    finally:
        owner.kill()
        owner.wait()


@pytest.mark.slow
def test_an_end_of_control_in_mid_tracking_brings_the_robot_to_stand_first(
    tmp_path, config, tracking
):
    control = Control(tmp_path, "--config", config)
    with control.link(Role.OWNER) as link:
        start(link, tracking)
        wait_until_it_drives(link)
        code, told = control.end()
    assert code == 0
    assert "tracking stopped" in told


def test_without_the_policy_that_was_rehearsed_nothing_is_loaded(tmp_path, config, tracking):
    control = Control(tmp_path)
    with control.link(Role.OWNER) as link:
        with pytest.raises(RefusedError, match=r"'stander' .* no policy is loaded here"):
            link.load(tracking.read_bytes(), kind=TaskKind.TRACKING)
        with pytest.raises(RefusedError, match=r"not read"):
            link.load(b"PK no archive", kind=TaskKind.TRACKING)
    control.end()
    changed = standing_bundle(tmp_path / "policy.onnx", damping=(1.5,) * 29)
    add_policy(tmp_path / "policy.onnx", changed, replace=True)
    control = Control(tmp_path, "--config", config)
    with (
        control.link(Role.OWNER) as link,
        pytest.raises(RefusedError, match=r"rehearsed with policy 'stander' .*, loaded here is"),
    ):
        link.load(tracking.read_bytes(), kind=TaskKind.TRACKING)


def test_with_a_policy_it_imports_no_network_vision_or_gpu_and_runs_it_on_the_cpu(config):
    code = """
import sys, exoactor_rt.runtime.entry
from exoactor_rt.tracker.store import choose_policy
policy = choose_policy("tracker")
rooms = ("cv2", "av", "onnx", "aiohttp", "http.client", "tensorrt", "exoactor_rt.perception")
print([name for name in rooms if name in sys.modules], policy._network._session.get_providers())
"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[] ['CPUExecutionProvider']"


def test_a_site_without_its_tracker_does_not_start(tmp_path, config):
    (tmp_path / "cache" / "policies" / "stander" / "policy.onnx").write_bytes(b"another")
    command = [sys.executable, "-m", "exoactor_rt.runtime", "--socket", tmp_path / "control.sock"]
    told = subprocess.run(
        [*command, "--config", config], capture_output=True, text=True, timeout=60, check=False
    )
    assert told.returncode == 1
    assert "controller tracker" in told.stderr


def test_a_tracking_that_is_none_or_too_long_is_refused(tmp_path):
    policy = Policy(standing_bundle(tmp_path / "policy.onnx"), Network(tmp_path / "policy.onnx"))
    path = save_tracking(standing_reference(130.0), policy, tmp_path / "long.npz")
    with pytest.raises(PolicyError, match=r"130\.\d s > 120 s; refused"):
        parse_tracking(path.read_bytes(), "long", policy)
    with pytest.raises(PolicyError, match="unpacks to"):
        parse_tracking(path.read_bytes(), "long", policy, max_bytes=1000)
    np.savez(tmp_path / "plain.npz", rate_hz=50.0)
    with pytest.raises(PolicyError, match=r"policy.* is missing"):
        parse_tracking((tmp_path / "plain.npz").read_bytes(), "plain", policy)
