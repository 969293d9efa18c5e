"""The option that names the control process's socket."""

from __future__ import annotations

import argparse
from pathlib import Path

from exoactor_rt.link import default_socket_path


def add_socket_option(parser: argparse.ArgumentParser) -> None:
    """Adds the control process's socket."""
    parser.add_argument("--socket", type=Path, metavar="PATH", help="of the control process")


def socket_path(arguments: argparse.Namespace) -> Path:
    """The control process's socket; raises LinkError when there is no default."""
    return arguments.socket or default_socket_path()
