"""`exoactor control`: becomes the control process, which imports nothing of this command line."""

from __future__ import annotations

import argparse
import os
import sys

from exoactor_rt.dds import to_options
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
    """Replaces this process; returns only where that fails, by an OSError."""
    options = [
        "--robot",
        arguments.robot,
        "--seed",
        str(arguments.seed),
        "--on-owner-loss",
        arguments.on_owner_loss,
    ]
    for user in arguments.owner:
        options += ["--owner", user]
    options += to_options(arguments)
    if arguments.log:
        options += ["--log", str(arguments.log), "--log-keep-mb", str(arguments.log_keep_mb)]
    if arguments.socket:
        options += ["--socket", str(arguments.socket)]
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "exoactor_rt.runtime", *options])
