"""Where a robot is, as options of a command."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from exoactor_rt.dds.connection import DdsSettings
from exoactor_rt.errors import ConfigError


def add_dds_options(parser: argparse.ArgumentParser) -> None:
    """Adds where the robot is on the network and which hardware it is."""
    default = DdsSettings()
    group = parser.add_argument_group("robot on DDS")
    group.add_argument(
        "--domain", type=int, default=default.domain, metavar="N", help="default: %(default)s"
    )
    group.add_argument(
        "--interface",
        default=default.network_interface,
        metavar="NAME",
        help="network interface, default: %(default)s",
    )
    group.add_argument(
        "--peer", action="append", default=[], metavar="ADDRESS", help="where multicast fails"
    )
    group.add_argument(
        "--mode-machine",
        type=int,
        default=default.mode_machine,
        metavar="N",
        help="hardware revision, default: %(default)s",
    )


def add_driving_options(parser: argparse.ArgumentParser) -> None:
    """Adds what a program that drives a robot on DDS is told beside add_dds_options."""
    parser.add_argument(
        "--driven-record",
        type=Path,
        metavar="FILE",
        help="where exoactor-damp, which runs this process, looks whether the robot is driven",
    )
    parser.add_argument(
        "--without-real-time-rights",
        action="store_true",
        help="drive a real robot although SCHED_FIFO, locked memory or the processor is refused",
    )
    parser.add_argument(
        "--cpu", type=int, default=-1, metavar="N", help="processor of the loop and of sending"
    )


def read_dds_settings(arguments: argparse.Namespace) -> DdsSettings:
    """Where the robot of a command is.

    Raises:
        ConfigError: a number out of bounds.
    """
    for name, value, largest in (
        ("domain", arguments.domain, 230),
        ("mode-machine", arguments.mode_machine, 255),
    ):
        if not 0 <= value <= largest:
            raise ConfigError(f"options: --{name} {value}: must be 0..{largest}")
    for name in (arguments.interface, *arguments.peer):
        if not re.fullmatch(r"[\w.:-]+", name):
            raise ConfigError(f"options: {name!r} is no interface or address")
    return DdsSettings(
        arguments.domain,
        arguments.interface,
        tuple(arguments.peer),
        arguments.mode_machine,
        getattr(arguments, "driven_record", None),
        not getattr(arguments, "without_real_time_rights", False),
        getattr(arguments, "cpu", -1),
    )


def to_options(arguments: argparse.Namespace) -> list[str]:
    """The same options for another command line."""
    options = ["--domain", str(arguments.domain), "--interface", arguments.interface]
    options += ["--mode-machine", str(arguments.mode_machine)]
    for peer in arguments.peer:
        options += ["--peer", peer]
    return options
