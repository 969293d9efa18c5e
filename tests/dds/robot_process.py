"""`exoactor sim --dds` in a process of its own, as a user starts it."""

import json
import signal
import subprocess
import sys


class RobotProcess:
    """The simulated robot; `summary` is there once it has ended."""

    def __init__(self, settings, folder, *options):
        self._file = folder / "summary.json"
        command = [sys.executable, "-m", "exoactor_rt.cli.main", "sim", "--dds"]
        command += ["--domain", str(settings.domain), "--summary", str(self._file)]
        command += ["--seconds", "120", *options]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.greeting = self._process.stdout.readline()
        self.summary = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.send_signal(signal.SIGINT)
        try:
            output, _ = self._process.communicate(timeout=20)
        finally:
            self._process.kill()
        self.exit_code = self._process.returncode
        self.last_line = output.splitlines()[-1]
        self.summary = json.loads(self._file.read_text())

    @property
    def refused(self):
        """Commands the robot did not obey."""
        return sum(count for name, count in self.summary["commands"].items() if name != "none")
