"""`exoactor run`: a clip or motion capture file, up to the simulated robot."""

from __future__ import annotations

import argparse
from pathlib import Path

from exoactor_rt.cli import exit_codes
from exoactor_rt.cli.options import add_run_options, read_config
from exoactor_rt.config import Config
from exoactor_rt.pipeline import RunResult, run_chain
from exoactor_rt.planning import describe
from exoactor_rt.progress import StageTimes


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds `run` to the command's parser."""
    parser = subparsers.add_parser(
        "run",
        help="execute the motion of a clip on the simulated robot",
        description="Video or BVH file -> motion, plan, execution on the simulated G1; "
        "writes log, film and report.",
    )
    parser.add_argument("source", type=Path, metavar="FILE", help="a video, or a .bvh file")
    parser.add_argument("--out", type=Path, metavar="DIR", help="default: out/NAME")
    add_run_options(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Runs the chain on a file; raises ExoactorError."""
    folder = arguments.out or Path("out") / arguments.source.stem
    return run_and_tell(arguments.source, folder, read_config(arguments))


def run_and_tell(source: Path, folder: Path, config: Config) -> int:
    """Runs the chain, prints what came of it, returns the exit code."""
    times = StageTimes()
    result = run_chain(source, folder, config, times)
    print("\n".join(_lines(result, times)))
    if result.refused:
        return exit_codes.REFUSED
    return exit_codes.PASS if result.verdict.passed else exit_codes.FAIL


def _lines(result: RunResult, times: StageTimes) -> list[str]:
    lines = [f"admission: {attempt}" for attempt in result.planned.admission.attempts]
    plan = result.planned.admission.plan
    if plan is not None:
        lines += describe(plan)
    lines += [f"note: {note}" for note in result.planned.source.motion.notes]
    for criterion in result.verdict.criteria:
        mark = "ok  " if criterion.passed else "FAIL"
        got, allowed = f"{criterion.got:.3g}", f"{criterion.allowed:.3g}"
        lines.append(f"{mark} {criterion.name}: {got} {criterion.unit} (limit {allowed})")
    if result.figures is not None:
        lines.append(f"squat depth {result.figures.squat_depth_m:.2f} m")
    lines.append(
        "stage times: "
        + ", ".join(f"{name} {seconds:.1f} s" for name, seconds in times.seconds.items())
    )
    lines += [f"{name}: {path}" for name, path in result.files.items()]
    outcome = "pass" if result.verdict.passed else "refused" if result.refused else "fail"
    reasons = "; ".join(result.verdict.reasons)
    return [*lines, f"verdict: {outcome}" + (f": {reasons}" if reasons else "")]
