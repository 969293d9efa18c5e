"""Logs: whatever crosses an edge of the control loop, as MCAP."""

from exoactor_rt.recorder.export import export_run
from exoactor_rt.recorder.log_reader import Log, LogEvent, RunRecord, read_log, read_run
from exoactor_rt.recorder.recovery import Recovery, recover_log
from exoactor_rt.recorder.rotation import Rotation
from exoactor_rt.recorder.run_log import RunLog

__all__ = [
    "Log",
    "LogEvent",
    "Recovery",
    "Rotation",
    "RunLog",
    "RunRecord",
    "export_run",
    "read_log",
    "read_run",
    "recover_log",
]
