"""`exoactor log`: what a log holds, a whole one out of a damaged one, and its numbers elsewhere."""

from __future__ import annotations

import argparse
from pathlib import Path

from exoactor_rt.cli import exit_codes
from exoactor_rt.errors import ConfigError
from exoactor_rt.progress import StageTimes
from exoactor_rt.recorder import export_run, read_run, recover_log

_EPILOG = "exit codes: 0 whole; 1 damaged: the output says where; 2 unreadable."


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds `log` with `info`, `recover` and `export` to the command's parser."""
    parser = subparsers.add_parser("log", help="show, recover or export a log")
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    info = actions.add_parser("info", help="show what a log holds", epilog=_EPILOG)
    info.add_argument("log", type=Path, metavar="LOG")
    info.set_defaults(run=run_info)
    recover = actions.add_parser(
        "recover",
        help="write a whole log out of a damaged one",
        description="Keeps every chunk whose checksum is right and names the damage, in the new "
        "log too.",
        epilog=_EPILOG,
    )
    recover.add_argument("log", type=Path, metavar="LOG")
    recover.add_argument("-o", "--out", type=Path, required=True, metavar="FILE")
    recover.set_defaults(run=run_recover)
    export = actions.add_parser(
        "export",
        help="write the ticks of a log as CSV, npz or a Rerun recording",
        description="The suffix tells the format: .csv, .npz, or .rrd when rerun-sdk is there.",
        epilog=_EPILOG,
    )
    export.add_argument("log", type=Path, metavar="LOG")
    export.add_argument("-o", "--out", type=Path, required=True, metavar="FILE")
    export.add_argument("--columns", metavar="NAMES", help="separated by commas; all by default")
    export.add_argument("--every", type=int, default=1, metavar="N", help="one tick in N")
    export.set_defaults(run=run_export)


def run_info(arguments: argparse.Namespace) -> int:
    """Prints what a log holds; raises LogError."""
    run = read_run(arguments.log)
    stamps = run.ticks["now_ns"]
    duration_s = float(stamps[-1] - stamps[0]) * 1e-9
    size_mb = arguments.log.stat().st_size / 1e6
    print(f"log        {arguments.log} ({size_mb:.1f} MB)")
    print(f"ticks      {len(stamps)} in {duration_s:.2f} s, {len(run.ticks)} columns")
    for name, value in sorted(run.metadata.items()):
        print(f"metadata   {name}: {value}")
    for name, data in run.attachments.items():
        print(f"attachment {name} ({len(data)} bytes)")
    for event in run.events:
        time_s = (event.stamp_ns - int(stamps[0])) * 1e-9
        print(f"event      {time_s:8.3f} s {event.severity}: {event.text}")
    return _damage_code(run.damages)


def run_recover(arguments: argparse.Namespace) -> int:
    """Writes the recovered log; raises LogError."""
    recovery = recover_log(arguments.log, arguments.out)
    print(f"kept       {recovery.messages} messages, {recovery.attachments} attachments")
    print(f"written    {arguments.out}")
    return _damage_code(recovery.damages)


def run_export(arguments: argparse.Namespace) -> int:
    """Writes the export; raises LogError, or ConfigError for a wrong option."""
    if arguments.every < 1:
        raise ConfigError(f"log: --every {arguments.every}, allowed 1 or more")
    wanted = arguments.columns.split(",") if arguments.columns else None
    times = StageTimes()
    with times.stage("read") as report:
        run = read_run(arguments.log, wanted, report)
    missing = [name for name in wanted or () if name not in run.ticks]
    if missing:
        raise ConfigError(f"log {arguments.log}: no column {missing[0]}; nothing exported")
    with times.stage("export"):
        export_run(run, arguments.out, arguments.every)
    print(f"written    {arguments.out}")
    return _damage_code(run.damages)


def _damage_code(damages: tuple[str, ...]) -> int:
    for damage in damages:
        print(f"damage     {damage}")
    return exit_codes.FAIL if damages else exit_codes.PASS
