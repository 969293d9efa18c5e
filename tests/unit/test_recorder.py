"""Logs: round trips, decoding by others, crashes, altered bytes, full and slow disks."""

import errno
import os
import signal
import struct
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from mcap.records import Message
from mcap.stream_reader import StreamReader
from tick_columns import PERIOD_NS, make_columns

from exoactor_rt.errors import LogError
from exoactor_rt.recorder import Rotation, RunLog, read_log, read_run, recover_log
from exoactor_rt.recorder import segment as segment_module
from exoactor_rt.recorder import segment_writer as segment_writer_module
from exoactor_rt.recorder.cdr import CdrWriter
from exoactor_rt.recorder.messages import pack_log, unpack_log
from exoactor_rt.recorder.tick_table import definition_of, row_type, take, type_of

TICKS = 700

LIVE_WRITER = """
import pathlib, sys, time
sys.path.insert(0, sys.argv[2])
from tick_columns import PERIOD_NS, make_columns
from exoactor_rt.recorder import RunLog
from exoactor_rt.recorder.tick_table import take
log = RunLog(pathlib.Path(sys.argv[1]), metadata={"seed": "0"}, attachments={"a": b"b"})
columns = make_columns(20_000)
begin = time.monotonic()
done = 0
while done < 20_000:
    due = min(20_000, int((time.monotonic() - begin) * 500))
    if due > done:
        log.append(take(columns, slice(done, due)))
        done = due
        print(done, flush=True)
    time.sleep(0.01)
"""


def write_run(path, count=TICKS, **options):
    with RunLog(path, metadata={"seed": "0"}, attachments={"config.toml": b"x = 1\n"}) as log:
        log.event(5, "warning", "something happened")
        columns = make_columns(count)
        for start in range(0, count, 70):
            log.append(take(columns, slice(start, start + 70)), **options)
    return columns


def stamps_of(path):
    return read_run(path).ticks["now_ns"]


def test_every_column_comes_back_bit_for_bit(tmp_path):
    path = tmp_path / "log.mcap"
    columns = write_run(path)
    run = read_run(path)
    assert run.damages == ()
    assert run.metadata == {"seed": "0"}
    assert run.attachments == {"config.toml": b"x = 1\n"}
    assert [(event.severity, event.text) for event in run.events] == [
        ("warning", "something happened")
    ]
    assert run.ticks.keys() == columns.keys()
    for name, column in columns.items():
        np.testing.assert_array_equal(run.ticks[name], column, err_msg=name)
    some = read_run(path, ["sensed_torque", "no_such_column"])
    assert list(some.ticks) == ["now_ns", "sensed_torque"]


def test_our_scan_gives_what_the_library_reads(tmp_path):
    path = tmp_path / "log.mcap"
    write_run(path)
    with path.open("rb") as file:
        theirs = [
            (record.log_time, record.data)
            for record in StreamReader(file, validate_crcs=True).records
            if isinstance(record, Message)
        ]
    ours = [(message.stamp_ns, message.payload) for message in read_log(path).messages]
    assert ours == theirs


def test_others_decode_what_was_packed(tmp_path):
    decoding = pytest.importorskip("mcap_ros2.reader", reason="mcap-ros2-support not installed")
    path = tmp_path / "log.mcap"
    columns = make_columns(100, first_ns=12_000_000_000)
    with RunLog(path, robot_description="<mujoco/>") as log:
        log.event(12_000_000_034, "error", "tripped", "guard")
        log.append(columns)
    decoded = {}
    for message in decoding.read_ros2_messages(str(path)):
        decoded.setdefault(message.channel.topic, []).append(message.ros_msg)
    assert {topic: len(messages) for topic, messages in decoded.items()} == {
        "/control_tick": 100,
        "/joint_states": 10,
        "/joint_commands": 10,
        "/imu": 10,
        "/tf": 10,
        "/robot_description": 1,
        "/rosout": 1,
    }
    ticks = decoded["/control_tick"]
    assert [tick.now_ns for tick in ticks] == columns["now_ns"].tolist()
    np.testing.assert_array_equal(
        [list(tick.sensed_position) for tick in ticks], columns["sensed_position"]
    )
    joints = decoded["/joint_states"][1]
    assert (joints.header.stamp.sec, joints.header.stamp.nanosec) == (12, 20_000_000)
    np.testing.assert_array_equal(joints.effort, columns["sensed_torque"][10])
    assert decoded["/imu"][0].orientation.w == 1.0
    assert decoded["/tf"][0].transforms[0].child_frame_id == "pelvis_estimated"
    event = decoded["/rosout"][0]
    assert (event.level, event.name, event.msg) == (40, "guard", "tripped")


