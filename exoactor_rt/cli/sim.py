"""`exoactor sim`: a simulated robot that others drive over the network."""

from __future__ import annotations

import argparse
import math
import signal
import threading
from pathlib import Path

import msgspec

from exoactor_rt.cli import exit_codes
from exoactor_rt.dds import add_dds_options, read_dds_settings
from exoactor_rt.errors import ConfigError
from exoactor_rt.sim.dds_robot import DdsRobotOptions, DdsRobotSummary, SimulatedDdsRobot
from exoactor_rt.sim.link_fault import FAULT_DEFAULTS, parse_fault
from exoactor_rt.sim.options import Gantry, SimOptions


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds `sim` to the command's parser."""
    parser = subparsers.add_parser(
        "sim",
        help="simulate a robot that is driven over DDS",
        description="A G1 in MuJoCo that speaks to the network as the real one does. It stands "
        "until it is commanded, and damps for good when commands fail to come.",
        epilog=f"faults: {', '.join(FAULT_DEFAULTS)}; START in seconds after the first command",
    )
    parser.add_argument("--dds", action="store_true", required=True, help="the robot is on DDS")
    add_dds_options(parser)
    parser.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="KIND[=VALUE][@START[+DURATION]]",
        help="what goes wrong, e.g. drop=0.2@3+0.5; may be given several times",
    )
    parser.add_argument(
        "--motion-mode", default="", metavar="NAME", help="the factory's program that runs at start"
    )
    parser.add_argument(
        "--gantry",
        type=float,
        metavar="S",
        help="it hangs in a gantry, and is lowered onto its feet S seconds after the first command",
    )
    parser.add_argument("--view", action="store_true", help="open a window on it")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of noise and faults")
    parser.add_argument("--seconds", type=float, metavar="S", help="end by itself")
    parser.add_argument("--summary", type=Path, metavar="FILE", help="JSON of what became of it")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Simulates until interrupted or terminated; raises ExoactorError."""
    settings = read_dds_settings(arguments)
    options = DdsRobotOptions(
        sim=SimOptions(
            seed=arguments.seed,
            gantry=None if arguments.gantry is None else Gantry(lowered_at_s=arguments.gantry),
        ),
        motion_mode=arguments.motion_mode,
        faults=tuple(parse_fault(text) for text in arguments.fault),
        view=arguments.view,
    )
    robot = SimulatedDdsRobot(settings, options)
    print(f"simulated G1 on DDS domain {settings.domain}, {settings.network_interface}", flush=True)
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    duration_s = math.inf if arguments.seconds is None else arguments.seconds
    summary = robot.run(duration_s, until=ended.is_set)
    print(summary_line(summary))
    if arguments.summary is not None:
        _write(arguments.summary, summary)
    return exit_codes.PASS


def summary_line(summary: DdsRobotSummary) -> str:
    """What became of a robot, in a line."""
    bad = sum(count for name, count in summary.commands.items() if name != "none")
    end = summary.fall_reason or f"stands, pelvis at {summary.pelvis_height_m:.2f} m"
    return (
        f"driven {summary.time_s:.1f} s, {summary.commands['none']} commands obeyed, "
        f"{bad} refused, longest gap {1e3 * summary.longest_gap_s:.0f} ms"
        f"{', timed out' if summary.timed_out else ''}; {end}"
    )


def _write(path: Path, summary: DdsRobotSummary) -> None:
    try:
        path.write_bytes(msgspec.json.format(msgspec.json.encode(summary), indent=2))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written: {error.strerror}") from error
