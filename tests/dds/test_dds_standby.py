"""The standby damper: damps when driver and damper die together, and never beside another."""

import os
import signal
import time
from pathlib import Path

import pytest
from driver_process import DriverProcess, StandbyProcess, deaf_children
from standing_robot import StandingRobot, commands, wait

WITHIN_NS = 100_000_000


def arm(driver, body):
    before = commands(body)
    with driver.link() as link:
        link.arm()
        wait(lambda: commands(body) > before + 50)


@pytest.fixture
def body(settings):
    with StandingRobot(settings, command_timeout_ns=10**9) as body:
        yield body


@pytest.fixture
def standby(settings, tmp_path):
    with StandbyProcess(settings, tmp_path / "control.driven") as standby:
        assert "standing by" in standby.greeting
        yield standby


@pytest.fixture
def driver(body, standby, settings, tmp_path):
    with DriverProcess(settings, tmp_path) as driver:
        assert "silent" in driver.greeting
        yield driver


@pytest.mark.parametrize("damper_first", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_driver_and_damper_that_die_together_are_damped_for(body, standby, driver, damper_first):
    arm(driver, body)
    driver.kill_with_damper(damper_first=damper_first)
    wait(lambda: body.link.gate.is_damped)
    sent = commands(body)
    assert driver.damp_after_stop() == (0, ""), "waits until the other has damped"
    assert commands(body) > sent + 200
    told = standby.end()
    assert told.count("damping from") == 1
    assert body.commands["none"] == commands(body)
    assert body.link.gate.longest_gap_ns < WITHIN_NS


@pytest.mark.slow
def test_it_leaves_a_dead_driver_to_the_damper_and_follows_the_next(
    body, standby, driver, settings, tmp_path
):
    arm(driver, body)
    os.kill(driver.driver, signal.SIGKILL)
    code, told = driver.wait()
    assert code == 128 + signal.SIGKILL
    assert "damping from" in told
    wait(lambda: body.link.gate.is_damped)
    sent = commands(body)
    time.sleep(0.5)
    assert commands(body) == sent
    with DriverProcess(settings, tmp_path) as following:
        assert "silent" in following.greeting
        time.sleep(0.3)
        arm(following, body)
        following.kill_with_damper()
        wait(lambda: body.link.gate.is_damped)
    assert standby.end().count("damping from") == 1


@pytest.mark.slow
def test_a_driver_whose_damper_dies_damps_by_itself(body, standby, driver):
    arm(driver, body)
    pid = driver.driver
    driver.damper.kill()
    wait(lambda: not Path(f"/proc/{pid}").exists(), 15.0)
    assert body.link.gate.is_damped
    sent = commands(body)
    time.sleep(0.5)
    assert commands(body) == sent
    assert standby.end() == ""


@pytest.mark.slow
def test_a_driver_that_outlived_its_damper_is_damped_for(body, standby, settings, tmp_path):
    with deaf_children():
        driver = DriverProcess(settings, tmp_path)
    with driver:
        arm(driver, body)
        pid = driver.hang_alone()
        time.sleep(0.3)
        sent = commands(body)
        time.sleep(0.2)
        assert commands(body) == sent, "never beside a driver that may go on"
        driver.age_record()  # it has hung for long
        os.kill(pid, signal.SIGKILL)
        wait(lambda: body.link.gate.is_damped)
        wait(lambda: commands(body) > sent + 200)
    assert "damping from" in standby.end()


def test_a_robot_that_was_never_armed_is_never_commanded(body, standby, driver):
    driver.kill_with_damper()
    time.sleep(0.5)
    assert commands(body) == 0
    assert standby.end() == ""


@pytest.mark.slow
def test_a_robot_that_another_program_commands_is_left_alone(body, standby, driver):
    arm(driver, body)
    driver.damper.send_signal(signal.SIGSTOP)
    body.second_publisher = True
    wait(lambda: body.link.gate.is_damped)
    driver.kill_with_damper()
    sent = commands(body)
    time.sleep(0.5)
    assert commands(body) < sent + 50
    assert "another program publishes motor commands" in standby.end()


@pytest.mark.slow
def test_whoever_is_left_goes_on_damping(body, standby, driver):
    arm(driver, body)
    driver.kill_with_damper()
    wait(lambda: body.link.gate.is_damped)
    standby.process.kill()
    sent = commands(body)
    code, told = driver.damp_after_stop()
    assert code == 0
    assert "damping from" in told
    assert commands(body) > sent + 300
