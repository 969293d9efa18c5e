"""RobotModel.update promises not to allocate: counted by a preloaded malloc."""

import os
import shutil
import subprocess
import sys

import pytest

from exoactor_rt.bench.control.allocations import COUNTER_SOURCE

PROGRAM = """
import ctypes
from exoactor_rt import _core
from exoactor_rt.robots import g1

count = ctypes.CDLL(None).exoactor_thread_allocation_count
count.restype = ctypes.c_ulong
model = _core.model.RobotModel(str(g1.model_path()))
model.time_update(1)


def allocations(repeats):
    before = count()
    model.time_update(repeats)
    return count() - before


few = allocations(1)
many = allocations(501)
assert few > 0, "the counter is not in place"
print(many - few)
"""


def test_update_allocates_nothing(tmp_path):
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
    assert int(result.stdout) == 0
