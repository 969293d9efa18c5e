"""Logs written for the tests of the recorder."""

from tick_columns import make_columns

from exoactor_rt.recorder import RunLog, read_run
from exoactor_rt.recorder.tick_table import take

TICKS = 700


def write_run(path, count=TICKS, **options):
    with RunLog(path, metadata={"seed": "0"}, attachments={"config.toml": b"x = 1\n"}) as log:
        log.event(5, "warning", "something happened")
        columns = make_columns(count)
        for start in range(0, count, 70):
            log.append(take(columns, slice(start, start + 70)), **options)
    return columns


def stamps_of(path):
    return read_run(path).ticks["now_ns"]
