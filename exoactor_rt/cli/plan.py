"""`exoactor plan`: a clip or motion capture file, up to an admitted plan."""

from __future__ import annotations

import argparse
from pathlib import Path

from exoactor_rt.cli import exit_codes
from exoactor_rt.cli.options import add_run_options, read_config
from exoactor_rt.cli.outcome import plan_lines
from exoactor_rt.pipeline import plan_source, require_writable_file
from exoactor_rt.planning import save_plan
from exoactor_rt.progress import StageTimes


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds `plan` to the command's parser."""
    parser = subparsers.add_parser(
        "plan",
        help="make a plan of a clip and rehearse it, without executing it",
        description="Video or BVH file -> a feasible plan that has passed its rehearsal.",
    )
    parser.add_argument("source", type=Path, metavar="FILE", help="a video, or a .bvh file")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="PLAN")
    add_run_options(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Plans and saves; raises ExoactorError."""
    require_writable_file(arguments.output)
    times = StageTimes()
    planned = plan_source(arguments.source, read_config(arguments), times)
    plan = planned.admission.plan
    if plan is not None:
        save_plan(plan, arguments.output)
    print("\n".join(plan_lines(planned, times.seconds, arguments.output)))
    return exit_codes.REFUSED if plan is None else exit_codes.PASS
