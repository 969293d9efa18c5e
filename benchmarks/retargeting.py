"""Quality and time of retargeting over motion capture clips and stored human motions.

    python benchmarks/retargeting.py [FILE.bvh | FILE.npz ...]

Without arguments: all BVH clips of ../shared/data/motions/human. An npz is a saved
HumanMotion. Times are medians of one run; other load on the machine shows in them.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np

from exoactor_rt.motion import load_bvh, load_motion
from exoactor_rt.retarget import retarget_with_report
from exoactor_rt.retarget.metrics import measure_reference

REPOSITORY = Path(__file__).resolve().parents[1]


def main() -> None:
    """Prints one row a figure, one column a clip, and the mean weighted by frames."""
    shared = Path(os.environ.get("EXOACTOR_SHARED_DATA", REPOSITORY.parent / "shared" / "data"))
    paths = [Path(argument) for argument in sys.argv[1:]]
    paths = paths or sorted((shared / "motions" / "human").glob("*.bvh"))
    if not paths:
        sys.exit(f"no clips given and none found in {shared}")
    columns, frames = {}, []
    for path in paths:
        motion = load_bvh(path) if path.suffix == ".bvh" else load_motion(path)
        reference, report = retarget_with_report(motion)
        columns[path.stem] = {
            **measure_reference(reference, motion).as_dict(),
            "iterations": float(report.iterations.mean()),
            "median_us": 1e6 * float(np.median(report.time_s)),
            "p99_us": 1e6 * float(np.percentile(report.time_s, 99)),
        }
        frames.append(len(motion.contact))
    print("".ljust(24), *[name[-11:].rjust(11) for name in columns], "mean".rjust(11))
    for key in next(iter(columns.values())):
        values = np.array([column[key] for column in columns.values()])
        mean = np.average(values, weights=frames)
        print(key.ljust(24), *[f"{value:11.3f}" for value in [*values, mean]])


if __name__ == "__main__":
    main()
