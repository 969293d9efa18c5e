"""The benchmark: folders of motions executed headless, measured and told in a table."""

from exoactor_rt.bench.conditions import Conditions
from exoactor_rt.bench.motion_files import find_motions, read_lafan_csv, read_reference
from exoactor_rt.bench.result import MotionResult, Outcome, results_json
from exoactor_rt.bench.sheet import write_sheet
from exoactor_rt.bench.suite import Ran, run_motion, run_suite
from exoactor_rt.bench.table import format_table

__all__ = [
    "Conditions",
    "MotionResult",
    "Outcome",
    "Ran",
    "find_motions",
    "format_table",
    "read_lafan_csv",
    "read_reference",
    "results_json",
    "run_motion",
    "run_suite",
    "write_sheet",
]
