"""`exoactor control`: becomes the control process, which imports nothing of this command line."""

from __future__ import annotations

import argparse
import os
import sys

from exoactor_rt.dds import damped, read_dds_settings, to_options
from exoactor_rt.link import default_socket_path
from exoactor_rt.runtime import entry


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds `control` to the command's parser."""
    parser = subparsers.add_parser(
        "control",
        help="own the robot and execute plans that come over the socket",
        description=entry.DESCRIPTION,
    )
    entry.add_arguments(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Replaces this process; returns only where that fails, by an OSError or ExoactorError.

    A robot on DDS is driven under the damper, which damps it after whatever end.
    """
    command = command_line(arguments)
    sys.stdout.flush()
    os.execv(command[0], command)


def command_line(arguments: argparse.Namespace) -> list[str]:
    """What is executed; raises ConfigError and HardwareError."""
    socket = arguments.socket or default_socket_path()
    words = [sys.executable, "-m", "exoactor_rt.runtime", "--robot", arguments.robot]
    words += ["--seed", str(arguments.seed), "--on-owner-loss", arguments.on_owner_loss]
    words += ["--cpu", str(arguments.cpu), "--socket", str(socket)]
    for user in arguments.owner:
        words += ["--owner", user]
    if arguments.config:
        words += ["--config", str(arguments.config)]
    words += to_options(arguments)
    if arguments.log:
        words += ["--log", str(arguments.log), "--log-keep-mb", str(arguments.log_keep_mb)]
    if arguments.without_real_time_rights:
        words.append("--without-real-time-rights")
    if arguments.robot != "dds":
        return words
    record = arguments.driven_record or socket.with_suffix(".driven")
    return damped([*words, "--driven-record", str(record)], read_dds_settings(arguments), record)
