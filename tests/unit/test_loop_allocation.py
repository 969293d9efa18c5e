"""The running loop promises not to allocate: counted by a preloaded malloc."""

import os
import shutil
import subprocess
import sys

import pytest

from exoactor_rt.bench.control.allocations import COUNTER_SOURCE

PROGRAM = """
import ctypes
import time
from exoactor_rt import _core
from exoactor_rt.robots import g1

count = ctypes.CDLL(None).exoactor_allocation_count
count.restype = ctypes.c_ulong
options = _core.runtime.LoopOptions()
options.fifo_priority = 0
options.lock_memory = False
posture = g1.standing_position()
loop = _core.runtime.ControlLoop(
    _core.hal.MockRobot(posture, g1.standing_torque(posture)),
    _core.runtime.ControlTick(str(g1.model_path())),
    _core.runtime.RealClock(),
    _core.runtime.RecordRing(2048),
    options,
)
loop.start()
time.sleep(0.1)
loop.request_arm()
time.sleep(0.2)
ticks, before = loop.counts.ticks, count()
time.sleep(1.0)
allocations, ticks = count() - before, loop.counts.ticks - ticks
state = loop.guard_status.state
loop.stop()
assert state == _core.safety.GuardState.ACTIVE, state
assert before > 0, "the counter is not in place"
print(ticks, allocations)
"""


def test_an_armed_loop_allocates_nothing(tmp_path):
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None or not sys.platform.startswith("linux"):
        pytest.skip("no C compiler to build the allocation counter")
    library = tmp_path / "liballocation_counter.so"
    build = [compiler, "-O1", "-fno-builtin", "-shared", "-fPIC", str(COUNTER_SOURCE)]
    subprocess.run([*build, "-o", str(library)], check=True)
    environment = {**os.environ, "LD_PRELOAD": str(library)}
    result = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True
    )
    ticks, allocations = map(int, result.stdout.split())
    assert ticks > 100
    assert allocations < 20, f"{allocations} in {ticks} ticks: more than the sleeping interpreter's"
