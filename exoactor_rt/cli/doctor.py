"""`exoactor doctor`: is everything here that driving a robot needs?"""

from __future__ import annotations

import argparse
import sys

import msgspec

from exoactor_rt.cli import exit_codes
from exoactor_rt.cli.motion_mode import add_unitree_option
from exoactor_rt.dds import DdsSettings, add_dds_options, motion_mode, read_dds_settings
from exoactor_rt.doctor import (
    Finding,
    check_engines,
    check_machine,
    check_network,
    joint_lines,
    worst,
)
from exoactor_rt.doctor.finding import judged, skipped
from exoactor_rt.errors import HardwareError

_DESCRIPTION = """Looks at this machine, its models and, with --robot dds, at a robot and its
network. It never commands a motor. The one thing that it asks the robot, which motion program of
the factory runs, is left out with --readonly: then nothing at all is sent."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds `doctor` to the command's parser."""
    parser = subparsers.add_parser(
        "doctor",
        help="check machine, models, robot and its network",
        description=_DESCRIPTION,
        epilog="exit codes: 0 nothing failed; 1 something failed; 2 bad input",
    )
    parser.add_argument("--robot", choices=("none", "dds"), default="none", help="look at a robot")
    parser.add_argument("--readonly", action="store_true", help="send nothing to the robot")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--joints", action="store_true", help="print every joint of the robot, too")
    add_unitree_option(parser)
    add_dds_options(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Prints what was found; raises ConfigError."""
    settings = read_dds_settings(arguments)
    dds = arguments.robot == "dds"
    findings = check_machine(settings.network_interface, hardware=dds and settings.is_hardware)
    findings += check_engines()
    if dds:
        findings += check_network(settings)
        findings.append(
            _motion_mode(settings, arguments.unitree_python, readonly=arguments.readonly)
        )
    verdict = worst(findings)
    if arguments.json:
        document = {"verdict": verdict, "findings": findings}
        print(msgspec.json.format(msgspec.json.encode(document), indent=2).decode())
    else:
        print("\n".join(table(findings)))
        if dds and arguments.joints:
            print("\n".join(joint_lines(settings)))
        print(f"verdict: {verdict}")
    return exit_codes.FAIL if verdict == "fail" else exit_codes.PASS


def table(findings: list[Finding]) -> list[str]:
    """A line each, and one more for the remedy."""
    width = max(len(finding.check) for finding in findings)
    lines = []
    for finding in findings:
        lines.append(f"{finding.verdict:4}  {finding.check:{width}}  {finding.told}")
        if finding.remedy:
            lines.append(f"{'':4}  {'':{width}}  -> {finding.remedy}")
    return lines


def _motion_mode(settings: DdsSettings, python: str, *, readonly: bool) -> Finding:
    check = "motion program"
    if readonly:
        return skipped(check, "not asked: --readonly sends nothing")
    try:
        name = motion_mode(settings, python or sys.executable)
    except HardwareError as error:
        return skipped(check, str(error))
    return judged(
        check,
        "fail" if name else "pass",
        f"{name} runs: motors obey it alone" if name else "none runs, motors obey commands",
        "hang the robot up, then: exoactor robot mode release",
    )
