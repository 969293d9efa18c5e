"""Options that several commands share."""

from __future__ import annotations

import argparse
from pathlib import Path

from exoactor_rt.config import Config, load_config, with_values
from exoactor_rt.dds import DdsSettings
from exoactor_rt.errors import ConfigError


def add_run_options(parser: argparse.ArgumentParser) -> None:
    """Adds configuration, person, camera and seed."""
    parser.add_argument("--config", type=Path, metavar="FILE", help="TOML; options win over it")
    parser.add_argument("--height", type=float, metavar="M", help="the person's height in metres")
    parser.add_argument("--focal", type=float, metavar="PX", help="focal length in pixels")
    parser.add_argument("--seed", type=int, metavar="N", help="of the simulated sensors' noise")


def read_config(arguments: argparse.Namespace) -> Config:
    """The configuration of a command.

    Raises:
        ConfigError: the file or an option is not acceptable.
    """
    return with_values(
        load_config(arguments.config) if arguments.config else Config(),
        {
            "subject": {"height_m": arguments.height},
            "camera": {"focal_px": arguments.focal},
            "simulation": {"seed": arguments.seed},
        },
    )


def add_dds_options(parser: argparse.ArgumentParser) -> None:
    """Adds where the robot is on the network and which hardware it is."""
    default = DdsSettings()
    parser.add_argument(
        "--domain", type=int, default=default.domain, metavar="N", help="DDS domain, default: 1"
    )
    parser.add_argument(
        "--interface", default=default.network_interface, metavar="NAME", help="default: lo"
    )
    parser.add_argument(
        "--peer", action="append", default=[], metavar="ADDRESS", help="where multicast fails"
    )
    parser.add_argument(
        "--mode-machine",
        type=int,
        default=default.mode_machine,
        metavar="N",
        help="hardware revision, default: 5",
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
    return DdsSettings(
        arguments.domain, arguments.interface, tuple(arguments.peer), arguments.mode_machine
    )
