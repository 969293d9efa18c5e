"""`exoactor plan`: a clip or motion capture file, up to an admitted plan."""

from __future__ import annotations

import argparse
from pathlib import Path

from exoactor_rt.cli import exit_codes
from exoactor_rt.cli.options import add_run_options, read_config
from exoactor_rt.pipeline import plan_source
from exoactor_rt.planning import describe, save_plan
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
    planned = plan_source(arguments.source, read_config(arguments), StageTimes())
    for attempt in planned.admission.attempts:
        print(f"admission: {attempt}")
    plan = planned.admission.plan
    if plan is None:
        print("verdict: refused")
        return exit_codes.REFUSED
    print("\n".join(describe(plan)))
    print(f"plan: {save_plan(plan, arguments.output)}")
    return exit_codes.PASS
