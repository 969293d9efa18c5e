"""The control process as a service that drives a robot on DDS, with every way to end."""

from contextlib import contextmanager

import container as containers
import pytest
from dds_container import booted_for_dds, driven_robot
from stalls import raise_if_stalled, tried_again

pytestmark = pytest.mark.slow
CONTROL, STANDBY = "exoactor-control", "exoactor-standby"
CONFIG, TRACKING = "/etc/exoactor/config.toml", "/var/lib/stand.npz"
PUT_POLICY = f"""
import os, sys
from pathlib import Path
sys.path.append(sys.argv[1])
os.environ["EXOACTOR_CACHE"] = "/etc/exoactor"
from standing_policy import standing_bundle, standing_reference
from exoactor_rt.tracker import save_tracking
from exoactor_rt.tracker.store import add_policy, choose_policy
network = Path("/var/lib/policy.onnx")
add_policy(network, standing_bundle(network))
save_tracking(standing_reference(2.0), choose_policy("tracker"), Path("{TRACKING}"))
"""


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


def kill_with_damper(machine):
    """Control and its damper at once."""
    machine.run("kill", "-KILL", machine.property_of(CONTROL, "MainPID"), control_pid(machine))


def arm(machine):
    machine.wait_until(lambda: machine.exoactor("robot", "arm", check=False)[0] == 0)


@contextmanager
def damped_by(machine, robot, damper):
    """The body ends control; it starts anew, silent, and one unit has damped in between."""
    before = {unit: dampings(machine, unit) for unit in (CONTROL, STANDBY)}
    yield
    machine.wait_until(lambda: machine.property_of(CONTROL, "NRestarts") == "1", 40.0)
    machine.wait_until(lambda: machine.exoactor("robot", "state", check=False)[0] == 0, 40.0)
    assert "silent" in machine.exoactor("robot", "state")[1]
    after = {unit: dampings(machine, unit) for unit in (CONTROL, STANDBY)}
    assert after == {**before, damper: before[damper] + 1}
    assert_damped_in_time(robot.end())


def dampings(machine, unit):
    """How often the unit has damped since the machine booted."""
    return machine.journal(unit).count("damping from")


def assert_damped_in_time(summary):
    assert summary["damped"]
    assert summary["longest_gap_s"] < 0.1


@pytest.mark.parametrize("number", ["KILL", "SEGV"])
def test_a_killed_control_is_damped_for(machine, robot, number):
    arm(machine)
    with damped_by(machine, robot, CONTROL):
        machine.run("kill", f"-{number}", control_pid(machine))


def test_control_and_damper_killed_together_are_damped_for(machine, robot):
    arm(machine)
    with damped_by(machine, robot, STANDBY):
        kill_with_damper(machine)


def test_the_standby_damper_comes_back(machine, robot):
    pid = machine.property_of(STANDBY, "MainPID")
    assert machine.run("ps", "-o", "user:32=", "-p", pid)[1].strip() == "exoactor-control"
    machine.run("kill", "-KILL", pid)
    machine.wait_until(lambda: machine.property_of(STANDBY, "NRestarts") == "1")
    arm(machine)
    with damped_by(machine, robot, STANDBY):
        kill_with_damper(machine)


def test_without_a_standby_damper_the_last_command_of_the_unit_damps(machine, robot):
    machine.run("systemctl", "stop", STANDBY)
    arm(machine)
    kill_with_damper(machine)
    machine.wait_until(lambda: machine.property_of(CONTROL, "NRestarts") == "1", 40.0)
    summary = robot.end()
    assert summary["damped"]
    assert summary["longest_gap_s"] < 1.0


def test_a_watchdogs_abort_is_damped_for(machine, robot):
    arm(machine)
    with damped_by(machine, robot, CONTROL):
        machine.run("kill", "-ABRT", machine.property_of(CONTROL, "MainPID"))


def test_a_stop_damps_and_ends_in_silence(machine, robot):
    arm(machine)
    machine.run("systemctl", "stop", CONTROL)
    assert machine.property_of(CONTROL, "Result") == "success", machine.journal(CONTROL)
    assert_damped_in_time(robot.end())


def test_an_installed_policy_leads_a_tracking(machine, robot):
    """Root's own policies only; control reads them as its user and runs them on the CPU."""
    machine.run(containers.PREFIX / "bin/python", "-c", PUT_POLICY, containers.REPOSITORY / "tests")
    machine.run("sh", "-c", f"printf '[control]\ncontroller = \"tracker\"\n' >> {CONFIG}")
    machine.run("systemctl", "restart", CONTROL)

    def attempt():
        arm(machine)
        code, told = machine.exoactor("robot", "execute", TRACKING, check=False)
        raise_if_stalled(told)
        assert code == 0, told
        assert "tracking done" in told
        assert "hold" in machine.exoactor("robot", "state")[1]

    tried_again(attempt, lambda: robot.start_anew(CONTROL))
    assert not robot.end()["fall_reason"]


def test_a_control_that_was_never_armed_sends_nothing(machine, robot):
    kill_with_damper(machine)
    machine.wait_until(lambda: machine.property_of(CONTROL, "NRestarts") == "1", 40.0)
    assert sum(robot.end()["commands"].values()) == 0
