"""Every way in which the control process may end, seen from the robot."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from driver_process import DriverProcess, deaf_children
from plans import straight_steps, walk_plan
from robot_process import RobotProcess
from standing_robot import StandingRobot, commands, wait

from exoactor_rt.link import Role
from exoactor_rt.planning import save_plan

WITHIN_NS = 100_000_000


@pytest.fixture
def body(settings):
    with StandingRobot(settings, command_timeout_ns=10**9) as body:
        yield body


@pytest.fixture
def driver(body, settings, tmp_path):
    with DriverProcess(settings, tmp_path) as driver:
        assert "silent" in driver.greeting
        yield driver


@pytest.fixture
def armed(body, driver):
    """The driver, driving the robot."""
    with driver.link() as link:
        link.arm()
        wait(lambda: commands(body) > 50)
        assert not body.link.gate.is_damped
        yield driver


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT])
def test_a_driver_that_dies_is_damped_for(body, armed, number):
    os.kill(armed.driver, number)
    wait(lambda: body.link.gate.is_damped)
    obeyed = commands(body)
    code, told = armed.wait()
    assert code == 128 + number
    assert "damping from" in told
    assert commands(body) > obeyed + 1000, "damping is streamed for seconds"
    assert body.commands["none"] == commands(body)
    assert body.link.gate.longest_gap_ns < WITHIN_NS
    assert body.link.gate.is_damped


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT])
def test_a_driver_that_is_ended_damps_by_itself(body, armed, number):
    armed.damper.send_signal(number)
    code, told = armed.wait()
    assert code == 0, told
    assert "exoactor-damp" not in told
    assert body.link.gate.is_damped
    assert body.link.gate.longest_gap_ns < WITHIN_NS
    assert armed.damp_after_stop() == (0, "")


def test_a_driver_that_hangs_is_killed_and_damped_for(body, armed):
    os.kill(armed.driver, signal.SIGSTOP)
    code, told = armed.wait()
    assert code == 128 + signal.SIGKILL
    assert "no command for 0.1 s" in told
    assert body.link.gate.is_damped
    assert body.link.gate.longest_gap_ns < 3 * WITHIN_NS


def test_a_watchdogs_abort_kills_the_driver_and_damps(body, armed):
    armed.damper.send_signal(signal.SIGABRT)
    code, told = armed.wait()
    assert code == 128 + signal.SIGKILL
    assert "told to abort" in told
    assert body.link.gate.is_damped
    assert body.link.gate.longest_gap_ns < WITHIN_NS


def test_a_driver_whose_damper_dies_ends_in_order(body, armed):
    pid = armed.driver
    armed.damper.kill()
    wait(lambda: not Path(f"/proc/{pid}").exists(), 15.0)
    assert body.link.gate.is_damped
    assert body.link.gate.longest_gap_ns < WITHIN_NS
    assert armed.damp_after_stop() == (0, "")


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGTERM])
def test_a_robot_that_was_never_armed_is_never_commanded(body, driver, number):
    os.kill(driver.driver, number)
    driver.wait()
    assert driver.damp_after_stop() == (0, "")
    assert commands(body) == 0


def test_after_a_reset_nobody_damps(body, driver):
    with driver.link() as link:
        link.arm()
        wait(lambda: commands(body) > 50)
        link.damp()
        wait(lambda: body.link.gate.is_damped)
        link.reset()
        link.reset()
        time.sleep(0.3)  # longer than the damper lets a driver be silent
        assert driver.damper.poll() is None
        sent = commands(body)
        os.kill(driver.driver, signal.SIGKILL)
        _, told = driver.wait()
    assert "exoactor-damp" not in told
    assert commands(body) == sent


class TestAfterStop:
    """Driver and damper have died together, as by `systemctl kill`."""

    @pytest.fixture(autouse=True)
    def dead(self, armed):
        pid = armed.driver
        os.kill(armed.damper.pid, signal.SIGSTOP)
        os.kill(pid, signal.SIGKILL)
        armed.damper.kill()
        armed.damper.wait()
        return armed

    def test_the_robot_is_damped_once(self, body, dead):
        sent = commands(body)
        begin_s = time.monotonic()
        code, told = dead.damp_after_stop()
        assert code == 0, told
        assert "damping from" in told
        assert time.monotonic() - begin_s < 2.0
        assert commands(body) > sent + 300
        assert body.link.gate.is_damped
        assert dead.damp_after_stop() == (0, "")

    def test_a_robot_that_another_program_commands_is_left_alone(self, body, dead):
        body.second_publisher = True
        sent = commands(body)
        time.sleep(0.1)
        code, told = dead.damp_after_stop()
        assert code == 1
        assert "another program publishes motor commands" in told
        assert commands(body) < sent + 50

    def test_a_driver_that_died_long_ago_is_none(self, body, dead):
        dead.age_record()
        sent = commands(body)
        assert dead.damp_after_stop() == (0, "")
        assert commands(body) == sent

    @pytest.mark.parametrize("content", [b"", b"x" * 47, b"\xff" * 48, b"\0" * 48])
    def test_a_damaged_record_is_none(self, body, dead, content):
        dead.record.write_bytes(content)
        sent = commands(body)
        assert dead.damp_after_stop() == (0, "")
        assert commands(body) == sent


class TestAfterStopOfALivingDriver:
    """Its damper has died; it did not hear of it, and hangs."""

    @pytest.fixture
    def driver(self, body, settings, tmp_path):
        with deaf_children():
            driver = DriverProcess(settings, tmp_path)
        with driver:
            assert "silent" in driver.greeting
            yield driver

    @pytest.fixture(autouse=True)
    def hanging(self, armed):
        self.pid = armed.hang_alone()
        time.sleep(0.2)  # until its last command has come
        return armed

    def test_its_death_is_waited_for(self, body, hanging):
        hanging.age_record()  # it has hung for long
        with ThreadPoolExecutor() as pool:
            damping = pool.submit(hanging.damp_after_stop)
            time.sleep(0.5)
            assert not damping.done()
            sent = commands(body)
            os.kill(self.pid, signal.SIGKILL)
            code, told = damping.result()
        assert code == 0
        assert "damping from" in told
        assert commands(body) > sent + 300
        assert body.link.gate.is_damped

    def test_it_says_so_where_it_lives_on(self, body, hanging):
        sent = commands(body)
        code, told = hanging.damp_after_stop()
        assert code == 1
        assert "the driver lives; not damped" in told
        assert commands(body) == sent, "never beside a driver that may go on"


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
def test_a_walking_robot_is_damped_for(settings, tmp_path, number):
    content = save_plan(walk_plan(straight_steps(8, 0.15)), tmp_path / "walk.plan").read_bytes()
    with (
        RobotProcess(settings, tmp_path) as body,
        DriverProcess(settings, tmp_path) as driver,
        driver.link() as link,
    ):
        link.arm()
        link.start(link.load(content, "walk"))
        link.wait_for(lambda state: state.reference_time_s > 2.5, 30.0)
        os.kill(driver.driver, number)
        code, told = driver.wait()
    assert code == 128 + number
    assert "damping from" in told
    assert body.summary["damped"]
    assert not body.summary["timed_out"], "the robot was never without a fresh command for 0.1 s"
    assert body.refused == 0


@pytest.mark.slow
def test_a_killed_owner_does_not_drop_the_walking_robot(settings, tmp_path):
    path = save_plan(walk_plan(straight_steps(8, 0.15)), tmp_path / "walk.plan")
    command = [sys.executable, "-m", "exoactor_rt.cli.main", "robot", "execute", str(path)]
    with RobotProcess(settings, tmp_path) as body, DriverProcess(settings, tmp_path) as driver:
        with driver.link() as link:
            link.arm()
        owner = subprocess.Popen([*command, "--socket", str(driver.socket)])
        with driver.link(Role.OBSERVER) as link:
            link.wait_for(lambda state: state.reference_time_s > 2.5, 30.0)
            owner.kill()
            owner.wait()
            state = link.wait_for(lambda state: state.plans_ended == 1, 40.0)
            assert (state.last_end, state.owner) == ("done", "")
        driver.damper.send_signal(signal.SIGTERM)
        code, _ = driver.wait()
    assert code == 0
    assert body.summary["damped"]
    assert body.refused == 0
    assert not body.summary["timed_out"] or body.summary["longest_gap_s"] < 0.1
