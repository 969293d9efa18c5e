"""StateEstimator.update and WholeBodyController.step promise not to allocate."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from exoactor_rt.bench.control.allocations import COUNTER_SOURCE

PLANS = Path(__file__).parents[1] / "sim"
PROGRAM = """
import ctypes, sys
sys.path[:0] = sys.argv[1:]
import numpy as np
from exoactor_rt import _core
from exoactor_rt.robots import g1
from fuzzed_states import fuzzed_states
from plans import straight_steps, walk_plan

count = ctypes.CDLL(None).exoactor_thread_allocation_count
count.restype = ctypes.c_ulong
model = _core.model.RobotModel(str(g1.model_path()))
plan = walk_plan(straight_steps(4, 0.1))
rng = np.random.default_rng(0)


def measured(tick):
    sensors = _core.types.SensorState()
    sensors.stamp_ns = 2_000_000 * tick
    sensors.joint_position = g1.standing_position() + 1e-3 * rng.normal(size=29)
    sensors.accel_in_imu = np.array([0, 0, 9.81])
    return sensors


measurements = [measured(tick) for tick in range(3000)]
estimator = _core.estimation.StateEstimator(model)
states = [estimator.update(m, (True, True), m.stamp_ns) for m in measurements]


def allocations(call, items):
    call(items[:1])
    before = count()
    call(items)
    return count() - before


def control(items):
    _core.control.replay_times(model, plan, items)


def estimate(items):
    _core.estimation.replay(model, items)


for call, items in (
    (control, states),
    (control, fuzzed_states(3000)),
    (estimate, measurements),
):
    few = allocations(call, items[:1000])
    many = allocations(call, items)
    assert few > 0, "the counter is not in place"
    print(many - few)
"""


def test_tick_allocates_nothing_from_stand_to_steps_and_in_a_fall(tmp_path):
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None or not sys.platform.startswith("linux"):
        pytest.skip("no C compiler to build the allocation counter")
    library = tmp_path / "liballocation_counter.so"
    build = [compiler, "-O1", "-fno-builtin", "-shared", "-fPIC", str(COUNTER_SOURCE)]
    subprocess.run([*build, "-o", str(library)], check=True)
    environment = {**os.environ, "LD_PRELOAD": str(library)}
    result = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(PLANS), str(Path(__file__).parent)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert [int(line) for line in result.stdout.split()] == [0, 0, 0]
