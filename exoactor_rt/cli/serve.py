"""`exoactor serve`: the service that takes tasks over a local socket."""

from __future__ import annotations

import argparse
import asyncio
import logging
from pathlib import Path

from exoactor_rt.cli import exit_codes
from exoactor_rt.config import Config, load_config, with_values

_DESCRIPTION = """Takes tasks over a Unix socket: generates or takes a clip, plans and rehearses it
in simulation, and executes approved plans through the control process. See docs/service.md."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds `serve` to the command's parser."""
    parser = subparsers.add_parser(
        "serve", help="take tasks over a local socket", description=_DESCRIPTION
    )
    parser.add_argument("--config", type=Path, metavar="FILE", help="TOML; options win over it")
    parser.add_argument("--socket", metavar="PATH", help="where to listen")
    parser.add_argument("--control-socket", metavar="PATH", help="of the control process")
    parser.add_argument("--data", metavar="DIR", help="where tasks are kept")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Serves until told to end; raises ExoactorError."""
    from exoactor_rt.service.serve import serve  # noqa: PLC0415

    config = with_values(
        load_config(arguments.config) if arguments.config else Config(),
        {
            "service": {
                "socket": arguments.socket,
                "control_socket": arguments.control_socket,
                "data": arguments.data,
            }
        },
    )
    logging.getLogger("exoactor_rt").setLevel(logging.INFO)
    told = asyncio.run(
        serve(config, lambda path: print(f"service: listening on {path}", flush=True))
    )
    return exit_codes.PASS if told else exit_codes.FAIL
