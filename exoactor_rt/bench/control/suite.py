"""Runs cases, each in a worker process."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from exoactor_rt.bench.control.case import Case, CaseError, Result
from exoactor_rt.bench.control.trial import RunTrial, run_trial
from exoactor_rt.workers import run_in_workers

OnResult = Callable[[int, int, "Ran"], None]
"""Called with (done, total, the newest) whenever a case has ended."""


@dataclass(frozen=True)
class Ran:
    """One case run: what came of it, and what it cost here."""

    result: Result
    wall_s: float


def run_cases(
    cases: Sequence[Case], *, jobs: int = 2, on_result: OnResult | None = None
) -> list[Ran]:
    """Runs all cases, `jobs` at a time; returns them in order."""

    def tell(done: int, newest: Ran) -> None:
        if on_result is not None:
            on_result(done, len(cases), newest)

    return run_in_workers(run_case, cases, jobs, _died, tell)


def run_case(case: Case, run: RunTrial = run_trial) -> Ran:
    """Runs one case; what goes wrong becomes a CaseError."""
    begin_s = time.perf_counter()
    result: Result
    try:
        result = case.run(run)
    except Exception as error:
        result = CaseError(case.name, f"{type(error).__name__}: {error}")
    return Ran(result, time.perf_counter() - begin_s)


def _died(case: Case) -> Ran:
    return Ran(CaseError(case.name, "a worker process died; not run to its end"), 0.0)
