"""The link to a robot: silent until it may speak, and nothing to act on when it is not well."""

import importlib
import time
from dataclasses import replace

import numpy as np
import pytest
from standing_robot import Loop, StandingRobot

from exoactor_rt import _core
from exoactor_rt.dds import connect, load_dds
from exoactor_rt.errors import HardwareError

State = _core.safety.GuardState
Cause = _core.safety.TripCause
Problem = _core.wire.RobotProblem
RB = _core.types.RemoteButton


def l2_and_b():
    controller = _core.types.RemoteController()
    controller.buttons = int(RB.L2) | int(RB.B)
    return controller


def test_measurements_arrive_and_nothing_is_sent_before_the_guard_is_armed(settings):
    with StandingRobot(settings) as body, Loop(connect(settings)) as rig:
        assert rig.wait(lambda: rig.robot.counts.states.accepted > 100)
        counts = rig.robot.counts
        assert (counts.state_writers, counts.command_readers) == (1, 1)
        assert rig.wait(lambda: rig.robot.battery.charge_percent == 90)
        assert rig.robot.health().winding_temperature_c == [40] * 29
        assert rig.state == State.SILENT
        rig.loop.stop()
        assert counts.states.bad_crc == 0
        assert (counts.sent, counts.refused, counts.failed) == (0, 0, 0)
        assert not any(body.commands.values())


def test_an_armed_loop_is_obeyed_and_its_last_word_is_damping(settings):
    with StandingRobot(settings) as body, Loop(connect(settings)) as rig:
        assert rig.arm(), rig.loop.arm_refusal
        assert rig.wait(lambda: body.commands["none"] > 300)
        assert not body.link.gate.is_damped
        rig.loop.stop()
        assert rig.wait(lambda: body.link.gate.is_damped)
        commands = body.commands
        sent = rig.robot.counts.sent
        assert sum(commands.values()) == commands["none"] <= sent
        assert commands["none"] > 0.95 * sent
        assert rig.robot.counts.failed == 0


@pytest.mark.parametrize(
    ("change", "problem", "cause"),
    [
        (lambda body: body.health.update(mode_machine=4), "MODE_MACHINE", "MODE_CHANGED"),
        (lambda body: body.health.update(remote=l2_and_b()), "REMOTE_ABORT", "REMOTE_ABORT"),
        (lambda body: body.health.update(motor_fault=[0] * 28 + [2]), "MOTOR_FAULT", "MOTOR_FAULT"),
        (
            lambda body: body.health.update(winding_temperature_c=[125] * 29),
            "WINDING_HOT",
            "MOTOR_HOT",
        ),
        (
            lambda body: body.health.update(surface_temperature_c=[90] * 29),
            "SURFACE_HOT",
            "MOTOR_HOT",
        ),
        (lambda body: setattr(body, "charge_percent", 15), "LOW_BATTERY", "BATTERY_LOW"),
        (
            lambda body: setattr(body, "second_publisher", True),
            "SECOND_PUBLISHER",
            "SECOND_PUBLISHER",
        ),
        (lambda body: setattr(body, "frozen", True), "NONE", "STATE_AGE"),
        (lambda body: body.set_faults(drop=1.0), "NONE", "STATE_AGE"),
        (lambda body: body.set_faults(corrupt=1.0), "NONE", "CRC_ERRORS"),
        (lambda body: body.set_faults(delay_ns=200_000_000), "NONE", "STATE_AGE"),
    ],
)
def test_a_robot_that_is_not_well_is_damped_and_damping_streams_on(
    settings, change, problem, cause
):
    with StandingRobot(settings) as body, Loop(connect(settings)) as rig:
        assert rig.arm(), rig.loop.arm_refusal
        begin_ns = time.monotonic_ns()
        change(body)
        assert rig.wait(lambda: rig.state == State.DAMPING)
        trip = rig.loop.guard_status.trip
        assert trip.cause == getattr(Cause, cause), str(trip)
        assert trip.stamp_ns - begin_ns < 300_000_000
        assert rig.robot.first_finding.problem == getattr(Problem, problem)
        sent = rig.robot.counts.sent
        assert rig.wait(lambda: rig.robot.counts.sent > sent + 50)
        assert rig.wait(lambda: body.link.gate.is_damped)
        bad = {name: count for name, count in body.commands.items() if name != "none"}
        assert not any(bad.values()), bad