def test_cdr_aligns_from_behind_its_header():
    payload = CdrWriter().uint8(7).float64(1.5).uint8(1, 2).int32(-3).string("ab").payload()
    expected = struct.pack("<B7xdBB2xiI3s", 7, 1.5, 1, 2, -3, 3, b"ab\0")
    assert payload == b"\x00\x01\x00\x00" + expected
    assert CdrWriter().float64_sequence([]).payload()[4:] == b"\0\0\0\0"


def test_events_unpack_as_packed():
    packed = pack_log(12_000_000_034, "warning", "abc", "größer")
    assert unpack_log(packed) == (12_000_000_034, "warning", "größer")
    with pytest.raises(ValueError, match="damaged event"):
        unpack_log(packed[:20])


def test_a_definition_tells_its_row_type():
    columns = {"now_ns": np.arange(3), "flag": np.ones((3, 2), bool), "x": np.ones((3, 4))}
    dtype = row_type(columns)
    assert type_of(definition_of(dtype)) == dtype
    for text in ("int64 now_ns\nstring name\n", "float64 now_ns\n", "float64[9999999] x\n", ""):
        with pytest.raises(LogError):
            type_of(text)


def test_columns_that_do_not_fit_are_refused(tmp_path):
    with RunLog(tmp_path / "log.mcap") as log:
        with pytest.raises(LogError, match="no column now_ns"):
            log.append({"x": np.ones(3)})
        log.append(make_columns(10))
        narrow = make_columns(10) | {"gyro_in_imu": np.ones((10, 2))}
        with pytest.raises(LogError, match=r"column gyro_in_imu is \[10, 2\]"):
            log.append(narrow)
        log.append(make_columns(10, first_ns=10 * PERIOD_NS))
    assert len(stamps_of(tmp_path / "log.mcap")) == 20


def read_alone(path):
    """One file of a log without those that continue it."""
    alone = path.with_name("alone.mcap")
    alone.write_bytes(path.read_bytes())
    run = read_run(alone)
    alone.unlink()
    return run


