"""CPU time of the control tick on the recorded states of a walk.

A walk of eight steps is simulated once; then the same states go five times through a fresh
controller, and every tick counts with its least time. Prints p50, p99 and the maximum of the whole
tick (dynamics and QP) in microseconds, and the mean of the estimator before it; exits 1 when a
limit is exceeded and `--check` is given.
"""

import argparse
import sys
import time
from pathlib import Path

import numpy as np

from exoactor_rt import _core
from exoactor_rt.robots import g1

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "sim"))
from lockstep import Lockstep
from plans import straight_steps, walk_plan

REPLAYS = 5
LIMIT_P50_US = 100.0
LIMIT_P99_US = 200.0


def estimator_us(
    model: _core.model.RobotModel, measurements: list[_core.types.SensorState]
) -> float:
    """Mean CPU time of one estimator update, the least of the replays."""
    times = []
    for _ in range(REPLAYS):
        start_s = time.process_time()
        _core.estimation.replay(model, measurements)
        times.append(time.process_time() - start_s)
    return 1e6 * min(times) / len(measurements)


def main() -> int:
    """Measures, prints, and compares with the limits."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="exit 1 above the limits")
    arguments = parser.parse_args()
    model = _core.model.RobotModel(str(g1.model_path()))
    plan = walk_plan(straight_steps(8, 0.2))
    sim = Lockstep(model)
    refusal = sim.controller.offer_plan(plan)
    if refusal:
        raise SystemExit(refusal)
    measurements = []
    measure = sim.sensors

    def sensors() -> _core.types.SensorState:
        measurements.append(measure())
        return measurements[-1]

    sim.sensors = sensors
    run = sim.run(30.0, until_done=True)
    replays = [_core.control.replay_times(model, plan, run.states) for _ in range(REPLAYS)]
    least = np.min(replays, axis=0)
    print(f"ticks={len(least)} steps={run.telemetry[-1].steps_done} replays={REPLAYS}")
    for column, name in enumerate(("dynamics_us", "qp_us", "tick_us")):
        p50, p99 = np.percentile(least[:, column], [50, 99])
        print(f"{name:12s} p50={p50:.0f} p99={p99:.0f} max={least[:, column].max():.0f}")
    print(f"estimator_us mean={estimator_us(model, measurements):.0f}")
    p50, p99 = np.percentile(least[:, 2], [50, 99])
    within = p50 <= LIMIT_P50_US and p99 <= LIMIT_P99_US
    print(
        f"limits p50<={LIMIT_P50_US:.0f} p99<={LIMIT_P99_US:.0f}: {'ok' if within else 'exceeded'}"
    )
    return 1 if arguments.check and not within else 0


if __name__ == "__main__":
    sys.exit(main())
