"""A control process of its own, driven over its socket."""

import os
import signal
import subprocess
import sys
from typing import ClassVar

import pytest

from exoactor_rt.link import ControlLink, RefusedError, Role

DAMPING = "damping"
BUSY = ("state_age", "command_age", "command_gap", "overruns", "target_age")


def arm(link):
    """Arms as soon as the robot has been measured freshly for a while."""
    for _ in range(20):
        link.poll(0.1)
        try:
            return link.arm()
        except RefusedError as error:
            refusal = error
    raise refusal


class Control:
    """A running control process and a link to watch it by."""

    started: ClassVar[list[subprocess.Popen]] = []

    def __init__(self, folder, *options):
        self.socket = folder / "control.sock"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "exoactor_rt.runtime", "--socket", self.socket, *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.started.append(self.process)
        line = self.process.stdout.readline()
        assert "listening" in line, self.process.stderr.read()

    def link(self, role=Role.OBSERVER):
        return ControlLink(self.socket, role=role, name="test")

    def end(self, number=signal.SIGTERM):
        """Ends it; returns its exit code and what it logged."""
        self.process.send_signal(number)
        _, told = self.process.communicate(timeout=30)
        return self.process.returncode, told


def wait_for(link, wanted, timeout_s):
    """As ControlLink.wait_for; skips where the machine provably did not keep real time."""
    state = link.wait_for(lambda state: wanted(state) or state.guard == DAMPING, timeout_s)
    if "overruns" in state.concern:
        skip_starved(state)
    if state.guard == DAMPING and any(cause in state.trip for cause in BUSY):
        skip_starved(state)
    return state


def skip_starved(state):
    """Skips after a trip for age, which the machine's load must explain.

    Late or missed ticks tell of it, but not of the threads of a policy and of the simulated robot,
    which have no real-time priority.
    """
    late = state.missed_periods > 0 or state.late_ticks > 0.01 * state.ticks
    overloaded = os.getloadavg()[0] > os.cpu_count()
    starved = any(cause in state.trip for cause in ("target_age", "state_age")) and overloaded
    assert late or starved, state
    pytest.skip(f"this machine is too busy for real time: {state}")


@pytest.fixture(autouse=True)
def nothing_left_running():
    """A test that fails leaves no control process behind."""
    yield
    while Control.started:
        Control.started.pop().kill()
