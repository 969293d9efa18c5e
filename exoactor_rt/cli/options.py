"""Options that several commands share."""

from __future__ import annotations

import argparse
from pathlib import Path

from exoactor_rt.config import Config, load_config, with_values


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
