"""A container in which the services drive a simulated robot on DDS."""

import json
from contextlib import contextmanager

import container as containers
import pytest

from exoactor_rt.dds import load_dds
from exoactor_rt.errors import HardwareError

_SUMMARY = "/var/lib/robot.json"


class Robot:
    """The simulated robot in the container."""

    def __init__(self, machine):
        self._machine = machine
        self._start()

    def _start(self):
        command = [containers.PREFIX / "bin/python", "-m", "exoactor_rt.cli.main", "sim", "--dds"]
        run = self._machine.run
        run("rm", "-f", _SUMMARY)
        run("systemd-run", "--collect", "--unit=robot", *command, "--summary", _SUMMARY)

    def start_anew(self, control):
        """Another robot, that stands, after a fall; `control` drives it, silent."""
        self._machine.run("systemctl", "stop", control, check=False)
        self.end()
        self._start()
        self._machine.run("systemctl", "start", control)

    def end(self):
        """Ends it; what became of it."""
        self._machine.run("systemctl", "stop", "robot")
        return json.loads(self._machine.run("cat", _SUMMARY)[1])


@contextmanager
def booted_for_dds(folder):
    """A booted container with the package under /opt and a loopback network; skips by name."""
    reason = containers.missing()
    if reason:
        pytest.skip(reason)
    try:
        load_dds()
    except HardwareError as error:
        pytest.skip(str(error))
    with containers.booted(folder) as machine:
        machine.make_environment()
        machine.run("ip", "link", "set", "lo", "up")
        yield machine


@contextmanager
def driven_robot(machine):
    """The robot, with the services installed that drive it, silent."""
    robot = Robot(machine)
    machine.exoactor("install-service", "--robot", "dds")
    try:
        yield robot
    finally:
        machine.exoactor("uninstall-service", "--yes", "--let-robot-fall")
        machine.run("systemctl", "stop", "robot", check=False)
