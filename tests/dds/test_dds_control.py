"""The control process on a robot on DDS: silent until armed, damping when the robot is not well."""

import signal
import subprocess
import sys
import time

from standing_robot import Loop, StandingRobot

from exoactor_rt.link import ControlLink, Role


class Control:
    """A running control process."""

    def __init__(self, settings, folder):
        self.socket = folder / "control.sock"
        command = [sys.executable, "-m", "exoactor_rt.runtime", "--socket", str(self.socket)]
        command += ["--robot", "dds", "--domain", str(settings.domain)]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.greeting = self.process.stdout.readline()

    def end(self):
        """Ends it; returns its exit code and what it logged."""
        self.process.send_signal(signal.SIGTERM)
        _, told = self.process.communicate(timeout=30)
        return self.process.returncode, told


def test_the_control_process_drives_a_robot_on_dds(settings, tmp_path):
    with StandingRobot(settings) as body:
        control = Control(settings, tmp_path)
        assert "silent" in control.greeting
        link = ControlLink(control.socket, role=Role.OWNER, name="test")
        time.sleep(0.2)
        assert not any(body.commands.values())
        link.arm()
        assert Loop.wait(lambda: body.commands["none"] > 100)
        assert not body.link.gate.is_damped
        body.health.update(winding_temperature_c=[130] * 29)
        assert Loop.wait(lambda: body.link.gate.is_damped)
        obeyed = body.commands["none"]
        assert Loop.wait(lambda: body.commands["none"] > obeyed + 100), "damping is streamed"
        code, told = control.end()
        assert code == 0, told
        assert "winding too hot, got 130 C, bound 120 C" in told
        assert sum(body.commands.values()) == body.commands["none"]


def test_no_robot_ends_the_control_process(settings, tmp_path):
    control = Control(settings, tmp_path)
    _, told = control.process.communicate(timeout=30)
    assert control.greeting == ""
    assert control.process.returncode == 1
    assert "no LowState received yet" in told
