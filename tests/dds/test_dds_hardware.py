"""What is asked before a robot that may be real is driven."""

import dataclasses
import os
import sys

import pytest
from driver_process import DriverProcess
from standing_robot import StandingRobot

from exoactor_rt._core.runtime import LoopOptions
from exoactor_rt.cli.main import main
from exoactor_rt.dds import DdsRobotEnd, DdsSettings, damper_path
from exoactor_rt.errors import HardwareError
from exoactor_rt.runtime import ControlOptions, ControlProcess


@pytest.mark.parametrize(
    ("values", "hardware"),
    [({}, False), ({"domain": 0}, True), ({"network_interface": "eth0"}, True)],
)
def test_what_may_be_a_real_robot(values, hardware):
    assert DdsSettings(**values).is_hardware is hardware


def test_it_is_not_driven_without_a_damper():
    with pytest.raises(HardwareError, match=r"nobody would damp .*exoactor control"):
        DdsRobotEnd(DdsSettings(domain=0))


class RealRobot(DdsRobotEnd):
    """As on hardware."""

    is_hardware = True


@pytest.fixture
def process(settings, tmp_path):
    """Makes a control process to which the system refuses a priority."""
    options = LoopOptions()
    options.fifo_priority, options.lock_memory = 1000, False

    def make(**values):
        return ControlProcess(
            RealRobot(settings),
            ControlOptions(tmp_path / "control.sock", loop=options, **values),
        )

    return make


def test_missing_rights_refuse_it(process, settings):
    with StandingRobot(settings) as body:
        with pytest.raises(HardwareError, match=r"SCHED_FIFO: .*--without-real-time-rights"):
            process().run()
        assert sum(body.commands.values()) == 0


def test_unless_the_operator_says_otherwise(process, settings):
    ready = []
    with StandingRobot(settings):
        running = process(need_real_time=False)

        def end():
            ready.append(True)
            running.request_end()

        running.run(on_ready=end)
    assert ready


def test_a_second_process_cannot_have_the_record(settings, tmp_path):
    with StandingRobot(settings), DriverProcess(settings, tmp_path) as driver:
        assert "silent" in driver.greeting
        with pytest.raises(HardwareError, match="belongs to another live process"):
            DdsRobotEnd(dataclasses.replace(settings, driven_record=driver.record))


@pytest.mark.parametrize(
    "words",
    [
        ["run", "walk.bvh"],
        ["replay", "run.mcap", "--approve", "0123456789ab"],
        ["control", "--socket", "/run/c.sock"],
    ],
)
def test_commands_that_drive_run_under_the_damper(words, monkeypatch):
    become = []
    monkeypatch.setattr(os, "execv", lambda path, command: become.append(command) or sys.exit(0))
    with pytest.raises(SystemExit):
        main([*words, "--robot", "dds", "--domain", "0", "--interface", "eth7"])
    (command,) = become
    damper, driver = command[: command.index("--")], command[command.index("--") + 1 :]
    assert damper[0] == str(damper_path())
    assert damper[damper.index("--domain") + 1] == "0"
    assert damper[damper.index("--interface") + 1] == "eth7"
    record = damper[damper.index("--record") + 1]
    assert driver[driver.index("--driven-record") + 1] == record
    assert driver[0] == sys.executable
