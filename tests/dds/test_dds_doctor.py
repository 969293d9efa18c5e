"""The doctor's look at a robot on DDS: every fault is found, and nothing is sent."""

import json
import subprocess
import sys
import time

import numpy as np
import pytest
from standing_robot import StandingRobot

from exoactor_rt import _core
from exoactor_rt.dds import open_observer
from exoactor_rt.doctor import check_network
from exoactor_rt.robots import g1

TIMELY = ("DDS", "DDS peers", "hardware revision", "second publishers", "remote controller")
BODILY = ("battery", "motors", "temperatures", "joint positions", "IMU")


def findings_of(settings):
    return {finding.check: finding for finding in check_network(settings)}


@pytest.fixture
def body(settings):
    with StandingRobot(settings) as body:
        yield body


def test_a_healthy_robot_passes(body, settings):
    body.sensors.joint_position = g1.standing_position()
    found = findings_of(settings)
    assert {found[check].verdict for check in TIMELY + BODILY} == {"pass"}, found
    assert found["states"].verdict in ("pass", "warn"), "a busy machine may send less"
    assert all(f.told and not f.remedy for f in found.values() if f.verdict == "pass")


def press(body):
    remote = _core.types.RobotHealth().remote
    remote.buttons = 1 << 5 | 1 << 9
    body.health["remote"] = remote


def bend(body):
    position = g1.standing_position()
    position[3] = g1.joint_table().upper_rad[3] + 0.1
    body.sensors.joint_position = position


def at_limit(body):
    position = g1.standing_position()
    position[3] = g1.joint_table().upper_rad[3] - 0.01
    body.sensors.joint_position = position


def lean(body):
    body.sensors.quat_world_imu_wxyz = np.array([np.cos(0.25), np.sin(0.25), 0.0, 0.0])


def shake(body):
    body.sensors.gyro_in_imu = np.array([1.0, 0.0, 0.0])


FAULTS = {
    "revision": (lambda b: b.health.update(mode_machine=4), "hardware revision", "fail", "4"),
    "publisher": (lambda b: setattr(b, "second_publisher", True), "second publishers", "fail", "1"),
    "abort": (press, "remote controller", "fail", "L2+B"),
    "empty": (lambda b: setattr(b, "charge_percent", 10), "battery", "fail", "10 %"),
    "half empty": (lambda b: setattr(b, "charge_percent", 30), "battery", "warn", "30 %"),
    "motor": (
        lambda b: b.health.update(motor_fault=[0] * 9 + [0x100] + [0] * 19),
        "motors",
        "fail",
        "right_knee_joint 0x100",
    ),
    "hot": (
        lambda b: b.health.update(winding_temperature_c=[40] * 3 + [130] + [40] * 25),
        "temperatures",
        "fail",
        "130 C at left_knee_joint",
    ),
    "warm": (
        lambda b: b.health.update(surface_temperature_c=[75] * 29),
        "temperatures",
        "warn",
        "surface 75 C",
    ),
    "beyond": (bend, "joint positions", "fail", "left_knee_joint"),
    "at limit": (at_limit, "joint positions", "warn", "left_knee_joint"),
    "lean": (lean, "IMU", "warn", "0.50 rad"),
    "shaken": (shake, "IMU", "fail", "gyro 1.00"),
    "frozen": (lambda b: setattr(b, "frozen", True), "states", "fail", "not newer"),
    "corrupt": (lambda b: b.set_faults(corrupt=1.0), "states", "fail", "0 Hz"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_found(body, settings, name):
    cause, check, verdict, told = FAULTS[name]
    time.sleep(0.1)
    cause(body)
    time.sleep(0.1)
    finding = findings_of(settings)[check]
    assert finding.verdict == verdict, finding
    assert told in finding.told
    assert finding.remedy


def test_two_robots_are_found(body, settings):
    with StandingRobot(settings):
        finding = findings_of(settings)["states"]
    assert finding.verdict == "fail"
    assert "2 robots" in finding.told


def test_no_robot_is_found(settings):
    found = findings_of(settings)
    assert found["DDS peers"].verdict == found["states"].verdict == "fail"
    assert found["robot"].verdict == "skip"


def doctor(settings, *options):
    command = [sys.executable, "-m", "exoactor_rt.cli.main", "doctor", "--robot", "dds"]
    command += ["--domain", str(settings.domain), *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_readonly_sends_nothing(settings):
    with StandingRobot(settings, motion_mode="ai") as body:
        observer = open_observer(settings)
        process = doctor(settings, "--readonly", "--json")
        most = 0
        while process.poll() is None:
            most = max(most, observer.command_writers)
            time.sleep(0.001)
        document = json.loads(process.stdout.read())
        assert most == 0
        assert sum(body.commands.values()) == 0
        assert body.link.motion_mode == "ai"
    by_check = {finding["check"]: finding for finding in document["findings"]}
    assert by_check["hardware revision"]["verdict"] == "pass"
    assert by_check["motion program"]["verdict"] == "skip"
    assert "sends nothing" in by_check["motion program"]["told"]


def test_the_observer_of_that_test_does_see_publishers(body, settings):
    observer = open_observer(settings)
    assert observer.command_writers == 0
    body.second_publisher = True
    until_s = time.monotonic() + 2.0
    while observer.command_writers == 0 and time.monotonic() < until_s:
        time.sleep(0.01)
    assert observer.command_writers == 1


def test_a_failure_is_the_exit_code(settings):
    process = doctor(settings, "--readonly")
    told, _ = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "verdict: fail" in told
    assert "-> check --domain" in told
