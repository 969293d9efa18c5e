"""`exoactor explain`: what happened around a stop or a fall."""

from __future__ import annotations

import argparse
import json
import math
from dataclasses import asdict
from pathlib import Path

from exoactor_rt.cli import exit_codes
from exoactor_rt.cli.text_file import write_text
from exoactor_rt.pipeline import require_writable_file
from exoactor_rt.progress import StageTimes
from exoactor_rt.recorder import read_run
from exoactor_rt.replay.explain import COLUMNS, Explanation, explain

_EPILOG = "exit codes: 0 nothing happened; 1 something did, and is explained; 2 unreadable."
SCHEMA = "exoactor.explanation"
VERSION = 1


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds `explain` to the command's parser."""
    parser = subparsers.add_parser(
        "explain",
        help="say what happened around a stop or a fall",
        description="Finds every stop, trip and fall of a log and tells in plain words what the "
        "robot was doing, what led there, which stage of the chain it points to (video, motion, "
        "plan, control, robot), and what to do next.",
        epilog=_EPILOG,
    )
    parser.add_argument("log", type=Path, metavar="LOG")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write it as JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Explains a log; raises ExoactorError where it cannot be read."""
    if arguments.json:
        require_writable_file(arguments.json)
    times = StageTimes()
    with times.stage("read") as report:
        record = read_run(arguments.log, COLUMNS, report)
    with times.stage("explain"):
        found = explain(record)
    for damage in record.damages:
        print(f"damage     {damage}")
    for item in found:
        print("\n".join(_lines(item)))
    if arguments.json:
        write_text(arguments.json, _to_json(found))
    return exit_codes.PASS if found[0].incident is None else exit_codes.FAIL


def _lines(item: Explanation) -> list[str]:
    if item.incident is None:
        lines = [f"what       nothing happened: {item.doing}"]
    else:
        lines = [f"what       at {item.incident.time_s:.3f} s {item.incident.words}"]
        lines += [f"then       {text}" for text in item.incident.follows]
        lines += [f"doing      {item.doing}"]
    lines += [f"before     {text}" for text in item.led_to]
    lines += [f"trend      {text}" for text in item.trend]
    if item.incident is not None or item.led_to:
        lines += [f"points to  {item.origin.value}: {item.because}"]
        lines += [f"next       {item.next_step}"]
    return lines


def _to_json(found: list[Explanation]) -> str:
    record = {
        "schema": SCHEMA,
        "version": VERSION,
        "happened": found[0].incident is not None,
        "explanations": [asdict(item) for item in found],
    }
    return json.dumps(_finite(record), indent=1) + "\n"


def _finite(value: object) -> object:
    """Numbers that are none as null, as JSON knows no other."""
    if isinstance(value, dict):
        return {name: _finite(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    if isinstance(value, float) and math.isnan(value):
        return None
    return value
