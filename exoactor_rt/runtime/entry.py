"""Entry point of the control process: imports no network, vision or GPU."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from exoactor_rt.dds import DdsRobotEnd, add_dds_options, read_dds_settings
from exoactor_rt.errors import ExoactorError
from exoactor_rt.link import default_socket_path
from exoactor_rt.runtime.control_process import DEFAULT_KEEP_MB, ControlOptions, ControlProcess
from exoactor_rt.runtime.control_session import OwnerLoss
from exoactor_rt.runtime.robot_end import RobotEnd
from exoactor_rt.sim import PacedRobot, SimOptions

DESCRIPTION = """Owns the robot: runs the 500 Hz loop behind the guard and executes plans that an
owner hands over through its socket. Starts silent and never arms by itself. SIGTERM and SIGINT end
it with a controlled stop; a second one does not wait for the robot to stand."""
_BAD_INPUT = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the control process's options."""
    parser.add_argument(
        "--robot", choices=("sim", "dds"), default="sim", help="default: %(default)s"
    )
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of the sensors' noise")
    parser.add_argument(
        "--on-owner-loss",
        choices=[loss.value for loss in OwnerLoss],
        default=OwnerLoss.FINISH.value,
        help="what a running plan does when its owner dies; default: %(default)s",
    )
    parser.add_argument("--log", type=Path, metavar="FILE", help="record every tick here (MCAP)")
    parser.add_argument(
        "--log-keep-mb",
        type=int,
        default=DEFAULT_KEEP_MB,
        metavar="MB",
        help="of all logs in that folder; the oldest are deleted; default: %(default)s",
    )
    parser.add_argument("--socket", type=Path, metavar="PATH", help="where to listen")
    add_dds_options(parser)


def _open_robot(arguments: argparse.Namespace) -> RobotEnd:
    if arguments.robot == "dds":
        return DdsRobotEnd(read_dds_settings(arguments))
    return PacedRobot(SimOptions(seed=arguments.seed))


def main(argv: Sequence[str] | None = None) -> int:
    """Serves until told to end; returns the exit code."""
    parser = argparse.ArgumentParser(prog="exoactor control", description=DESCRIPTION)
    add_arguments(parser)
    arguments = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    try:
        path: Path = arguments.socket or default_socket_path()
        options = ControlOptions(
            path,
            on_owner_loss=OwnerLoss(arguments.on_owner_loss),
            log_path=arguments.log,
            log_keep_bytes=arguments.log_keep_mb * 1_000_000,
        )
        process = ControlProcess(_open_robot(arguments), options)
        process.handle_signals()
        process.run(on_ready=lambda: print(f"control: silent, listening on {path}", flush=True))
    except ExoactorError as error:
        print(f"exoactor control: error: {error}", file=sys.stderr)
        return _BAD_INPUT
    return 0
