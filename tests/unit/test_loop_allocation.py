"""The running loop promises not to allocate: counted by a preloaded malloc."""

import os
import shutil
import subprocess
import sys

import pytest

from exoactor_rt.bench.control.allocations import COUNTER_SOURCE

PROGRAM = """
import ctypes
import sys
import time
import numpy as np
from exoactor_rt import _core
from exoactor_rt.robots import g1

count = ctypes.CDLL(None).exoactor_allocation_count
count.restype = ctypes.c_ulong
tracked = len(sys.argv) > 1
options = _core.runtime.LoopOptions()
options.fifo_priority = 0
options.lock_memory = False
posture = g1.standing_position()
tick, clock = _core.runtime.ControlTick(str(g1.model_path())), _core.runtime.RealClock()
loop = _core.runtime.ControlLoop(
    _core.hal.MockRobot(posture, g1.standing_torque(posture)),
    tick,
    clock,
    _core.runtime.RecordRing(2048),
    options,
)
loop.start()
time.sleep(0.1)
loop.request_arm()
time.sleep(0.2)


def target_at(stamp_ns):
    target = _core.types.TrackerTarget()
    target.stamp_ns = stamp_ns
    target.position = posture
    target.stiffness, target.damping = np.full(29, 40.0), np.full(29, 2.0)
    return target


def feed(targets):
    for target in targets:
        clock.sleep_until(target.stamp_ns)
        tick.offer_target(target)


def targets_of(seconds):
    now_ns = clock.now_ns()
    return [target_at(now_ns + 20_000_000 * k) for k in range(int(50 * seconds))]


if tracked:
    tick.offer_target(target_at(clock.now_ns()))
    assert tick.begin_tracking(np.zeros(29)) == ""
    feed(targets_of(0.8))
    assert tick.driver == _core.control.Driver.TRACKER, tick.driver
targets = targets_of(1.0)
ticks, before = loop.counts.ticks, count()
if tracked:
    feed(targets)
else:
    time.sleep(1.0)
allocations, ticks = count() - before, loop.counts.ticks - ticks
state = loop.guard_status.state
loop.stop()
assert _core.safety.is_driven(state), state
assert before > 0, "the counter is not in place"
print(ticks, allocations)
"""


@pytest.mark.parametrize("arguments", [[], ["tracked"]])
def test_an_armed_loop_allocates_nothing(tmp_path, arguments):
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None or not sys.platform.startswith("linux"):
        pytest.skip("no C compiler to build the allocation counter")
    library = tmp_path / "liballocation_counter.so"
    build = [compiler, "-O1", "-fno-builtin", "-shared", "-fPIC", str(COUNTER_SOURCE)]
    subprocess.run([*build, "-o", str(library)], check=True)
    environment = {**os.environ, "LD_PRELOAD": str(library)}
    result = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    ticks, allocations = map(int, result.stdout.split())
    assert ticks > 100
    calls = 100 if arguments else 0  # the interpreter's own, for 50 targets handed over
    told = f"{allocations} in {ticks} ticks: more than the interpreter's"
    assert allocations < 20 + calls < ticks / 2, told
