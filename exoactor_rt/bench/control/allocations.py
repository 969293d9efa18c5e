"""Heap allocations of the tick, counted in a child process by a preloaded malloc.

Run as a program inside that process it prints the count of one situation.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from exoactor_rt import _core
from exoactor_rt._core.types import RobotState
from exoactor_rt.bench.control.tick_times import record_run, situations
from exoactor_rt.errors import HardwareError
from exoactor_rt.robots import g1

COUNTER_SOURCE = Path(__file__).with_name("allocation_counter.c")
_COMPILERS = ("cc", "gcc", "clang")
_FIRST_TICKS = 500


def why_uncountable() -> str:
    """Empty where allocations can be counted."""
    if not sys.platform.startswith("linux"):
        return "allocations are counted on Linux only"
    return "" if _compiler() else "no C compiler to build the counter of allocations"


def count_allocations(name: str, seed: int) -> int:
    """Of all ticks of one situation but the first; raises HardwareError where it cannot."""
    obstacle = why_uncountable()
    if obstacle:
        raise HardwareError(f"benchmark: {obstacle}; nothing counted")
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "liballocation_counter.so"
        build = [str(_compiler()), "-O1", "-fno-builtin", "-shared", "-fPIC", str(COUNTER_SOURCE)]
        child = [sys.executable, "-m", __name__, name, str(seed)]
        try:
            subprocess.run([*build, "-o", str(library)], check=True, capture_output=True)
            counted = subprocess.run(
                child,
                env=os.environ | {"LD_PRELOAD": str(library)},
                check=True,
                capture_output=True,
                text=True,
            )
        except subprocess.CalledProcessError as error:
            raise HardwareError(
                f"benchmark: counter of allocations failed: {error.cmd[0]}: {error.stderr!s}"
            ) from error
    return int(counted.stdout)


def main(arguments: Sequence[str]) -> None:
    """Prints how many more allocations all ticks take than the first of them."""
    name, seed = arguments
    count = ctypes.CDLL(None).exoactor_thread_allocation_count
    count.restype = ctypes.c_ulong
    (situation,) = (one for one in situations() if one.name == name)
    run = record_run(situation, int(seed))
    model = _core.model.RobotModel(str(g1.model_path()))

    def replay(states: list[RobotState]) -> None:
        _core.control.replay_times(model, run.plan, states, run.plan_at)

    def taken(states: list[RobotState]) -> int:
        replay(states)
        before = int(count())
        replay(states)
        return int(count()) - before

    few = taken(run.states[:_FIRST_TICKS])
    if few == 0:
        raise SystemExit("the counter is not in place")
    print(taken(run.states) - few)


def _compiler() -> str | None:
    return next(filter(None, map(shutil.which, _COMPILERS)), None)


if __name__ == "__main__":
    main(sys.argv[1:])
