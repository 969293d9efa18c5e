"""Keeps what the control tick decides on a recorded walk, so that a change of behaviour is a diff.

`python tools/baseline.py` rewrites `tests/baseline/walk.all.json` with what today's code decides;
`--check` tells the differences and exits 1 where there are any. `--record PLAN` records the walk
anew, which is seldom needed: what was measured does not depend on what is decided today.

What was measured is kept at the resolution of `RESOLUTION`, about as fine as the sensors' noise:
the walk takes no more room than a picture, and comes back the same on every machine.
"""

from __future__ import annotations

import argparse
import io
import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from exoactor_rt._core.runtime import ControlTick
from exoactor_rt._core.safety import GuardLimits
from exoactor_rt._core.types import Plan
from exoactor_rt.npz_file import read_npz
from exoactor_rt.pipeline.execution_log import plan_bytes
from exoactor_rt.planning import load_plan, parse_plan
from exoactor_rt.recorder.tick_table import Columns
from exoactor_rt.replay.rerun.baseline import Baseline, BaselineMaker, differences, load_baseline
from exoactor_rt.replay.rerun.recorded_run import SENSED, RecordedRun
from exoactor_rt.replay.rerun.rerun_run import RerunMode
from exoactor_rt.replay.rerun.tick_rerun import TickRerun
from exoactor_rt.sim import Push, RunOptions, SimOptions, execute

FOLDER = Path(__file__).resolve().parents[1] / "tests" / "baseline"
INPUTS = FOLDER / "walk.npz"
OUTPUTS = FOLDER / "walk.all.json"
RESOLUTION = {
    "sensed_position": 2e-4,
    "sensed_velocity": 2e-2,
    "sensed_torque": 1e-1,
    "quat_world_imu_wxyz": 2e-4,
    "gyro_in_imu": 5e-3,
    "accel_in_imu": 5e-2,
}
"""rad, rad/s, Nm, of unit, rad/s, m/s^2."""

_STAMPS = ("now_ns", "sensed_stamp_ns", "health_stamp_ns", "heartbeat_ns")
_DECIDED = ("task", "progress_ns", "target_ns")
"""What the tick itself tells the guard: asked for where rows are read, and not used."""

_MOST_BYTES = 300_000


def make_outputs(run: RecordedRun, tick: ControlTick | None = None) -> Baseline:
    """What today's code, or another tick, decides on what was measured."""
    maker = BaselineMaker(run, RerunMode.ALL)
    for row, made in TickRerun(run, tick).batches():
        maker.add(row, made)
    return maker.finish()


def load_inputs(path: Path = INPUTS) -> RecordedRun:
    """The recorded walk as what can be run again."""
    data = read_npz(path)
    count = int(data["ticks"])
    ticks: dict[str, npt.NDArray[Any]] = {"tick_index": np.arange(count)}
    ticks |= {name: np.zeros(count, np.int64) for name in _DECIDED}
    for name in SENSED:
        if name in RESOLUTION:
            steps = data[f"steps.{name}"].astype(np.int64)
            ticks[name] = np.ascontiguousarray(np.cumsum(steps, axis=1).T * RESOLUTION[name])
        else:
            ticks[name] = np.repeat(data[f"first.{name}"], count, axis=0)
    period_ns = int(data["period_ns"]) * np.arange(count)
    for name in ("now_ns", "sensed_stamp_ns"):
        ticks[name] = ticks[name] + period_ns
    inputs = {
        name.removeprefix("input."): column
        for name, column in data.items()
        if name.startswith("input.")
    }
    plan = parse_plan(data["plan"].tobytes(), path.name)
    return RecordedRun(path.name, ticks, inputs, {1: plan}, GuardLimits(), "", "")


def record_inputs(path: Path, plan: Plan, options: RunOptions) -> None:
    """Executes a plan in simulation and keeps what was measured."""
    rollout = execute(plan, options)
    ticks = rollout.ticks
    _require_constant(ticks)
    arrays: dict[str, Any] = {
        "ticks": len(ticks["now_ns"]),
        "period_ns": int(ticks["now_ns"][1] - ticks["now_ns"][0]),
        "plan": np.frombuffer(plan_bytes(plan), np.uint8),
    }
    for name in SENSED:
        if name in RESOLUTION:
            levels = np.round(ticks[name] / RESOLUTION[name]).astype(np.int64)
            arrays[f"steps.{name}"] = np.diff(levels, axis=0, prepend=0).T.astype(np.int16)
        else:
            arrays[f"first.{name}"] = ticks[name][:1]
    arrays |= {f"input.{name}": column for name, column in rollout.inputs.items()}
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    if len(file.getvalue()) > _MOST_BYTES:
        raise ValueError(f"{path.name}: {len(file.getvalue())} bytes > {_MOST_BYTES} allowed")
    path.write_bytes(file.getvalue())


def _require_constant(ticks: Columns) -> None:
    """What is kept once only must not change."""
    for name in set(SENSED) - set(RESOLUTION):
        column = ticks[name] - (ticks["now_ns"] - ticks["now_ns"][0] if name in _STAMPS[:2] else 0)
        if (column != column[0]).any():
            raise ValueError(f"{name} changes; it has no place in the recorded walk")


def main() -> int:
    """Rewrites, records or checks; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare only; exit 1 on a difference")
    parser.add_argument("--record", type=Path, metavar="PLAN", help="record that plan anew")
    arguments = parser.parse_args()
    if arguments.record:
        push = Push(3.5, 0.1, (0.0, 60.0, 0.0))
        options = RunOptions(sim=SimOptions(pushes=(push,)), hold_s=0.3)
        record_inputs(INPUTS, load_plan(arguments.record), options)
    made = make_outputs(load_inputs())
    if not arguments.check:
        OUTPUTS.write_text(made.to_text())
        return 0
    lines = differences(load_baseline(OUTPUTS), made)
    print(*lines, sep="\n")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
