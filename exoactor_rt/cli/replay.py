"""`exoactor replay`: was this run, or would this motion be, within the limits?"""

from __future__ import annotations

import argparse
from pathlib import Path

from exoactor_rt.cli import exit_codes
from exoactor_rt.errors import LogError
from exoactor_rt.pipeline import require_writable_file
from exoactor_rt.progress import StageTimes
from exoactor_rt.replay import CheckResult, check_subject, load_site_limits, robot_limits
from exoactor_rt.replay.check_record import amount, reasons, status_of, to_json, to_junit
from exoactor_rt.replay.subject_file import load_subject
from exoactor_rt.report import CheckPictures, check_page, draw_check_pictures

_EPILOG = """exit codes: 0 pass; 1 a limit was left, or the log is damaged; 2 unreadable; 3 is kept
for outcomes that differ from the log's."""
_MOST_TOLD = 12


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds `replay` to the command's parser."""
    parser = subparsers.add_parser(
        "replay",
        help="check a log, a plan or a reference against the robot's limits",
        description="Holds every sample of a log (MCAP), a plan or a reference (npz) against the "
        "limits of the robot, or the tighter ones of a site, and says what was worst, when, where "
        "and by how much.",
        epilog=_EPILOG,
    )
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--check", action="store_true", required=True, help="run the checks")
    parser.add_argument("--limits", type=Path, metavar="TOML", help="a site's tighter limits")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the outcome as JSON")
    parser.add_argument("--junit", type=Path, metavar="FILE", help="write it as JUnit XML")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write a page for people")
    parser.add_argument("--no-pictures", action="store_true", help="a page without pictures")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Runs the checks; raises ExoactorError where the file cannot be read."""
    targets = [path for path in (arguments.json, arguments.junit, arguments.html) if path]
    for target in targets:
        require_writable_file(target)
    limits = load_site_limits(arguments.limits) if arguments.limits else robot_limits()
    times = StageTimes()
    with times.stage("read") as report:
        subject = load_subject(arguments.file, report)
    with times.stage("checks") as report:
        result = check_subject(subject, limits, report)
    if arguments.json:
        _write(arguments.json, to_json(result))
    if arguments.junit:
        _write(arguments.junit, to_junit(result))
    if arguments.html:
        pictures = CheckPictures(missing="not asked for")
        if not arguments.no_pictures:
            with times.stage("pictures") as report:
                pictures = draw_check_pictures(result, report)
        with times.stage("page"):
            _write(arguments.html, check_page(result, pictures, subject.events))
    _tell(result)
    return exit_codes.PASS if result.passed else exit_codes.FAIL


def _tell(result: CheckResult) -> None:
    skipped = [check.name for check, found in result.findings if found.skipped]
    judged = len(result.findings) - len(skipped)
    print(f"checked    {result.subject.kind.value} {result.subject.name}: {judged} checks")
    if skipped:
        print(f"skipped    {', '.join(skipped)}")
    for check, found in result.findings:
        if status_of(found) == "passed":
            where = f" ({found.where.removesuffix('_joint')})" if found.where else ""
            worst, limit = amount(found.worst, check.unit), amount(found.limit, check.unit)
            print(f"ok         {check.name:16} worst {worst}{where}, limit {limit}")
    lines = reasons(result)
    for line in lines[:_MOST_TOLD]:
        print(f"FAILED     {line}")
    if len(lines) > _MOST_TOLD:
        print(f"           and {len(lines) - _MOST_TOLD} more")
    print(f"verdict    {'PASS' if result.passed else 'FAIL'}")


def _write(path: Path, text: str) -> None:
    part = path.with_name(path.name + ".part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise LogError(f"{path}: {error.strerror}; not written") from error
