"""Retargeter frames promise not to allocate: counted by a preloaded malloc."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from exoactor_rt.bench.control.allocations import COUNTER_SOURCE

HERE = Path(__file__).parent
PROGRAM = """
import ctypes
import numpy as np
from walking_person import walking_person
from exoactor_rt._core.retarget import RetargetOptions, Retargeter
from exoactor_rt.retarget import kinematics, self_collision

count = ctypes.CDLL(None).exoactor_thread_allocation_count
count.restype = ctypes.c_ulong
person = walking_person(frames=90)
retargeter = Retargeter(
    kinematics(), self_collision(), person.rate_hz, person.keypoints_in_world.reshape(90, -1),
    person.quat_world_segment_wxyz.reshape(90, -1), person.contact.astype(np.int32),
    RetargetOptions(),
)
retargeter.solve_frames(1)


def allocations(frames):
    before = count()
    retargeter.solve_frames(frames)
    return count() - before


few = allocations(1)
many = allocations(80)
assert count() > 0, "the counter is not in place"
print(many - few)
"""


def test_frames_allocate_nothing(tmp_path):
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None or not sys.platform.startswith("linux"):
        pytest.skip("no C compiler to build the allocation counter")
    library = tmp_path / "liballocation_counter.so"
    build = [compiler, "-O1", "-fno-builtin", "-shared", "-fPIC", str(COUNTER_SOURCE)]
    subprocess.run([*build, "-o", str(library)], check=True)
    paths = [str(HERE), os.environ.get("PYTHONPATH", "")]
    environment = {
        **os.environ,
        "LD_PRELOAD": str(library),
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
    }
    result = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True
    )
    assert int(result.stdout) == 0
