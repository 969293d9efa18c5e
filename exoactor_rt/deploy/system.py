"""The system as the installation sees it: commands, files, users."""

from __future__ import annotations

import grp
import logging
import os
import pwd
import subprocess
import time
from pathlib import Path

from exoactor_rt.errors import ConfigError

_LOG = logging.getLogger(__name__)
_LOOK_AGAIN_S = 0.2


class System:
    """Runs commands; every failure is a ConfigError that says what was tried."""

    def require_usable(self) -> None:
        """Raises ConfigError unless this is root on a system that systemd has booted."""
        if os.geteuid() != 0:
            raise ConfigError("install-service: needs root: sudo exoactor install-service")
        if not Path("/run/systemd/system").is_dir():
            raise ConfigError("install-service: systemd has not booted this system; nothing done")

    def run(self, *command: str) -> str:
        """Runs a command; returns what it prints."""
        _LOG.info("run=%r", " ".join(command))
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            words = " ".join((done.stderr or done.stdout).split())
            raise ConfigError(f"{' '.join(command)}: exit code {done.returncode}: {words}")
        return done.stdout

    def systemctl(self, *words: str) -> str:
        """Runs systemctl."""
        return self.run("systemctl", *words)

    def is_active(self, unit: str) -> bool:
        """Whether a unit runs."""
        done = subprocess.run(["systemctl", "is-active", "--quiet", unit], check=False)
        return done.returncode == 0

    def wait_active(self, unit: str, timeout_s: float) -> bool:
        """Whether a unit comes to run, and still does a moment later."""
        until_s = time.monotonic() + timeout_s
        while time.monotonic() < until_s and not self._has_failed(unit):
            time.sleep(_LOOK_AGAIN_S)
            if self.is_active(unit):
                time.sleep(_LOOK_AGAIN_S)
                return self.is_active(unit)
        return False

    def last_words(self, unit: str) -> str:
        """What the unit's own processes said last, as one line."""
        told = self.run("journalctl", f"_SYSTEMD_UNIT={unit}", "--lines", "3", "--output", "cat")
        return " | ".join(told.splitlines())

    def _has_failed(self, unit: str) -> bool:
        done = subprocess.run(["systemctl", "is-failed", "--quiet", unit], check=False)
        return done.returncode == 0

    def has_user(self, name: str) -> bool:
        """Whether there is such a user."""
        try:
            pwd.getpwnam(name)
        except KeyError:
            return False
        return True

    def has_group(self, name: str) -> bool:
        """Whether there is such a group."""
        try:
            grp.getgrnam(name)
        except KeyError:
            return False
        return True
