"""How long admission takes: `python benchmarks/admission_time.py FILE_OR_FOLDER [...]`.

Every reference (npz, BVH, CSV) is admitted as `run` and `plan` do it, with a pool of processes that
was asked for before. Told are the clip's duration, the time on the clock from the reference to the
verdict, their ratio, the processor's time of all processes, and what every rung of the ladder came
to. With `--cold` each pool is asked for with the reference, so that its start counts: so it is
where nothing has to be read first.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from exoactor_rt.bench.motion_files import find_motions, read_reference
from exoactor_rt.bench.trimming import trim_jumps
from exoactor_rt.config import Config
from exoactor_rt.pipeline.chain import REHEARSAL_SEED_OFFSET, run_options
from exoactor_rt.replay import Stage, admit, rehearsal_pool
from exoactor_rt.types import Reference

ASKED = 1.5
START_S = 6.0


@dataclass(frozen=True)
class Timed:
    """One admission: seconds on the clock, of the processor, and every attempt in words."""

    wall_s: float
    cpu_s: float
    attempts: tuple[str, ...]


def time_admission(reference: Reference, start_s: float) -> Timed:
    """Admits in a pool that was asked for `start_s` before."""
    stage = Stage(reference, run_options(Config(), REHEARSAL_SEED_OFFSET), Config().verdict)
    cpu_s = -_cpu_s()
    with rehearsal_pool() as pool:
        time.sleep(start_s)
        begin = time.monotonic()
        admission = admit(reference, pool.rehearsing(stage))
        wall_s = time.monotonic() - begin
    cpu_s += _cpu_s()
    return Timed(wall_s, cpu_s, tuple(str(attempt) for attempt in admission.attempts))


def _cpu_s() -> float:
    """Of this process and of those that have ended."""
    used = [resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def references(paths: list[Path]) -> Iterator[tuple[str, Reference]]:
    """Every motion of the folders and files named."""
    for path in paths:
        for file in find_motions(path) if path.is_dir() else [path]:
            yield f"{file.parent.name}/{file.stem}", trim_jumps(read_reference(file))[0]


def main() -> int:
    """Prints a line for every reference; 1 where the median ratio is over the asked."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("paths", type=Path, nargs="+", metavar="FILE_OR_FOLDER")
    parser.add_argument("--cold", action="store_true", help="count the start of the processes")
    arguments = parser.parse_args()
    ratios = []
    for name, reference in references(arguments.paths):
        timed = time_admission(reference, 0.0 if arguments.cold else START_S)
        clip_s = (len(reference.root_position_in_world) - 1) / reference.rate_hz
        ratios.append(timed.wall_s / clip_s)
        print(
            f"{name}: clip {clip_s:.1f} s, admission {timed.wall_s:.1f} s, {ratios[-1]:.2f}x, "
            f"processor {timed.cpu_s:.1f} s; {' | '.join(timed.attempts)}",
            flush=True,
        )
    print(f"median {np.median(ratios):.2f}x, most {max(ratios):.2f}x, asked {ASKED}x")
    return int(np.median(ratios) > ASKED)


if __name__ == "__main__":
    raise SystemExit(main())
