"""Options that several commands share."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import get_args

from exoactor_rt.config import Config, load_config, with_values
from exoactor_rt.tracker.store import Controller


def add_run_options(parser: argparse.ArgumentParser) -> None:
    """Adds configuration, person, camera and seed."""
    parser.add_argument("--config", type=Path, metavar="FILE", help="TOML; options win over it")
    parser.add_argument("--height", type=float, metavar="M", help="the person's height in metres")
    parser.add_argument("--focal", type=float, metavar="PX", help="focal length in pixels")
    parser.add_argument("--seed", type=int, metavar="N", help="of the simulated sensors' noise")


def add_controller_options(parser: argparse.ArgumentParser) -> None:
    """Adds which controller executes."""
    parser.add_argument(
        "--controller",
        choices=get_args(Controller),
        help="wbc (default), tracker, or auto: a general tracker where one is installed",
    )
    parser.add_argument("--policy", metavar="NAME", help="of the tracker; see `exoactor policy`")


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
            "control": {
                "controller": getattr(arguments, "controller", "wbc"),
                "policy": getattr(arguments, "policy", None),
            },
        },
    )
