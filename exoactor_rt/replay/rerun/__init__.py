"""Feeds a log's inputs through today's code and says where it decides otherwise."""

from exoactor_rt.replay.rerun.divergence import Divergence
from exoactor_rt.replay.rerun.recorded_run import TICK_COLUMNS, RecordedRun, recorded_run
from exoactor_rt.replay.rerun.rerun_run import Rerun, RerunMode, rerun

__all__ = [
    "TICK_COLUMNS",
    "Divergence",
    "RecordedRun",
    "Rerun",
    "RerunMode",
    "recorded_run",
    "rerun",
]
