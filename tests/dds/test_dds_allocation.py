"""The loop on DDS promises not to allocate: counted thread by thread by a preloaded malloc."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from standing_robot import StandingRobot

COUNTER_SOURCE = Path(__file__).with_name("thread_allocations.c")
PROGRAM = """
import ctypes, os, sys, time
from exoactor_rt import _core
from exoactor_rt.dds import DdsSettings, connect
from exoactor_rt.robots import g1

allocations_of = ctypes.CDLL(None).exoactor_allocations_of
allocations_of.restype = ctypes.c_ulong
threads = lambda: {int(name) for name in os.listdir("/proc/self/task")}
options = _core.runtime.LoopOptions()
options.lock_memory = False
robot = connect(DdsSettings(domain=int(sys.argv[1])))
loop = _core.runtime.ControlLoop(
    robot,
    _core.runtime.ControlTick(str(g1.model_path())),
    _core.runtime.RealClock(),
    _core.runtime.RecordRing(4096),
    options,
)
before = threads()
loop.start()
mine, = threads() - before
until_s = time.monotonic() + 5.0
while loop.guard_status.state != _core.safety.GuardState.HOLD and time.monotonic() < until_s:
    time.sleep(0.05)
    loop.request_arm()
time.sleep(0.1)
ticks, sent, first = loop.counts.ticks, robot.counts.sent, allocations_of(mine)
time.sleep(1.0)
last, ticks, sent = allocations_of(mine), loop.counts.ticks - ticks, robot.counts.sent - sent
assert loop.guard_status.state == _core.safety.GuardState.HOLD, loop.arm_refusal
assert allocations_of(os.getpid()) > 0, "the counter is not in place"
loop.stop()
print(ticks, sent, last - first)
"""


def test_the_loops_thread_allocates_nothing_while_it_drives_a_robot(settings, tmp_path):
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        pytest.skip("no C compiler to build the allocation counter")
    library = tmp_path / "libthread_allocations.so"
    build = [compiler, "-O1", "-fno-builtin", "-shared", "-fPIC", str(COUNTER_SOURCE)]
    subprocess.run([*build, "-o", str(library)], check=True)
    environment = {**os.environ, "LD_PRELOAD": str(library)}
    with StandingRobot(settings):
        result = subprocess.run(
            [sys.executable, "-c", PROGRAM, str(settings.domain)],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    assert result.returncode == 0, result.stderr
    ticks, sent, allocations = map(int, result.stdout.split())
    assert ticks > 300
    assert sent > 0.9 * ticks
    assert allocations == 0
