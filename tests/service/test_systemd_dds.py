"""The control process as a service that drives a robot on DDS, with every way to end."""

import pytest
from dds_container import booted_for_dds, driven_robot

pytestmark = pytest.mark.slow
CONTROL = "exoactor-control"


@pytest.fixture(scope="module")
def machine(tmp_path_factory):
    with booted_for_dds(tmp_path_factory.mktemp("container")) as machine:
        yield machine


@pytest.fixture
def robot(machine):
    with driven_robot(machine) as robot:
        yield robot


def control_pid(machine):
    """Process id of control, the damper's child."""
    return machine.run("pgrep", "-P", machine.property_of(CONTROL, "MainPID"))[1].strip()


def arm(machine):
    machine.wait_until(lambda: machine.exoactor("robot", "arm", check=False)[0] == 0)


def assert_damped_and_started_anew(machine, robot, within_s=0.1):
    """Control has been started again, silent, and the robot damped in between."""
    machine.wait_until(lambda: machine.property_of(CONTROL, "NRestarts") == "1", 40.0)
    machine.wait_until(lambda: machine.exoactor("robot", "state", check=False)[0] == 0, 40.0)
    assert "silent" in machine.exoactor("robot", "state")[1]
    assert "damping from" in machine.journal(CONTROL)
    assert_damped_in_time(robot.end(), within_s)


def assert_damped_in_time(summary, within_s=0.1):
    assert summary["damped"]
    assert summary["longest_gap_s"] < within_s


@pytest.mark.parametrize("number", ["KILL", "SEGV"])
def test_a_killed_control_is_damped_for(machine, robot, number):
    arm(machine)
    machine.run("kill", f"-{number}", control_pid(machine))
    assert_damped_and_started_anew(machine, robot)


def test_control_and_damper_killed_together_are_damped_for(machine, robot):
    arm(machine)
    machine.run("systemctl", "kill", "-s", "KILL", CONTROL)
    assert_damped_and_started_anew(machine, robot, within_s=1.0)


def test_a_watchdogs_abort_is_damped_for(machine, robot):
    arm(machine)
    machine.run("kill", "-ABRT", machine.property_of(CONTROL, "MainPID"))
    assert_damped_and_started_anew(machine, robot)


def test_a_stop_damps_and_ends_in_silence(machine, robot):
    arm(machine)
    machine.run("systemctl", "stop", CONTROL)
    assert machine.property_of(CONTROL, "Result") == "success", machine.journal(CONTROL)
    assert_damped_in_time(robot.end())


def test_a_control_that_was_never_armed_sends_nothing(machine, robot):
    machine.run("systemctl", "kill", "-s", "KILL", CONTROL)
    machine.wait_until(lambda: machine.property_of(CONTROL, "NRestarts") == "1", 40.0)
    assert sum(robot.end()["commands"].values()) == 0
