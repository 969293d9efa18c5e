"""Entry point of the control process: imports no network, vision or GPU."""

from __future__ import annotations

import argparse
import datetime
import logging
import pwd
import sys
from collections.abc import Sequence
from pathlib import Path

from exoactor_rt._core.runtime import LoopOptions
from exoactor_rt.config import Config, load_config
from exoactor_rt.dds import DdsRobotEnd, add_dds_options, add_driving_options, read_dds_settings
from exoactor_rt.errors import ConfigError, ExoactorError
from exoactor_rt.link import default_socket_path
from exoactor_rt.robots.g1.guard_limits import guard_limits
from exoactor_rt.runtime.control_process import DEFAULT_KEEP_MB, ControlOptions, ControlProcess
from exoactor_rt.runtime.control_session import OwnerLoss
from exoactor_rt.runtime.robot_end import RobotEnd
from exoactor_rt.sim import PacedRobot, SimOptions
from exoactor_rt.tracker.store import choose_policy

DESCRIPTION = """Owns the robot: runs the 500 Hz loop behind the guard and executes plans that an
owner hands over through its socket. Starts silent and never arms by itself. SIGTERM,
SIGINT, SIGHUP and SIGQUIT end it with a controlled stop; a second one does not wait for the robot
to stand. Exit codes: 0 ended when told; 1 robot, socket or log failed; 2 bad input."""
_FAIL = 1
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
    parser.add_argument(
        "--owner",
        action="append",
        default=[],
        metavar="USER",
        help="a user who may own the robot, besides root and this process's own; repeatable; "
        "everybody who reaches the socket may stop, damp and observe",
    )
    parser.add_argument(
        "--log",
        type=Path,
        metavar="FILE",
        help="record every tick here (MCAP); in a folder a file named by the start's time",
    )
    parser.add_argument(
        "--log-keep-mb",
        type=int,
        default=DEFAULT_KEEP_MB,
        metavar="MB",
        help="of all logs in that folder; the oldest are deleted; default: %(default)s",
    )
    parser.add_argument("--socket", type=Path, metavar="PATH", help="where to listen")
    parser.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        help="TOML; of it count [guard], which may tighten the guard's limits, and [control]: "
        "where its controller is tracker or auto, the installed policy may drive",
    )
    add_dds_options(parser)
    add_driving_options(parser)


def _open_robot(arguments: argparse.Namespace) -> RobotEnd:
    if arguments.robot == "dds":
        return DdsRobotEnd(read_dds_settings(arguments))
    return PacedRobot(SimOptions(seed=arguments.seed))


def _loop_options(arguments: argparse.Namespace) -> LoopOptions:
    options = LoopOptions()
    options.cpu = arguments.cpu
    return options


def _log_path(asked: Path | None) -> Path | None:
    if asked is None or not asked.is_dir():
        return asked
    now = datetime.datetime.now(datetime.timezone.utc)
    return asked / f"{now:%Y%m%dT%H%M%S.%f}Z.mcap"


def main(argv: Sequence[str] | None = None) -> int:
    """Serves until told to end; returns the exit code."""
    parser = argparse.ArgumentParser(prog="exoactor control", description=DESCRIPTION)
    add_arguments(parser)
    arguments = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    try:
        path: Path = arguments.socket or default_socket_path()
        config = Config() if arguments.config is None else load_config(arguments.config)
        options = ControlOptions(
            path,
            guard_limits=guard_limits(config.guard, config.control.joint_speed_ceiling_rad_s),
            policy=choose_policy(config.control.controller, config.control.policy),
            loop=_loop_options(arguments),
            need_real_time=not arguments.without_real_time_rights,
            on_owner_loss=OwnerLoss(arguments.on_owner_loss),
            owner_uids=frozenset(_uid(name) for name in arguments.owner),
            log_path=_log_path(arguments.log),
            log_keep_bytes=arguments.log_keep_mb * 1_000_000,
        )
        process = ControlProcess(_open_robot(arguments), options)
        process.handle_signals()
        process.run(on_ready=lambda: print(f"control: silent, listening on {path}", flush=True))
    except ExoactorError as error:
        print(f"exoactor control: error: {error}", file=sys.stderr)
        return _BAD_INPUT if isinstance(error, ConfigError) else _FAIL
    return 0


def _uid(name: str) -> int:
    try:
        return pwd.getpwnam(name).pw_uid
    except KeyError as error:
        raise ConfigError(f"--owner: no user {name!r} here; not started") from error
