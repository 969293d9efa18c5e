"""The factory's motion program, asked about and released through Unitree's own library.

That library runs in a process of its own: two copies of CycloneDDS in one are untested.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from exoactor_rt.dds.connection import DdsSettings
from exoactor_rt.errors import HardwareError

LIMP = "the robot goes limp when its motion program is released: it must hang or be held"
_SCRIPT = Path(__file__).with_name("motion_switcher_process.py")
_ANSWER_WITHIN_S = 20.0
_MISSING = 3
_NO_SERVER = 4


def motion_mode(settings: DdsSettings, python: str) -> str:
    """Name of the motion program that runs on the robot; empty: none, motors obey commands.

    Args:
        settings: where the robot is.
        python: an interpreter that has unitree_sdk2py.

    Raises:
        HardwareError: no such library there, or the robot does not answer.
    """
    return _ask(settings, python, "check")


def release_motion_mode(settings: DdsSettings, python: str) -> str:
    """Ends the motion program, until none is left; the robot goes limp. See `motion_mode`.

    Returns:
        The names of what was ended, with commas; empty where nothing ran.
    """
    return _ask(settings, python, "release")


def _ask(settings: DdsSettings, python: str, what: str) -> str:
    command = [python, str(_SCRIPT), what, str(settings.domain), settings.network_interface]
    consequence = "motion program unknown, nothing released"
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=_ANSWER_WITHIN_S
        )
    except OSError as error:
        raise HardwareError(f"{python}: {error.strerror}; {consequence}") from error
    except subprocess.TimeoutExpired as error:
        raise HardwareError(
            f"motion switcher: no answer within {_ANSWER_WITHIN_S:g} s; {consequence}"
        ) from error
    if done.returncode == _MISSING:
        raise HardwareError(
            f"{python} has no unitree_sdk2py; {consequence}; install it into an environment of its "
            "own (docs/robot.md) and name that: --unitree-python PATH"
        )
    if done.returncode == _NO_SERVER:
        raise HardwareError(
            f"motion switcher on domain {settings.domain}, {settings.network_interface}: no answer "
            f"(Unitree's code 3102); {consequence}; check interface and domain"
        )
    if done.returncode != 0:
        words = " ".join(done.stderr.split())[-300:]
        raise HardwareError(f"motion switcher: exit code {done.returncode}: {words}; {consequence}")
    return str(json.loads(done.stdout.splitlines()[-1]))
