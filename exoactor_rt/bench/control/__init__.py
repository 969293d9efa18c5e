"""The whole-body controller measured: stances, walks, pushes, mismatches, computing time."""

from exoactor_rt.bench.control.acceptance import (
    Criterion,
    criteria,
    solver_criteria,
    timing_criteria,
)
from exoactor_rt.bench.control.allocations import count_allocations, why_uncountable
from exoactor_rt.bench.control.catalogue import allowed_seed, catalogue, select, wants_ticks
from exoactor_rt.bench.control.document import results_json, timings_json
from exoactor_rt.bench.control.push_map import push_map_svg
from exoactor_rt.bench.control.report import (
    describe,
    format_criteria,
    format_results,
    format_solver,
)
from exoactor_rt.bench.control.suite import Ran, run_cases
from exoactor_rt.bench.control.tick_times import situations, time_ticks

__all__ = [
    "Criterion",
    "Ran",
    "allowed_seed",
    "catalogue",
    "count_allocations",
    "criteria",
    "describe",
    "format_criteria",
    "format_results",
    "format_solver",
    "push_map_svg",
    "results_json",
    "run_cases",
    "select",
    "situations",
    "solver_criteria",
    "time_ticks",
    "timing_criteria",
    "timings_json",
    "wants_ticks",
    "why_uncountable",
]
