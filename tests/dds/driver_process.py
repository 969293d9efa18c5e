"""`exoactor control --robot dds` as a user starts it: the driver under its damper."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from exoactor_rt.dds import damper_path
from exoactor_rt.link import ControlLink, Role


@contextlib.contextmanager
def deaf_children():
    """Processes started meanwhile never hear a SIGTERM, as that of a damper's death."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})


class DriverProcess:
    """The damper and its child, the control process."""

    def __init__(self, settings, folder, *options):
        self.socket = folder / "control.sock"
        self.record = folder / "control.driven"
        self._domain = str(settings.domain)
        command = [sys.executable, "-m", "exoactor_rt.cli.main", "control", "--robot", "dds"]
        command += ["--domain", self._domain, "--socket", str(self.socket), *options]
        self.damper = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.greeting = self.damper.stdout.readline()
        self._orphans = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for pid in (*self.children(), *self._orphans, self.damper.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for stream in (self.damper.stdout, self.damper.stderr):
            stream.close()
        self.damper.wait(timeout=10)

    def children(self):
        """Processes of the damper; the driver, while it lives."""
        if self.damper.poll() is not None:
            return []
        path = Path(f"/proc/{self.damper.pid}/task/{self.damper.pid}/children")
        return [int(word) for word in path.read_text().split()]

    @property
    def driver(self):
        """Process id of the control process."""
        (pid,) = self.children()
        return pid

    def link(self, role=Role.OWNER):
        """A link to the control process."""
        return ControlLink(self.socket, role=role, name="test")

    def wait(self):
        """Waits for the end; returns the exit code and what was logged."""
        _, told = self.damper.communicate(timeout=40)
        return self.damper.returncode, told

    def kill_with_damper(self, *, damper_first=True):
        """The driver and its damper, as by `systemctl kill -s KILL`."""
        pids = [self.damper.pid, self.driver]
        for pid in pids if damper_first else reversed(pids):
            os.kill(pid, signal.SIGKILL)
        self.damper.wait()

    def hang_alone(self):
        """Kills the damper and stops the driver, which must be deaf; returns the driver's id."""
        pid = self.driver
        self._orphans.append(pid)
        self.damper.kill()
        self.damper.wait()
        os.kill(pid, signal.SIGSTOP)  # not before: a stopped orphan is woken
        return pid

    def age_record(self):
        """As if the last command had gone 20 s ago."""
        with self.record.open("r+b") as record:
            record.seek(-8, os.SEEK_END)
            record.write((time.monotonic_ns() - 20 * 10**9).to_bytes(8, "little"))

    def damp_after_stop(self):
        """What systemd runs after the service's end; returns exit code and what was told."""
        command = heir_command("--after-stop", self._domain, self.record)
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
        return done.returncode, done.stderr


class StandbyProcess:
    """A second damper, in a process of its own."""

    def __init__(self, settings, record):
        self.process = subprocess.Popen(
            heir_command("--standby", settings.domain, record), stderr=subprocess.PIPE, text=True
        )
        self.greeting = self.process.stderr.readline()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def end(self):
        """Kills it; returns what it told since it stands by."""
        self.process.kill()
        _, told = self.process.communicate(timeout=10)
        return told


def heir_command(role, domain, record):
    """The damper's command line for whoever damps after driver and damper."""
    words = [str(damper_path()), role, "--record", str(record)]
    return [*words, "--domain", str(domain), "--seconds", "1"]
