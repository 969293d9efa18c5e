"""`exoactor control --robot dds` as a user starts it: the driver under its damper."""

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

from exoactor_rt.dds import damper_path
from exoactor_rt.link import ControlLink, Role


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

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for pid in (*self.children(), self.damper.pid):
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

    def damp_after_stop(self):
        """What systemd runs after the service's end; returns exit code and what was told."""
        command = [str(damper_path()), "--after-stop", "--record", str(self.record)]
        command += ["--domain", self._domain, "--seconds", "1"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
        return done.returncode, done.stderr
