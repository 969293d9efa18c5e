"""Messages to and from Unitree's own Python library, which runs in a process and venv of its own.

EXOACTOR_UNITREE_PYTHON may name an interpreter that has it; otherwise one is made.
"""

import json
import os
import platform
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from standing_robot import Loop, StandingRobot

from exoactor_rt import _core
from exoactor_rt.dds import connect, load_dds, motion_mode, release_motion_mode
from exoactor_rt.errors import HardwareError

pytestmark = pytest.mark.slow
PEER = Path(__file__).with_name("unitree_peer.py")
PACKAGES = ["cyclonedds==0.10.2", "unitree-sdk2py-dimos==1.0.3"]
COUNT = 1000


def lay_out_library(home):
    """A CYCLONEDDS_HOME of the system's packages, as the bindings' build wants it."""
    system = Path("/usr/lib") / f"{platform.machine()}-linux-gnu"
    (home / "lib").mkdir(parents=True)
    (home / "bin").mkdir()
    (home / "include").symlink_to("/usr/include")
    for name in ("libddsc.so", "libcycloneddsidl.so", "cmake"):
        (home / "lib" / name).symlink_to(system / name)
    (home / "bin" / "idlc").symlink_to(shutil.which("idlc") or "/usr/bin/idlc")


@pytest.fixture(scope="session")
def unitree_python(tmp_path_factory):
    """An interpreter that has unitree_sdk2py; skips where there can be none."""
    given = os.environ.get("EXOACTOR_UNITREE_PYTHON")
    if given:
        return given
    folder = tmp_path_factory.mktemp("unitree")
    lay_out_library(folder / "home")
    python = folder / "venv" / "bin" / "python"
    steps = (
        [sys.executable, "-m", "venv", str(folder / "venv")],
        [str(python), "-m", "pip", "install", "--quiet", *PACKAGES],
    )
    environment = {**os.environ, "CYCLONEDDS_HOME": str(folder / "home")}
    for step in steps:
        made = subprocess.run(step, env=environment, capture_output=True, text=True, check=False)
        if made.returncode != 0:
            pytest.skip(f"unitree_sdk2py cannot be installed: {made.stderr.strip()[-200:]}")
    return str(python)


@pytest.fixture
def peer(unitree_python, settings):
    """Starts the other end in a role; `result()` waits for its end."""
    started = []

    def start(role, count=COUNT):
        command = [unitree_python, str(PEER), role, str(settings.domain), str(count)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def result(process):
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    return json.loads(output.splitlines()[-1])


def test_their_states_are_understood(settings, peer):
    robot = load_dds().DdsRobot(settings.to_options(), _core.wire.IntakeLimits())
    result(peer("send_states"))
    counts = robot.counts.states
    assert (counts.received, counts.accepted, counts.bad_crc) == (COUNT, COUNT, 0)
    assert robot.health().tick_ms == 2 * COUNT


def test_their_torso_imu_and_hands_are_understood(settings, peer):
    robot = load_dds().DdsRobot(settings.to_options(), _core.wire.IntakeLimits())
    seen = result(peer("send_side"))
    told = robot.take_side()
    last = 0.001 * (COUNT - 1)
    assert seen["motors"] == 7
    assert len(told["torso_imu"]["now_ns"]) == COUNT
    assert told["torso_imu"]["quat_world_imu_wxyz"][-1] == pytest.approx([0.8, 0.0, 0.6, 0.0])
    assert told["torso_imu"]["gyro_in_imu"][-1] == pytest.approx([last, 0.0, 0.0])
    for side in ("left_hand", "right_hand"):
        assert len(told[side]["now_ns"]) == COUNT
        assert told[side]["motor_count"][-1] == 7
        assert told[side]["position"][-1] == pytest.approx([0.0] * 6 + [last])


def test_their_commands_are_obeyed(settings, peer):
    link = load_dds().SimulatedLinkOptions()
    link.command_timeout_ns = 10**12
    body = load_dds().DdsSimulatedRobot(settings.to_options(), link)
    process = peer("send_commands")
    while process.poll() is None:
        command = body.act(time.monotonic_ns())
        time.sleep(0.002)
    command = body.act(time.monotonic_ns())
    assert sum(body.gate.counts) == body.gate.counts[0] == COUNT
    assert command.position[3] == pytest.approx(0.001 * (COUNT - 1))
    assert command.stiffness[28] == 20.0


def test_our_states_are_understood(settings, peer):
    body = load_dds().DdsSimulatedRobot(settings.to_options(), load_dds().SimulatedLinkOptions())
    sensors, health = _core.types.SensorState(), _core.types.RobotHealth()
    sensors.joint_position = np.linspace(-1.0, 1.0, 29)
    health.mode_machine = 5
    health.winding_temperature_c = list(range(29))
    process = peer("receive_states", 4.0)
    assert process.stdout.readline() == "ready\n"
    time.sleep(1.0)
    for tick in range(COUNT):
        health.tick_ms = 2 * tick
        body.publish(sensors, health, time.monotonic_ns())
        time.sleep(0.002)
    seen = result(process)
    assert (seen["received"], seen["bad_crc"]) == (COUNT, 0)
    np.testing.assert_allclose(seen["position"], np.linspace(-1.0, 1.0, 29), atol=1e-6)


def test_our_commands_are_understood(settings, peer):
    with StandingRobot(settings) as body:
        process = peer("receive_commands", 5.0)
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.5)
        with Loop(connect(settings)) as rig:
            time.sleep(0.5)
            assert rig.arm(), rig.loop.arm_refusal
            assert rig.wait(lambda: rig.robot.counts.sent >= COUNT, 5.0)
            rig.loop.stop()
            sent = rig.robot.counts.sent
        seen = result(process)
        assert seen["received"] == sent == body.commands["none"] >= COUNT
        assert seen["bad_crc"] == 0


def test_the_command_line_asks_and_releases_through_their_client(settings, unitree_python):
    with StandingRobot(settings, motion_mode="ai") as body:
        assert motion_mode(settings, unitree_python) == "ai"
        assert release_motion_mode(settings, unitree_python) == "ai"
        assert motion_mode(settings, unitree_python) == ""
        assert body.link.motion_mode == ""
    with pytest.raises(HardwareError, match="3102"):
        motion_mode(settings, unitree_python)


def test_their_client_releases_our_motion_mode(settings, peer):
    with StandingRobot(settings, motion_mode="ai") as body:
        seen = result(peer("switch_mode", 0))
        assert seen["before"] == [0, {"form": "0", "name": "ai"}]
        assert seen["released"] == [0, None]
        assert seen["after"] == [0, {"form": "0", "name": ""}]
        assert body.link.motion_mode == ""
