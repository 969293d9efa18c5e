"""`exoactor replay`: check a log or motion, run a log's code again, or execute its plan again."""

from __future__ import annotations

import argparse
from pathlib import Path

from exoactor_rt.cli import replay_check, replay_execute, replay_rerun
from exoactor_rt.dds import add_dds_options, add_driving_options

_EPILOG = """exit codes: 0 pass, the same, or done; 1 a limit was left, the log is damaged, or the
robot fell; 2 unreadable, or not enough in the log; 3 today's code or the simulation comes to
another outcome than the log's, or the rehearsal refuses the plan."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds `replay` to the command's parser."""
    parser = subparsers.add_parser(
        "replay",
        help="check a log, a plan or a reference; run a log again",
        description="Holds every sample of a log (MCAP), a plan or a reference (npz) against the "
        "limits of the robot, or the tighter ones of a site (--check); feeds a log's inputs "
        "through today's code (--rerun); executes a log's plan again (--sim, --robot).",
        epilog=_EPILOG,
    )
    parser.add_argument("file", type=Path, metavar="FILE")
    action = parser.add_mutually_exclusive_group(required=True)
    action.add_argument("--check", action="store_const", const=replay_check.run, dest="run")
    action.add_argument(
        "--rerun",
        choices=replay_rerun.MODES,
        help="the guard on the log's commands, the controller, or the whole tick, bit for bit",
    )
    action.add_argument(
        "--sim",
        action="store_const",
        const=replay_execute.run_in_simulation,
        dest="run",
        help="execute the log's plan in simulation",
    )
    action.add_argument(
        "--robot", choices=("dds",), help="rehearse the log's plan, then execute it on a robot"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the outcome as JSON")
    replay_check.add_options(parser)
    replay_rerun.add_options(parser)
    replay_execute.add_options(parser)
    add_dds_options(parser)
    add_driving_options(parser)
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    """The actions that have a value; those without one replace this function."""
    if arguments.rerun is not None:
        return replay_rerun.run(arguments)
    return replay_execute.run_on_robot(arguments)
