"""Damaged requests by the thousand: the service answers or cuts off, and stays as it was."""

import random
import re
import select
import socket
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from raw_requests import fuzzed_request
from served_process import served_process

_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3}) ")
_RESIDENT_MAX_BYTES = 60_000_000
_GROWTH_MAX_BYTES = 1_000_000
_LOOK_EVERY = 1000
_AT_ONCE = 8
_PATIENCE_S = 0.02


def exchange(rig, data):
    """Sends it and reads to the end; the statuses of the answers.

    The end of what is sent is told only where nothing more comes: it would cut off the handling.
    """
    answer = b""
    with rig.raw() as connection, suppress(ConnectionResetError, BrokenPipeError):
        connection.sendall(data)
        while select.select([connection], [], [], _PATIENCE_S)[0]:
            if not (block := connection.recv(1 << 16)):
                break
            answer += block
        with suppress(OSError):  # it is gone already
            connection.shutdown(socket.SHUT_WR)
        while block := connection.recv(1 << 16):
            answer += block
    return data, [int(status) for status in _STATUS.findall(answer)]


def fuzz(folder, count, seed=0):
    """Statuses of `count` requests; on the way resident bytes, descriptors, allocated blocks."""
    rng = random.Random(seed)
    statuses, seen = Counter(), []
    with served_process(folder, "hold") as served, ThreadPoolExecutor(_AT_ONCE) as pool:
        for _ in range(0, count, _LOOK_EVERY):
            batch = [fuzzed_request(rng) for _ in range(_LOOK_EVERY)]
            for data, answers in pool.map(lambda data: exchange(served.rig, data), batch):
                statuses.update(answers or ["cut"])
                assert 500 not in answers, data
            begin_s = time.monotonic()
            assert served.rig.ask("GET", "/v1/health")[0] == 200
            assert time.monotonic() - begin_s < 5.0
            seen.append((served.resident_bytes, served.descriptors, served.allocated_blocks))
        assert served.process.poll() is None
        assert b"malformed_requests_total 0" not in served.rig.ask("GET", "/metrics")[2]
        assert served.errors.read_text() == ""
    return statuses, seen


def assert_no_descriptor_is_left_open(seen):
    assert max(descriptors for _, descriptors, _ in seen) <= seen[0][1] + _AT_ONCE


def test_three_thousand_damaged_requests(tmp_path):
    statuses, seen = fuzz(tmp_path, 3000)
    assert_no_descriptor_is_left_open(seen)
    for status in (200, 201, 400, 404, 503):
        assert statuses[status] > 10, statuses


@pytest.mark.slow
def test_a_hundred_thousand_damaged_requests_leave_memory_flat(tmp_path):
    statuses, seen = fuzz(tmp_path, 100_000, seed=1)
    sizes, _, blocks = zip(*seen, strict=True)
    settled = len(seen) // 5
    assert max(sizes) < _RESIDENT_MAX_BYTES, sizes
    half = len(sizes) // 2
    assert max(sizes[half:]) - max(sizes[:half]) < _GROWTH_MAX_BYTES, sizes
    assert blocks[-1] < 1.02 * blocks[settled], blocks
    assert_no_descriptor_is_left_open(seen)
    assert statuses[200] > 10_000, statuses
