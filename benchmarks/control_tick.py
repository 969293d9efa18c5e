"""CPU time of the control tick on the recorded states of a walk.

A walk of eight steps is simulated once; then the same states go five times through a fresh
controller, and every tick counts with its least time. Prints p50, p99 and the maximum of the whole
tick (dynamics and QP) in microseconds, and the mean of the estimator before it; exits 1 when a
limit is exceeded and `--check` is given.
`exoactor bench control --only ticks` measures standing, walking and falling in the same way.
"""

import argparse
import sys

from exoactor_rt.bench.control.courses import forward
from exoactor_rt.bench.control.tick_times import REPLAYS, Situation, time_ticks

SPEED_M_S = 0.36
LIMIT_P50_US = 100.0
LIMIT_P99_US = 200.0


def main() -> int:
    """Measures, prints, and compares with the limits."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="exit 1 above the limits")
    arguments = parser.parse_args()
    solver, times = time_ticks(Situation("eight steps", forward(8, SPEED_M_S)), seed=0)
    print(f"ticks={solver.ticks} replays={REPLAYS}")
    for part, (p50, p99, most) in times.us.items():
        print(f"{part:12s} p50={p50:.0f} p99={p99:.0f} max={most:.0f}")
    print(f"{'estimator':12s} mean={times.estimator_us:.0f}")
    p50, p99, _ = times.us["tick"]
    within = p50 <= LIMIT_P50_US and p99 <= LIMIT_P99_US
    print(
        f"limits p50<={LIMIT_P50_US:.0f} p99<={LIMIT_P99_US:.0f}: {'ok' if within else 'exceeded'}"
    )
    return 1 if arguments.check and not within else 0


if __name__ == "__main__":
    sys.exit(main())
