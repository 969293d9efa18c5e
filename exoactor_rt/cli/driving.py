"""A command that drives a robot on DDS runs under the damper."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from exoactor_rt.dds import DdsSettings, damped


def go_under_damper(robot: DdsSettings, given: Sequence[str]) -> None:
    """Becomes the same command under the damper, unless it runs there already.

    Args:
        robot: which one is driven.
        given: the words of this command line, without the program's.

    Raises:
        HardwareError: no DDS module here.
        OSError: the damper cannot be run.
    """
    if robot.driven_record is not None:
        return
    record = Path(tempfile.mkdtemp(prefix="exoactor-")) / "run.driven"
    words = [sys.executable, "-m", "exoactor_rt.cli.main", *given, "--driven-record", str(record)]
    command = damped(words, robot, record)
    sys.stdout.flush()
    os.execv(command[0], command)
