"""Archives with damaged bytes end in one kind of error, whatever reads them."""

import zipfile

import numpy as np
import pytest

from exoactor_rt.errors import MotionError, PerceptionError, PlanningError, RetargetError
from exoactor_rt.motion import load_motion
from exoactor_rt.npz_file import read_npz
from exoactor_rt.perception import load_track
from exoactor_rt.planning import load_plan
from exoactor_rt.retarget import load_reference

TRIES = 300
READERS = [
    (load_plan, PlanningError),
    (load_track, PerceptionError),
    (load_reference, RetargetError),
    (load_motion, MotionError),
    (read_npz, ValueError),
]


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    path = tmp_path_factory.mktemp("archive") / "whole.npz"
    noise = np.random.default_rng(3).normal(size=(40, 29))
    np.savez_compressed(path, joint_position=noise, header=np.array("x" * 200), fps=30.0)
    return path.read_bytes()


@pytest.mark.parametrize(("read", "error"), READERS)
def test_damaged_bytes_are_told_in_one_kind_of_error(tmp_path, archive, read, error):
    rng = np.random.default_rng(5)
    path = tmp_path / "damaged.npz"
    refused = 0
    for _ in range(TRIES):
        damaged = bytearray(archive)
        for place in rng.integers(len(damaged), size=3):
            damaged[place] = rng.integers(256)
        path.write_bytes(damaged)
        try:
            read(path)
        except error as told:
            assert "\n" not in str(told)
            refused += 1
    assert refused > TRIES // 2


def test_an_archive_that_unpacks_to_too_much_is_not_unpacked(tmp_path):
    path = tmp_path / "bomb.npz"
    np.savez_compressed(path, zeros=np.zeros(1_000_000, np.uint8))
    assert path.stat().st_size < 10_000
    with pytest.raises(ValueError, match="bytes > 100000 bytes allowed"):
        read_npz(path, max_bytes=100_000)
    assert read_npz(path)["zeros"].size == 1_000_000


def test_a_header_that_claims_more_than_the_memory_is_refused(tmp_path):
    path = tmp_path / "claims.npz"
    header = b"{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000000,), }"
    header += b" " * (117 - len(header)) + b"\n"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("a.npy", b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header)
    with pytest.raises(ValueError, match="npz"):
        read_npz(path)
