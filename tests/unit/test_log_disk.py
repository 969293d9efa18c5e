"""Logs on a full and on a slow disk, and over several files."""

import errno
import os
import time

import numpy as np
import pytest
from log_files import stamps_of
from tick_columns import PERIOD_NS, make_columns

from exoactor_rt.errors import LogError
from exoactor_rt.recorder import Rotation, RunLog, read_run
from exoactor_rt.recorder import segment as segment_module
from exoactor_rt.recorder import segment_writer as segment_writer_module
from exoactor_rt.recorder.tick_table import row_type, take


def read_alone(path):
    """One file of a log without those that continue it."""
    alone = path.with_name("alone.mcap")
    alone.write_bytes(path.read_bytes())
    run = read_run(alone)
    alone.unlink()
    return run


class Disk:
    """Stands in for os.write: full or slow for a while."""

    def __init__(self, monkeypatch):
        self.full = False
        self.delay_s = 0.0
        self._write = os.write
        monkeypatch.setattr(segment_module.os, "write", self.write)

    def write(self, descriptor, data):
        time.sleep(self.delay_s)
        if not self.full:
            return self._write(descriptor, data)
        if len(data) < 4096:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return self._write(descriptor, data[:1000])


def feed(log, columns, rows, period_s=0.01):
    """Appends batches at the pace of a drain thread; the longest that a call took, s."""
    longest_s = 0.0
    for start in range(rows.start, rows.stop, 5):
        begin = time.monotonic()
        log.append(take(columns, slice(start, start + 5)))
        longest_s = max(longest_s, time.monotonic() - begin)
        time.sleep(period_s)
    return longest_s


def test_a_full_disk_costs_ticks_that_are_counted_and_nobody_waits(tmp_path, monkeypatch):
    monkeypatch.setattr(segment_writer_module, "RETRY_S", 0.05)
    disk = Disk(monkeypatch)
    columns = make_columns(600)
    with RunLog(tmp_path / "log.mcap") as log:
        feed(log, columns, range(0, 200))
        disk.full = True
        longest_s = feed(log, columns, range(200, 400))
        assert log.fault == "No space left on device"
        disk.full = False
        feed(log, columns, range(400, 600))
    assert longest_s < 0.2
    assert log.fault == ""
    first, second = sorted(tmp_path.glob("*.mcap"), key=lambda path: path.stat().st_mtime_ns)
    kept = [read_alone(first), read_alone(second)]
    stamps = np.concatenate([run.ticks["now_ns"] for run in kept])
    assert (np.diff(stamps) > 0).all()
    assert log.dropped_ticks == 600 - len(stamps) > 100
    assert kept[0].damages
    assert kept[1].damages == ()
    told = [event.text for event in kept[1].events]
    assert any("dropped: No space left on device" in text for text in told)
    assert kept[1].metadata["dropped_ticks"] == str(log.dropped_ticks)


def test_a_slow_disk_costs_ticks_that_are_counted_and_nobody_waits(tmp_path, monkeypatch):
    disk = Disk(monkeypatch)
    columns = make_columns(300)
    row_bytes = row_type(columns).itemsize
    with RunLog(tmp_path / "log.mcap", queue_bytes=30 * row_bytes) as log:
        disk.delay_s = 0.3
        longest_s = feed(log, columns, range(0, 200), period_s=0.005)
        disk.delay_s = 0.0
        time.sleep(0.7)
        feed(log, columns, range(200, 300))
    assert longest_s < 0.1
    run = read_run(tmp_path / "log.mcap")
    assert run.damages == ()
    assert log.dropped_ticks == 300 - len(run.ticks["now_ns"]) > 0
    assert any("the disk too slow" in event.text for event in run.events)


def test_a_producer_that_may_wait_loses_nothing(tmp_path):
    columns = make_columns(500)
    with RunLog(tmp_path / "log.mcap", queue_bytes=20 * row_type(columns).itemsize) as log:
        for start in range(0, 500, 10):
            assert log.append(take(columns, slice(start, start + 10)), wait=True)
    assert len(stamps_of(tmp_path / "log.mcap")) == 500


def test_files_rotate_and_the_oldest_go(tmp_path):
    columns = make_columns(4000)
    rotation = Rotation(segment_bytes=1 << 20, keep_bytes=4 << 20)
    with RunLog(tmp_path / "log.mcap", attachments={"a": b"b"}, rotation=rotation) as log:
        for start in range(0, 4000, 50):
            log.append(take(columns, slice(start, start + 50)), wait=True)
    paths = sorted(tmp_path.glob("*.mcap"))
    assert sum(path.stat().st_size for path in paths) <= 4 << 20
    assert not (tmp_path / "log.mcap").exists()
    runs = [read_alone(path) for path in paths]
    assert all(run.damages == () and run.attachments == {"a": b"b"} for run in runs)
    stamps = np.concatenate([run.ticks["now_ns"] for run in runs])
    assert (np.diff(stamps) == PERIOD_NS).all()
    assert stamps[-1] == 3999 * PERIOD_NS
    assert any("deleted to make room" in event.text for run in runs for event in run.events)
    with pytest.raises(LogError, match="keep_bytes 10"):
        Rotation(keep_bytes=10)


def test_a_log_of_several_files_is_read_as_one_and_no_other_log_is_taken_for_its_rest(tmp_path):
    columns = make_columns(3000)
    path = tmp_path / "log.mcap"
    for count in (3000, 500):
        with RunLog(path, rotation=Rotation(segment_bytes=1 << 20)) as log:
            for start in range(0, count, 50):
                log.append(take(columns, slice(start, start + 50)), wait=True)
        assert (tmp_path / "log.0001.mcap").exists()
        run = read_run(path)
        assert len(run.ticks["now_ns"]) == count
        assert run.damages == ()
        assert run.metadata == {}
    third = tmp_path / "log.0002.mcap"
    assert len(read_run(third).ticks["now_ns"]) < 3000
