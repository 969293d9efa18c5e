"""From the gantry to standing on DDS, as on a real robot."""

import signal
import subprocess
import sys
import time

import pytest
from driver_process import DriverProcess
from robot_process import RobotProcess

from exoactor_rt.errors import LinkError
from exoactor_rt.link import Role

pytestmark = pytest.mark.slow


def pose(driver):
    command = [sys.executable, "-m", "exoactor_rt.cli.main", "robot", "pose", "--hanging"]
    return subprocess.Popen([*command, "--socket", str(driver.socket)], stdout=subprocess.PIPE)


def arm_once_it_stands(link):
    until_s = time.monotonic() + 20.0
    while time.monotonic() < until_s:
        try:
            link.arm()
        except LinkError as error:
            assert "weight" in str(error)
            time.sleep(0.2)
        else:
            return
    raise AssertionError("never armed")


def test_a_hanging_robot_is_posed_lowered_armed_and_stands(settings, tmp_path):
    with (
        RobotProcess(settings, tmp_path, "--gantry", "6") as body,
        DriverProcess(settings, tmp_path) as driver,
    ):
        posing = pose(driver)
        told, _ = posing.communicate(timeout=30)
        assert posing.returncode == 0
        assert b"lower the robot" in told
        with driver.link() as link:
            arm_once_it_stands(link)
            state = link.wait_for(lambda state: state.guard == "hold", 2.0)
            assert state.trip == ""
            link.poll(2.0)
            assert link.state.guard == "hold"
    assert body.refused == 0
    assert body.summary["fall_reason"] == ""


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGHUP, signal.SIGKILL])
def test_a_pose_whose_command_ends_on_the_way_damps(settings, tmp_path, end):
    with (
        RobotProcess(settings, tmp_path, "--gantry", "60") as body,
        DriverProcess(settings, tmp_path) as driver,
    ):
        posing = pose(driver)
        with driver.link(Role.OBSERVER) as link:
            link.wait_for(lambda state: state.guard == "pose", 20.0)
            posing.send_signal(end)
            posing.wait(10)
            link.wait_for(lambda state: state.guard == "damping", 2.0)
    assert body.summary["damped"]
    assert body.refused == 0