def kill_and_recover(folder: Path, delay_s: float) -> tuple[int, int, tuple[str, ...]]:
    """(ticks handed over, ticks recovered, damages) of a writer killed after `delay_s`."""
    path = folder / "live.mcap"
    command = [sys.executable, "-c", LIVE_WRITER, str(path), str(Path(__file__).parent)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        process.stdout.readline()
        time.sleep(delay_s)
        os.kill(process.pid, signal.SIGKILL)
        lines = process.stdout.read().split()
    recovery = recover_log(path, folder / "whole.mcap")
    stamps = stamps_of(folder / "whole.mcap")
    assert (np.diff(stamps) == PERIOD_NS).all()
    return int(lines[-1]) if lines else 0, len(stamps), recovery.damages


@pytest.mark.parametrize("delay_s", [0.6, 1.1])
def test_a_killed_writer_loses_a_fifth_of_a_second_at_most(tmp_path, delay_s):
    handed, recovered, damages = kill_and_recover(tmp_path, delay_s)
    assert recovered >= handed - 100, f"{handed - recovered} ticks of 2 ms were lost"
    assert damages
    run = read_run(tmp_path / "whole.mcap")
    assert run.damages, "a recovered log must not pass for a whole one"
    assert run.metadata["recovered_from"] == "live.mcap"
    assert run.attachments == {"a": b"b"}


@pytest.mark.slow
def test_writers_killed_at_fifty_random_moments(tmp_path):
    rng = np.random.default_rng(5)
    for delay_s in rng.uniform(0.3, 2.0, 50):
        handed, recovered, _ = kill_and_recover(tmp_path, float(delay_s))
        assert recovered >= handed - 100, f"killed after {delay_s:.3f} s"


def damaged_copies(path: Path, count: int, seed: int):
    """`count` truncations and as many bit flips: (name, bytes)."""
    data = path.read_bytes()
    rng = np.random.default_rng(seed)
    for size in rng.integers(0, len(data), count):
        yield f"cut at {size}", data[: int(size)]
    for position in rng.integers(0, len(data), count):
        bit = 1 << int(rng.integers(8))
        flipped = bytearray(data)
        flipped[position] ^= bit
        yield f"byte {position} bit {bit}", bytes(flipped)


def check_damaged_copies(folder: Path, count: int, seed: int) -> None:
    path = folder / "log.mcap"
    write_run(path, 400)
    whole = read_log(path)
    rows = {message.payload for message in whole.messages}
    for name, data in damaged_copies(path, count, seed):
        path.write_bytes(data)
        try:
            log = read_log(path)
        except LogError as error:
            assert "\n" not in str(error), name
        else:
            assert log.damages, f"{name}: not noticed"
            assert {message.payload for message in log.messages} <= rows, name


def test_no_damage_goes_unnoticed(tmp_path):
    check_damaged_copies(tmp_path, 60, 1)


@pytest.mark.slow
def test_no_damage_of_four_hundred_goes_unnoticed(tmp_path):
    check_damaged_copies(tmp_path, 200, 2)


def test_behind_a_damaged_chunk_the_log_is_read_on(tmp_path):
    path = tmp_path / "log.mcap"
    write_run(path)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    run = read_run(path)
    stamps = run.ticks["now_ns"]
    assert len(run.damages) == 1
    assert stamps[0] == 0
    assert stamps[-1] == (TICKS - 1) * PERIOD_NS
    assert TICKS - 60 < len(stamps) < TICKS


@pytest.mark.parametrize("content", [b"", b"no log", b"\x89MCAP0\r\n" + b"\xff" * 64])
def test_what_is_no_log_is_told_in_one_line(tmp_path, content):
    path = tmp_path / "log.mcap"
    path.write_bytes(content)
    with pytest.raises(LogError, match=r"log\.mcap") as told:
        read_run(path)
    assert "\n" not in str(told.value)


def test_missing_file_and_folder(tmp_path):
    with pytest.raises(LogError, match="No such file"):
        read_log(tmp_path / "absent.mcap")
    with pytest.raises(LogError, match="No such file"):
        RunLog(tmp_path / "absent" / "log.mcap")


def test_recovery_never_replaces_its_source(tmp_path):
    path = tmp_path / "log.mcap"
    write_run(path, 10)
    with pytest.raises(LogError, match="replace itself"):
        recover_log(path, path)


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


def test_ticks_lost_before_the_log_are_counted_and_told(tmp_path):
    path = tmp_path / "log.mcap"
    with RunLog(path) as log:
        log.append(make_columns(50))
        log.count_lost(np.arange(3) * PERIOD_NS, "the ring was full")
    run = read_run(path)
    assert run.metadata["dropped_ticks"] == "3"
    assert any("3 ticks" in event.text and "ring was full" in event.text for event in run.events)


def test_closed_log_takes_nothing_more(tmp_path):
    log = RunLog(tmp_path / "log.mcap")
    log.close()
    with pytest.raises(LogError, match="already closed"):
        log.append(make_columns(1))
    with pytest.raises(LogError, match="holds no control tick"):
        read_run(tmp_path / "log.mcap")
