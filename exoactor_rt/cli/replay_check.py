"""`exoactor replay --check`: was this run, or would this motion be, within the limits?"""

from __future__ import annotations

import argparse
from pathlib import Path

from exoactor_rt.cli import exit_codes
from exoactor_rt.cli.text_file import write_text
from exoactor_rt.pipeline import require_writable_file
from exoactor_rt.progress import StageTimes
from exoactor_rt.replay import CheckResult, check_subject, load_site_limits, robot_limits
from exoactor_rt.replay.check_record import amount, reasons, status_of, to_json, to_junit
from exoactor_rt.replay.subject_file import load_subject
from exoactor_rt.report import CheckPictures, check_page, draw_check_pictures

_MOST_TOLD = 12


def add_options(parser: argparse.ArgumentParser) -> None:
    """Adds what only the check takes."""
    group = parser.add_argument_group("options of --check")
    group.add_argument("--limits", type=Path, metavar="TOML", help="a site's tighter limits")
    group.add_argument("--junit", type=Path, metavar="FILE", help="write it as JUnit XML")
    group.add_argument("--html", type=Path, metavar="FILE", help="write a page for people")
    group.add_argument("--no-pictures", action="store_true", help="a page without pictures")


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
        write_text(arguments.json, to_json(result))
    if arguments.junit:
        write_text(arguments.junit, to_junit(result))
    if arguments.html:
        pictures = CheckPictures(missing="not asked for")
        if not arguments.no_pictures:
            with times.stage("pictures") as report:
                pictures = draw_check_pictures(result, report)
        with times.stage("page"):
            write_text(arguments.html, check_page(result, pictures, subject.events))
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
