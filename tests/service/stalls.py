"""A robot simulated in real time on a machine that may be busy: tried again, then skipped by name.

A simulation that gets no processor for 50 ms tells no state, at which the guard damps it, rightly.
That says nothing of what is tested; a test that met it begins anew in a quieter moment.
"""

import time
from pathlib import Path

import pytest

_CAUSES = ("state_age", "command_age", "command_gap", "target_age", "overruns")
_QUIET_PERCENT = 25.0
_QUIET_WITHIN_S = 60.0
_TRIES = 5


class StalledError(Exception):
    """The guard has damped the robot because this machine was too slow."""


def raise_if_stalled(words):
    """Where words of the guard or of control's journal tell of it."""
    if any(cause in words for cause in _CAUSES):
        raise StalledError(words[-400:])


def tried_again(attempt, recover):
    """What `attempt` returns; `recover` puts the robot back on its feet after a stall."""
    for number in range(_TRIES):
        _wait_for_quiet(number * _QUIET_WITHIN_S)
        try:
            return attempt()
        except StalledError as error:
            told = error
        recover()
    pytest.skip(f"this machine is too busy for a robot in real time, {_TRIES} times: {told}")


def _wait_for_quiet(limit_s):
    until_s = time.monotonic() + limit_s
    while _pressure_percent() > _QUIET_PERCENT and time.monotonic() < until_s:
        time.sleep(1.0)


def _pressure_percent():
    """Share of the last 10 s in which somebody waited for a processor; 0 where none tells."""
    try:
        words = Path("/proc/pressure/cpu").read_text(encoding="ascii").split()
    except OSError:
        return 0.0
    return float(words[1].partition("=")[2])
