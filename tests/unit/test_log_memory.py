"""How much memory it takes to read a long log and to check it."""

import tracemalloc

from log_files import write_run

from exoactor_rt.recorder import read_run
from exoactor_rt.replay import check_subject, robot_limits, subject_of_run

TICKS = 20_000
MIB = 1 << 20


def peak_of(work):
    """What it returns, and the most that it had more than at its start, MiB."""
    tracemalloc.start()
    try:
        result = work()
        return result, tracemalloc.get_traced_memory()[1] / MIB
    finally:
        tracemalloc.stop()


def test_a_column_is_in_memory_once(tmp_path):
    path = tmp_path / "run.mcap"
    write_run(path, TICKS, wait=True)
    run, peak = peak_of(lambda: read_run(path))
    columns = sum(column.nbytes for column in run.ticks.values()) / MIB
    assert columns > 35
    assert peak < 1.35 * columns


def test_what_is_not_asked_for_is_not_held(tmp_path):
    path = tmp_path / "run.mcap"
    write_run(path, TICKS, wait=True)
    run, peak = peak_of(lambda: read_run(path, ("contact",)))
    assert set(run.ticks) == {"now_ns", "contact"}
    assert peak < 12


def test_checks_need_little_beside_the_log(tmp_path):
    path = tmp_path / "run.mcap"
    columns = write_run(path, TICKS, wait=True)
    subject = subject_of_run(read_run(path))
    result, peak = peak_of(lambda: check_subject(subject, robot_limits()))
    one = columns["sensed_position"].nbytes / MIB
    assert result.passed
    assert peak < 6 * one
