"""How long admission takes: `python benchmarks/admission_time.py FILE_OR_FOLDER [...]`.

Every reference (npz, BVH, CSV) is admitted as `run` and `plan` do it, rehearsals in processes
beside. Told are the clip's duration, the time on the clock from the reference to the verdict (the
start of the processes with it), their ratio, and what every rung of the ladder came to.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from exoactor_rt.bench.motion_files import find_motions, read_reference
from exoactor_rt.bench.trimming import trim_jumps
from exoactor_rt.config import Config
from exoactor_rt.pipeline.chain import REHEARSAL_SEED_OFFSET, run_options
from exoactor_rt.replay import Stage, admit
from exoactor_rt.replay.rehearsal import rehearsing
from exoactor_rt.types import Reference

ASKED = 1.5


def time_admission(reference: Reference) -> tuple[float, tuple[str, ...]]:
    """Seconds on the clock, and every attempt in words."""
    stage = Stage(reference, run_options(Config(), REHEARSAL_SEED_OFFSET), Config().verdict)
    start = time.monotonic()
    with rehearsing(stage) as rehearse:
        admission = admit(reference, rehearse)
    return time.monotonic() - start, tuple(str(attempt) for attempt in admission.attempts)


def references(paths: list[Path]) -> Iterator[tuple[str, Reference]]:
    """Every motion of the folders and files named."""
    for path in paths:
        for file in find_motions(path) if path.is_dir() else [path]:
            yield f"{file.parent.name}/{file.stem}", trim_jumps(read_reference(file))[0]


def main() -> int:
    """Prints a line for every reference; 1 where the median ratio is over the asked."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("paths", type=Path, nargs="+", metavar="FILE_OR_FOLDER")
    ratios = []
    for name, reference in references(parser.parse_args().paths):
        seconds, attempts = time_admission(reference)
        clip_s = (len(reference.root_position_in_world) - 1) / reference.rate_hz
        ratios.append(seconds / clip_s)
        print(
            f"{name}: clip {clip_s:.1f} s, admission {seconds:.1f} s, "
            f"{ratios[-1]:.2f}x; {' | '.join(attempts)}",
            flush=True,
        )
    print(f"median {np.median(ratios):.2f}x, most {max(ratios):.2f}x, asked {ASKED}x")
    return int(np.median(ratios) > ASKED)


if __name__ == "__main__":
    raise SystemExit(main())
