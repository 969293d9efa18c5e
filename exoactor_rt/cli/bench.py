"""`exoactor bench`: what the controller makes of a folder of motions, and what it withstands."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from exoactor_rt.bench import (
    Conditions,
    Outcome,
    Ran,
    find_motions,
    format_table,
    results_json,
    run_suite,
    write_sheet,
)
from exoactor_rt.bench.conditions import CONTROLLERS, REHEARSALS
from exoactor_rt.bench.suite import OnResult
from exoactor_rt.cli import bench_control, exit_codes
from exoactor_rt.cli.bench_files import make_folder, require_jobs, write_text
from exoactor_rt.pipeline import require_writable_file
from exoactor_rt.progress import ReportProgress, StageTimes
from exoactor_rt.tracker.store import choose_policy

_EPILOG = """exit codes: 0 no falls; 1 a robot fell or did not finish; 2 bad input, or no falls but
a file could not be used. Refused motions are no failure: the table says why."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds `bench` to the command's parser."""
    parser = subparsers.add_parser("bench", help="measure the controller in simulation")
    kinds = parser.add_subparsers(title="benchmarks", metavar="BENCHMARK", required=True)
    bench_control.add_parser(kinds)
    motions = kinds.add_parser(
        "motions",
        help="admit and execute every motion of a folder on the simulated robot",
        description="Every npz, BVH and LAFAN1-G1 CSV file of a folder, recursively: admission, "
        "then execution in the lock-step simulator. Writes motions.json, the same bytes for the "
        "same input and options, and timings.json.",
        epilog=_EPILOG,
    )
    nominal = Conditions()
    motions.add_argument("folder", type=Path, metavar="DIR")
    motions.add_argument("--controller", choices=CONTROLLERS, default=nominal.controller)
    motions.add_argument("--policy", default="", metavar="NAME", help="of the tracker")
    motions.add_argument("--jobs", type=int, default=2, metavar="N", help="worker processes")
    for option, name, unit, told in (
        ("--push", "push_ns", "N_S", "impulse on the pelvis midway, N s"),
        ("--friction", "friction", "F", "sliding friction of the floor"),
        ("--latency", "latency_ms", "MS", "from command to effect"),
        ("--mass", "mass_scale", "SCALE", "of every mass"),
    ):
        default = getattr(nominal, name)
        motions.add_argument(
            option, dest=name, type=float, default=default, metavar=unit, help=told
        )
    motions.add_argument("--seed", type=int, default=nominal.seed, metavar="N")
    motions.add_argument(
        "--rehearsals",
        choices=REHEARSALS,
        default=nominal.rehearsals,
        help="how much of admission comes before; less of it measures the controller also on what "
        "would be refused",
    )
    motions.add_argument("--out", type=Path, metavar="DIR", help="default: out/bench/NAME")
    motions.add_argument("--sheet", action="store_true", help="also write sheet.mp4")
    motions.set_defaults(run=run_motions)


def run_motions(arguments: argparse.Namespace) -> int:
    """Runs the benchmark, prints the table; raises ExoactorError."""
    require_jobs(arguments.jobs)
    conditions = Conditions(
        controller=arguments.controller,
        policy=arguments.policy,
        push_ns=arguments.push_ns,
        friction=arguments.friction,
        latency_ms=arguments.latency_ms,
        mass_scale=arguments.mass_scale,
        seed=arguments.seed,
        rehearsals=arguments.rehearsals,
    )
    choose_policy(conditions.controller, conditions.policy)
    motions = find_motions(arguments.folder)
    out = arguments.out or Path("out/bench") / arguments.folder.resolve().name
    make_folder(out)
    require_writable_file(out / "motions.json")
    times = StageTimes()
    with times.stage("motions") as report:
        ran = run_suite(
            arguments.folder,
            motions,
            conditions,
            jobs=arguments.jobs,
            on_result=_teller(report),
        )
    results = [one.result for one in ran]
    print(format_table(results))
    write_text(out / "motions.json", results_json(conditions, results))
    files = ["motions.json", "timings.json"]
    if arguments.sheet and any(one.execution is not None for one in ran):
        with times.stage("sheet") as report:
            write_sheet(out / "sheet.mp4", ran, report)
        files.append("sheet.mp4")
    _write_timings(out / "timings.json", ran, times)
    print(f"written: {', '.join(str(out / file) for file in files)}")
    return _exit_code([result.outcome for result in results])


def _teller(report: ReportProgress) -> OnResult:
    def tell(done: int, total: int, newest: Ran) -> None:
        report(done, total)
        if not sys.stderr.isatty():
            outcome = newest.result.outcome.value
            print(f"{done}/{total} {newest.result.name}: {outcome}", file=sys.stderr, flush=True)

    return tell


def _write_timings(path: Path, ran: Sequence[Ran], times: StageTimes) -> None:
    seconds = {one.result.name: round(one.wall_s, 2) for one in ran}
    timings = {"motions_s": seconds, "stages_s": times.seconds}
    write_text(path, json.dumps(timings, indent=1) + "\n")


def _exit_code(outcomes: Sequence[Outcome]) -> int:
    if Outcome.FELL in outcomes or Outcome.UNFINISHED in outcomes:
        return exit_codes.FAIL
    return exit_codes.BAD_INPUT if Outcome.ERROR in outcomes else exit_codes.PASS
