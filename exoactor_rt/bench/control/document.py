"""The results as JSON: one document the same on every machine, and one of this machine's times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from exoactor_rt.bench.canonical_json import canonical_json
from exoactor_rt.bench.control.acceptance import Criterion
from exoactor_rt.bench.control.case import Result
from exoactor_rt.bench.control.suite import Ran
from exoactor_rt.bench.control.tick_times import SolverResult, TickTimes

FORMAT = 1


def results_json(
    options: Mapping[str, int | bool],
    results: Sequence[Result],
    solvers: Sequence[SolverResult],
    criteria: Sequence[Criterion],
) -> str:
    """Canonical: keys sorted, six decimals, nothing of this machine or its clock.

    Args:
        options: seed and extent.
        results: of the cases.
        solvers: of the situations.
        criteria: without those on times.
    """
    return canonical_json(
        {
            "format": FORMAT,
            "options": dict(options),
            "cases": [asdict(result) for result in results],
            "solver": [asdict(solver) for solver in solvers],
            "criteria": [asdict(one) | {"met": one.met} for one in criteria],
        }
    )


def timings_json(
    ran: Sequence[Ran],
    times: Sequence[TickTimes],
    criteria: Sequence[Criterion],
    stages_s: Mapping[str, float],
) -> str:
    """What differs between machines and runs; `criteria` are those on times."""
    return canonical_json(
        {
            "cases_s": {one.result.name: one.wall_s for one in ran},
            "stages_s": dict(stages_s),
            "ticks": [asdict(one) for one in times],
            "criteria": [asdict(one) | {"met": one.met} for one in criteria],
        }
    )
