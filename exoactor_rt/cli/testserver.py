"""`exoactor testserver`: a stand-in for a video server, for tests and for users without a GPU."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from exoactor_rt.cli import exit_codes
from exoactor_rt.demo import clip_path
from exoactor_rt.errors import ConfigError

DEFAULT_PORT = 8092
_LARGEST_PORT = 65535


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds `testserver` to the command's parser."""
    parser = subparsers.add_parser(
        "testserver",
        help="a stand-in for a video server, on this machine",
        description="Speaks /v1/videos over a folder of clips: renders nothing, every job ends in "
        "the clip that fits its prompt. For tests, and to try things without a GPU.",
    )
    parser.add_argument(
        "--clips", type=Path, metavar="DIR", help="default: the clip that ships with the project"
    )
    parser.add_argument("--dialect", choices=["vllm_omni", "sglang"], default="vllm_omni")
    parser.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="NAME[:TIMES]",
        help="do this wrong, for ever or so many times; may be repeated",
    )
    parser.add_argument("--list-faults", action="store_true", help="name the faults and end")
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--port", type=int, default=DEFAULT_PORT, metavar="N", help="of 127.0.0.1; 0: any free one"
    )
    where.add_argument("--socket", type=Path, metavar="PATH", help="a Unix socket, for curl")
    parser.add_argument("--queue", type=float, default=0.5, metavar="S", help="a job is queued")
    parser.add_argument("--render", type=float, default=2.0, metavar="S", help="a job is rendered")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of job names and choices")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Serves until it is interrupted; raises ConfigError."""
    from exoactor_rt.generation.clip_folder import ClipFolder  # noqa: PLC0415
    from exoactor_rt.testserver import (  # noqa: PLC0415
        DESCRIPTIONS,
        VideoServer,
        parse_faults,
        serve,
    )

    if arguments.list_faults:
        for fault, told in DESCRIPTIONS.items():
            print(f"{fault.value:16} {told}")
        return exit_codes.PASS
    if not 0 <= arguments.port <= _LARGEST_PORT:
        raise ConfigError(f"--port {arguments.port}, allowed 0 to {_LARGEST_PORT}")
    if arguments.queue < 0.0 or arguments.render < 0.0:
        raise ConfigError("--queue, --render: a time in seconds, 0 or more")
    server = VideoServer(
        ClipFolder(arguments.clips or clip_path()),
        arguments.dialect,
        parse_faults(arguments.fault),
        queue_s=arguments.queue,
        render_s=arguments.render,
        seed=arguments.seed,
    )

    def ready(address: str) -> None:
        print(f"{arguments.dialect} at {address}, until Ctrl-C", flush=True)

    asyncio.run(serve(server, port=arguments.port, socket=arguments.socket, ready=ready))
    return exit_codes.PASS
