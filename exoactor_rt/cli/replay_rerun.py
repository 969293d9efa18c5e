"""`exoactor replay --rerun`: does today's code decide as the log's did?"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from exoactor_rt.cli import exit_codes
from exoactor_rt.cli.text_file import write_text
from exoactor_rt.errors import ConfigError, LogError
from exoactor_rt.pipeline import require_writable_file
from exoactor_rt.progress import StageTimes
from exoactor_rt.recorder import read_run
from exoactor_rt.replay.rerun import TICK_COLUMNS, Rerun, RerunMode, recorded_run, rerun
from exoactor_rt.replay.rerun.baseline import (
    Baseline,
    BaselineMaker,
    differences,
    load_baseline,
)
from exoactor_rt.replay.rerun.divergence import inputs_around
from exoactor_rt.replay.rerun.rerun_record import rerun_record

MODES = tuple(mode.value for mode in RerunMode)
_MOST_TOLD = 8


def add_options(parser: argparse.ArgumentParser) -> None:
    """Adds what only the rerun takes."""
    group = parser.add_argument_group("options of --rerun")
    group.add_argument(
        "--baseline",
        type=Path,
        metavar="DIR",
        help="compare with the reference outputs kept there instead of the log's",
    )
    group.add_argument("--update-baseline", action="store_true", help="write today's outputs there")


def run(arguments: argparse.Namespace) -> int:
    """Runs the log again; raises ExoactorError where it cannot be."""
    if arguments.update_baseline and arguments.baseline is None:
        raise ConfigError("options: --update-baseline needs --baseline DIR")
    if arguments.json:
        require_writable_file(arguments.json)
    mode = RerunMode(arguments.rerun)
    times = StageTimes()
    with times.stage("read") as report:
        recorded = recorded_run(read_run(arguments.file, TICK_COLUMNS, report))
    maker = BaselineMaker(recorded, mode) if arguments.baseline else None
    with times.stage("rerun") as report:
        found = rerun(recorded, mode, report, watch=maker.add if maker else _ignore)
    _tell(found)
    code = exit_codes.PASS if found.same else exit_codes.DIVERGENCE
    lines: list[str] = []
    if maker is not None:
        lines = _against_baseline(maker.finish(), arguments)
        code = exit_codes.DIVERGENCE if lines else exit_codes.PASS
        for line in lines[:_MOST_TOLD]:
            print(f"baseline   {line}")
        if len(lines) > _MOST_TOLD:
            print(f"           and {len(lines) - _MOST_TOLD} more seconds")
    if arguments.json:
        record = rerun_record(found) | {"baseline": lines}
        write_text(arguments.json, json.dumps(record, indent=1) + "\n")
    print(f"verdict    {'SAME' if code == exit_codes.PASS else 'DIFFERENT'}")
    return code


def _ignore(*_: object) -> None:
    """What the rerun makes is compared with the log alone."""


def _against_baseline(made: Baseline, arguments: argparse.Namespace) -> list[str]:
    """Where today's outputs differ from the kept ones; writes them first when that is asked."""
    folder: Path = arguments.baseline
    path = folder / f"{arguments.file.stem}.{made.mode}.json"
    if arguments.update_baseline:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LogError(f"{folder}: {error.strerror}; no baseline written") from error
        write_text(path, made.to_text())
        print(f"baseline   written: {path}")
    return differences(load_baseline(path), made)


def _tell(found: Rerun) -> None:
    run = found.run
    count = len(run.ticks["now_ns"])
    print(
        f"rerun      {found.mode.value} of {run.name}: {count} ticks, {len(found.columns)} columns"
    )
    print(f"build      {'the same' if run.same_build else 'another than the log was written by'}")
    kind = "the same kind, compared bit for bit" if run.same_machine else "another kind, tolerances"
    print(f"machine    {kind}")
    for row, words in found.refusals:
        print(f"REFUSED    tick {row}: {words}")
    if found.first is not None:
        print(f"DIVERGES   {found.first}")
        for line in inputs_around(run.ticks, run.inputs, found.first):
            print(f"           {line}")
    if found.differing_ticks:
        print(f"differing  {found.differing_ticks} of {count} ticks")
