"""`exoactor robot mode`: the factory's motion program on the robot, asked about and released."""

from __future__ import annotations

import argparse
import sys

from exoactor_rt.cli import exit_codes
from exoactor_rt.dds import (
    LIMP,
    add_dds_options,
    motion_mode,
    read_dds_settings,
    release_motion_mode,
)
from exoactor_rt.errors import ConfigError

_WORD = "hanging"


def add_unitree_option(parser: argparse.ArgumentParser) -> None:
    """Adds the interpreter that has Unitree's library."""
    parser.add_argument(
        "--unitree-python",
        default="",
        metavar="PATH",
        help="an interpreter that has unitree_sdk2py; default: this one",
    )


def add_mode_parser(kinds: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds `mode` to the parser of `exoactor robot`."""
    parser = kinds.add_parser(
        "mode",
        help="the factory's motion program: which runs, and its release",
        description=f"Asks the robot itself, over DDS. Danger: {LIMP}.",
    )
    parser.add_argument("action", nargs="?", choices=("check", "release"), default="check")
    parser.add_argument(
        "--confirm", metavar="WORD", help=f"the word {_WORD!r}, instead of being asked for it"
    )
    add_unitree_option(parser)
    add_dds_options(parser)
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    settings = read_dds_settings(arguments)
    python = arguments.unitree_python or sys.executable
    name = motion_mode(settings, python)
    if arguments.action == "check" or not name:
        print(f"{name} runs: motors obey it alone" if name else "none runs: motors obey commands")
        return exit_codes.PASS
    _confirm(name, arguments.confirm)
    print(f"released: {release_motion_mode(settings, python)}; the robot is limp")
    return exit_codes.PASS


def _confirm(name: str, word: str | None) -> None:
    """Raises ConfigError unless a person has said that the robot hangs."""
    if word is None:
        if not sys.stdin.isatty():
            raise ConfigError(f"robot mode: {LIMP}; nobody here to confirm; nothing released")
        print(f"{name} runs. DANGER: {LIMP}.")
        word = input(f"Type {_WORD} when it does: ").strip()
    if word != _WORD:
        raise ConfigError(f"robot mode: got {word!r}, must be {_WORD!r}; nothing released")
