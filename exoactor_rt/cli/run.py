"""`exoactor run`: a clip or motion capture file, up to the robot."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from exoactor_rt.cli import exit_codes
from exoactor_rt.cli.driving import go_under_damper
from exoactor_rt.cli.options import add_controller_options, add_run_options, read_config
from exoactor_rt.cli.outcome import run_lines
from exoactor_rt.config import Config
from exoactor_rt.dds import (
    DdsSettings,
    add_dds_options,
    add_driving_options,
    read_dds_settings,
)
from exoactor_rt.errors import ConfigError
from exoactor_rt.pipeline import run_chain
from exoactor_rt.progress import StageTimes


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds `run` to the command's parser."""
    parser = subparsers.add_parser(
        "run",
        help="execute the motion of a clip on a robot",
        description="Video or BVH file -> motion, plan or tracking, execution on a G1, simulated "
        "here or on DDS; "
        "writes log, film and report.",
    )
    parser.add_argument(
        "source",
        type=Path,
        nargs="+",
        metavar="FILE",
        help="a video, or a .bvh file; of several candidates the best admissible one is executed",
    )
    parser.add_argument("--out", type=Path, metavar="DIR", help="default: out/NAME")
    parser.add_argument(
        "--robot", choices=("sim", "dds"), default="sim", help="default: %(default)s"
    )
    parser.add_argument(
        "--override-admission",
        default="",
        metavar="REASON",
        help="execute the plan although admission refuses it; log and report tell the reason. On "
        "--robot dds only root may",
    )
    add_run_options(parser)
    add_controller_options(parser)
    add_dds_options(parser)
    add_driving_options(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Runs the chain on a file; raises ExoactorError."""
    folder = arguments.out or Path("out") / arguments.source[0].stem
    robot = read_dds_settings(arguments) if arguments.robot == "dds" else None
    if robot is not None:
        go_under_damper(robot, arguments.given)
    override = _override(arguments.override_admission, on_robot=robot is not None)
    return run_and_tell(arguments.source, folder, read_config(arguments), robot, override=override)


def _override(reason: str, on_robot: bool) -> str:
    """Who overrides and why, in words; empty where nobody does."""
    words = " ".join(reason.split())
    if not words:
        return ""
    if on_robot and os.geteuid() != 0:
        raise ConfigError("--override-admission: on a robot only root may; nothing started")
    return f"by user {os.getuid()}: {words}"


def run_and_tell(
    source: Path | Sequence[Path],
    folder: Path,
    config: Config,
    robot: DdsSettings | None = None,
    *,
    override: str = "",
) -> int:
    """Runs the chain, prints what came of it, returns the exit code."""
    times = StageTimes()
    result = run_chain(source, folder, config, times, robot, override=override)
    print("\n".join(run_lines(result, times.seconds)))
    if result.refused:
        return exit_codes.REFUSED
    return exit_codes.PASS if result.verdict.passed else exit_codes.FAIL
