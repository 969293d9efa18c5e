"""`exoactor bench control`: what the whole-body controller withstands, and what it costs."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from exoactor_rt.bench import control
from exoactor_rt.bench.control.case import CaseError
from exoactor_rt.bench.control.suite import OnResult
from exoactor_rt.bench.control.tick_times import SolverResult, TickTimes
from exoactor_rt.cli import exit_codes
from exoactor_rt.cli.bench_files import make_folder, require_jobs, write_text
from exoactor_rt.pipeline import require_writable_file
from exoactor_rt.progress import ReportProgress, StageTimes

_DESCRIPTION = """Stances, walks, random footstep plans, pushes standing and at every phase of a
step, robots and floors that differ from the model, and the computing time of the tick; with noisy
sensors, the estimator and the guard, in the lock-step simulator. Writes control.json, the same
bytes for the same options, push_map.svg, and timings.json."""
_EPILOG = """groups: stance, one-foot, walk, random, push-standing, push-stepping, mismatch, ticks.
A name of --only is a group, a case (push-stepping/left/3) or a pattern ('mismatch/*/mass*'). exit
codes: 0 all criteria met; 1 not all; 2 bad input, or a case could not be run."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds `control` to the parser of `bench`."""
    parser = subparsers.add_parser(
        "control",
        help="stances, walks, pushes, mismatches and tick times of the whole-body controller",
        description=_DESCRIPTION,
        epilog=_EPILOG,
    )
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="these cases only")
    parser.add_argument("--quick", action="store_true", help="a sample of the cases, minutes less")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="worker processes")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of noise and steps")
    parser.add_argument("--out", type=Path, default=Path("out/bench/control"), metavar="DIR")
    parser.set_defaults(run=run_control)


def run_control(arguments: argparse.Namespace) -> int:
    """Runs the benchmark, prints its tables; raises ExoactorError."""
    require_jobs(arguments.jobs)
    seed, quick = control.allowed_seed(arguments.seed), arguments.quick
    cases = control.select(control.catalogue(seed, quick), arguments.only)
    out = arguments.out
    make_folder(out)
    require_writable_file(out / "control.json")
    times = StageTimes()
    with times.stage("cases") as report:
        ran = control.run_cases(cases, jobs=arguments.jobs, on_result=_teller(report))
    solvers: list[SolverResult] = []
    ticks: list[TickTimes] = []
    if control.wants_ticks(arguments.only):
        with times.stage("ticks") as report:
            solvers, ticks = _time_all(seed, report)
    results = [one.result for one in ran]
    lasting = [*control.criteria(results), *control.solver_criteria(solvers)]
    passing = control.timing_criteria(ticks)
    sections = [control.format_results(results)] if results else []
    if ticks:
        sections.append(control.format_solver(solvers, ticks))
    print("\n\n".join([*sections, control.format_criteria([*lasting, *passing])]))
    files = {
        "control.json": control.results_json(
            {"seed": seed, "quick": quick}, results, solvers, lasting
        ),
        "timings.json": control.timings_json(ran, ticks, passing, times.seconds),
        "push_map.svg": control.push_map_svg(results),
    }
    written = {name: text for name, text in files.items() if text}
    for name, text in written.items():
        write_text(out / name, text)
    print(f"written: {', '.join(str(out / name) for name in written)}")
    if any(isinstance(result, CaseError) for result in results):
        return exit_codes.BAD_INPUT
    return exit_codes.PASS if all(one.met for one in [*lasting, *passing]) else exit_codes.FAIL


def _time_all(seed: int, report: ReportProgress) -> tuple[list[SolverResult], list[TickTimes]]:
    solvers, times = [], []
    situations = control.situations()
    obstacle = control.why_uncountable()
    if obstacle:
        print(f"exoactor: {obstacle}; allocations not counted", file=sys.stderr)
    for index, situation in enumerate(situations):
        solver, one = control.time_ticks(situation, seed)
        if not obstacle:
            counted = control.count_allocations(situation.name, seed)
            solver = replace(solver, allocations=counted)
        solvers.append(solver)
        times.append(one)
        report(index + 1, len(situations))
    return solvers, times


def _teller(report: ReportProgress) -> OnResult:
    def tell(done: int, total: int, newest: control.Ran) -> None:
        report(done, total)
        if not sys.stderr.isatty():
            line = f"{done}/{total} {control.describe(newest.result)}"
            print(line, file=sys.stderr, flush=True)

    return tell
