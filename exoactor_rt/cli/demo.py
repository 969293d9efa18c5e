"""`exoactor demo`: the whole chain on the clip that ships with the project."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from exoactor_rt.cli.run import run_and_tell
from exoactor_rt.config import Config, with_values
from exoactor_rt.demo import clip_path, truth_path

JOINT_RMS_RAD = 0.08
WRIST_RMS_M = 0.05


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds `demo` to the command's parser."""
    parser = subparsers.add_parser(
        "demo",
        help="the whole chain on the clip that ships with the project",
        description="Runs the whole chain on the embedded clip: a person stands, waves, turns, "
        "squats and takes two steps; the simulated G1 does the same.",
    )
    parser.add_argument("--out", type=Path, default=Path("out/demo"), metavar="DIR")
    parser.set_defaults(run=run)


def demo_config() -> Config:
    """The demo's configuration: the person's height is the only truth it is told."""
    with np.load(truth_path()) as truth:
        height_m = float(truth["height_m"])
    return with_values(
        Config(),
        {
            "subject": {"height_m": height_m},
            "verdict": {"joint_rms_rad": JOINT_RMS_RAD, "wrist_rms_m": WRIST_RMS_M},
        },
    )


def run(arguments: argparse.Namespace) -> int:
    """Runs the demo; raises ExoactorError."""
    return run_and_tell(clip_path(), arguments.out, demo_config())
