"""Logs of killed writers, cut and altered ones: the damage is named, the rest is read."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from log_files import TICKS, stamps_of, write_run
from tick_columns import PERIOD_NS

from exoactor_rt.errors import LogError
from exoactor_rt.recorder import RunLog, read_log, read_run, recover_log

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
