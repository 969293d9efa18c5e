"""The results as tables for the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from exoactor_rt.bench.control.acceptance import Criterion, group_of, survived
from exoactor_rt.bench.control.case import (
    CaseError,
    PushResult,
    Result,
    TrialResult,
    impulse_words,
)
from exoactor_rt.bench.control.tick_times import PARTS, SolverResult, TickTimes
from exoactor_rt.bench.text_table import NOTHING, align, number

_TRIAL_HEADINGS = (
    "case",
    "outcome",
    "steps done/asked",
    "foot up s",
    "CoM mm",
    "DCM mm",
    "m/s",
    "drift m",
    "yaw deg",
    "QP failed",
    "iter. max",
)


def format_results(results: Sequence[Result]) -> str:
    """One table a group, and below each what did not survive, and why."""
    sections = []
    for group in dict.fromkeys(group_of(result.name) for result in results):
        same = [result for result in results if group_of(result.name) == group]
        sections.append("\n".join([f"{group}:", *_section(group, same), *_reasons(group, same)]))
    return "\n\n".join(sections)


def format_solver(solvers: Sequence[SolverResult], times: Sequence[TickTimes]) -> str:
    """Iterations, failures and CPU times a situation."""
    headings = (
        "situation",
        "ticks",
        "iterations",
        "relaxed",
        "failed",
        "allocations",
        *(f"{part} us" for part in PARTS),
        "estimator us",
    )
    rows: list[tuple[str, ...]] = [headings]
    for solver, one in zip(solvers, times, strict=True):
        iterations = (solver.iterations_p50, solver.iterations_p99, solver.iterations_max)
        counted = NOTHING if solver.allocations is None else str(solver.allocations)
        cells = [
            solver.name,
            str(solver.ticks),
            _slashed(iterations),
            str(solver.relaxed),
            str(solver.failures),
            counted,
        ]
        parts = (_slashed(one.us[part]) for part in PARTS)
        rows.append((*cells, *parts, number(one.estimator_us, 0)))
    return "\n".join(["ticks (p50 / p99 / max; CPU time, every tick at its least):", *align(rows)])


def format_criteria(criteria: Sequence[Criterion]) -> str:
    """What was asked and what was got; the failed ones are marked."""
    rows = [("", "criterion", "got", "allowed")]
    for one in criteria:
        sign = ">=" if one.at_least else "<="
        limit = f"{sign} {one.limit:g} {one.unit}".rstrip()
        rows.append(("ok" if one.met else "FAIL", one.name, f"{one.got:.4g}", limit))
    missed = sum(not one.met for one in criteria)
    verdict = "all met" if not missed else f"{missed} of {len(criteria)} missed"
    return "\n".join([*align(rows), f"criteria: {verdict}"])


def describe(result: Result) -> str:
    """One line of progress."""
    if isinstance(result, CaseError):
        return f"{result.name}: error: {result.reason}"
    if isinstance(result, PushResult):
        return f"{result.name}: {impulse_words(result.largest_ns)} N s"
    return f"{result.name}: {_outcome(result)}"


def _section(group: str, results: Sequence[Result]) -> list[str]:
    if group == "mismatch":
        return _matrix(results, row=2, column=1)
    if group == "push-stepping":
        return _matrix(results, row=1, column=2, corner="N s, phase of the step / 8")
    if group == "push-standing":
        return _matrix(results, row=1, column=None, corner="N s")
    if group == "random":
        return _random(results)
    return align([_TRIAL_HEADINGS, *(_trial_cells(result) for result in results)])


def _matrix(
    results: Sequence[Result], row: int, column: int | None, corner: str = "condition"
) -> list[str]:
    """The cells of the results, placed by the parts of their names."""
    cells: dict[tuple[str, str], str] = {}
    for result in results:
        parts = result.name.split("/")
        cells[parts[row], "largest survived" if column is None else parts[column]] = _cell(result)
    columns = list(dict.fromkeys(key[1] for key in cells))
    rows = [(corner, *columns)]
    for name in dict.fromkeys(key[0] for key in cells):
        rows.append((name, *(cells.get((name, each), NOTHING) for each in columns)))
    return align(rows)


def _cell(result: Result) -> str:
    if isinstance(result, PushResult):
        return impulse_words(result.largest_ns)
    return _outcome(result) if isinstance(result, TrialResult) else "error"


def _outcome(result: TrialResult) -> str:
    if result.outcome.survived:
        return "survived"
    return "failed" if result.outcome.fall_time_s is None else "fell"


def _random(results: Sequence[Result]) -> list[str]:
    outcomes = [one.outcome for one in results if isinstance(one, TrialResult)]
    steps = sum(outcome.steps_done for outcome in outcomes)
    worst = max((one.dcm_rms_mm for one in outcomes if one.dcm_rms_mm is not None), default=None)
    count = sum(map(survived, results))
    return [
        f"{count} of {len(results)} plans survived, {steps} steps; "
        f"DCM error at most {number(worst, 0)} mm rms"
    ]


def _trial_cells(result: Result) -> tuple[str, ...]:
    if not isinstance(result, TrialResult):
        return (result.name, "error", *([NOTHING] * (len(_TRIAL_HEADINGS) - 2)))
    outcome = result.outcome
    return (
        result.name,
        _outcome(result),
        f"{outcome.steps_done}/{outcome.steps_asked}",
        number(outcome.raised_s, 1),
        number(outcome.com_rms_mm, 1),
        number(outcome.dcm_rms_mm, 1),
        number(outcome.speed_m_s, 2),
        number(outcome.drift_m, 3),
        number(outcome.drift_yaw_deg, 1),
        str(outcome.qp_failures),
        str(outcome.qp_iterations_max),
    )


def _reasons(group: str, results: Sequence[Result]) -> list[str]:
    lines = []
    for result in results:
        if isinstance(result, CaseError):
            lines.append(f"{result.name}: error: {result.reason}")
        elif isinstance(result, TrialResult) and not result.outcome.survived:
            when = result.outcome.fall_time_s
            words = "" if when is None else f" at {when:.2f} s"
            lines.append(f"{result.name}: {_outcome(result)}{words}: {result.outcome.reason}")
        elif isinstance(result, PushResult) and not result.probes:
            lines.append(f"{result.name}: {result.reason}")
        elif isinstance(result, PushResult) and group == "push-standing" and result.reason:
            lines.append(f"{result.name}: at {result.largest_ns + 1} N s: {result.reason}")
    return lines


def _slashed(values: Iterable[float]) -> str:
    return " / ".join(f"{value:.0f}" for value in values)