def test_a_number_that_is_none_is_damped(settings):
    with StandingRobot(settings) as body, Loop(connect(settings)) as rig:
        assert rig.arm(), rig.loop.arm_refusal
        position = body.sensors.joint_position.copy()
        position[3] = np.nan
        body.sensors.joint_position = position
        assert rig.wait(lambda: rig.state == State.DAMPING)
        assert rig.loop.guard_status.trip.cause == Cause.STATE_NOT_FINITE
        assert rig.wait(lambda: body.link.gate.is_damped)
        assert body.commands["not_finite"] == 0


@pytest.mark.parametrize(
    "faults", [{"drop": 0.3}, {"duplicate": 0.5}, {"reorder": 0.3}, {"corrupt": 0.3}]
)
def test_a_poor_link_is_borne(settings, faults):
    with StandingRobot(settings) as body, Loop(connect(settings)) as rig:
        assert rig.arm(), rig.loop.arm_refusal
        body.set_faults(**faults)
        time.sleep(0.5)
        counts = rig.robot.counts.states
        assert rig.state == State.HOLD, str(rig.loop.guard_status.trip)
        assert counts.accepted > 100
        if "corrupt" in faults:
            assert counts.bad_crc > 20
        if "duplicate" in faults:
            assert counts.not_newer > 20


def test_a_second_publisher_keeps_the_guard_from_being_armed(settings):
    with StandingRobot(settings) as body:
        robot = connect(settings)
        body.second_publisher = True
        with Loop(robot) as rig:
            assert rig.wait(lambda: robot.counts.other_command_writers == 1)
            time.sleep(0.1)
            assert not rig.arm()
            assert "another program publishes motor commands" in str(robot.finding)
            assert robot.counts.sent == 0
            body.second_publisher = False
            assert rig.wait(lambda: robot.counts.other_command_writers == 0)
            assert rig.arm(), rig.loop.arm_refusal
        assert sum(body.commands.values()) == body.commands["none"]


def test_two_programs_keep_each_other_from_being_armed(settings):
    with StandingRobot(settings) as body:
        first = connect(settings)
        second = load_dds().DdsRobot(settings.to_options(), _core.wire.IntakeLimits())
        with Loop(first) as rig:
            assert rig.wait(lambda: first.counts.other_command_writers == 1)
            time.sleep(0.1)
            assert not rig.arm()
        assert second.counts.other_command_writers == 1
        assert not any(body.commands.values())


def test_another_revision_is_refused(settings):
    with StandingRobot(replace(settings, mode_machine=6)) as body:
        with pytest.raises(HardwareError, match="revision is not the configured one, got 6"):
            connect(settings, wait_s=0.5)
        assert not any(body.commands.values())
    with pytest.raises(HardwareError, match=r"mode_machine\) 6 has no joint limits here"):
        connect(replace(settings, mode_machine=6))


def test_two_robots_are_refused(settings):
    with StandingRobot(settings) as first, StandingRobot(settings) as second:
        time.sleep(0.2)
        with pytest.raises(HardwareError, match="2 robots publish states"):
            connect(settings)
        assert not any(first.commands.values())
        assert not any(second.commands.values())


def test_no_robot_is_told(settings):
    with pytest.raises(HardwareError, match="no LowState received yet"):
        connect(settings, wait_s=0.3)
    with pytest.raises(HardwareError, match="domain"):
        connect(replace(settings, network_interface="no_such_interface"), wait_s=0.3)


def test_a_robot_that_has_gone_is_reported(settings):
    with StandingRobot(settings):
        robot = connect(settings)
        assert Loop.wait(lambda: robot.counts.state_writers == 1)
    assert Loop.wait(lambda: robot.counts.state_writers == 0)
    assert robot.counts.command_readers == 0


def test_commands_are_ignored_while_the_factorys_program_runs(settings):
    with StandingRobot(settings, motion_mode="ai") as body, Loop(connect(settings)) as rig:
        assert rig.arm(), rig.loop.arm_refusal
        assert rig.wait(lambda: body.link.ignored > 50)
        assert not any(body.commands.values())


def test_without_the_module_the_remedy_is_told(monkeypatch):
    def missing(name):
        raise ImportError(f"No module named {name!r}")

    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(HardwareError, match="apt-get install cyclonedds-dev cyclonedds-tools"):
        load_dds()
