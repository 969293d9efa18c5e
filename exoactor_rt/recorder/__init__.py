"""Logs: whatever crosses an edge of the control loop, as MCAP."""

from exoactor_rt.recorder.execution_log import write_execution_log
from exoactor_rt.recorder.log_reader import Log, LogMessage, read_log
from exoactor_rt.recorder.log_writer import LogWriter

__all__ = ["Log", "LogMessage", "LogWriter", "read_log", "write_execution_log"]
