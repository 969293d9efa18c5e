"""The outcome of the checks as data: canonical JSON with a published schema, and JUnit XML."""

from __future__ import annotations

import json
import math
import xml.etree.ElementTree as ET
from typing import Any

import msgspec

from exoactor_rt.replay.check_run import CheckResult
from exoactor_rt.replay.checks import Check, Finding
from exoactor_rt.replay.subject import Kind
from exoactor_rt.schema_text import plain_descriptions

SCHEMA = "exoactor.check"
VERSION = 1
_SIGNIFICANT_DIGITS = 6
_EXPONENT_FROM = 1e4


class FindingRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One check's outcome; numbers are null where it was skipped.

    `worst` is held against `limit`; `margin` is what is left, negative beyond it; `time_s` counts
    from the first sample; `over_s` is for how long in all the limit was left.
    """

    check: str
    family: str
    title: str
    unit: str
    status: str
    worst: float | None
    limit: float | None
    margin: float | None
    time_s: float | None
    where: str
    first_s: float | None
    over_s: float
    over: list[list[float]]
    debounce_s: float
    reason: str


class SubjectRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What was checked; `kind` is "log", "plan" or "reference"."""

    name: str
    kind: Kind
    duration_s: float
    samples: int
    damages: list[str]
    dropped_ticks: int
    facts: dict[str, str]


class CheckRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The whole outcome; `reasons` are one line each, what came first first."""

    schema: str
    version: int
    subject: SubjectRecord
    passed: bool
    reasons: list[str]
    findings: list[FindingRecord]


def record_of(result: CheckResult) -> CheckRecord:
    """The outcome as plain data."""
    subject = result.subject
    times = subject.times_s
    return CheckRecord(
        schema=SCHEMA,
        version=VERSION,
        subject=SubjectRecord(
            name=subject.name,
            kind=subject.kind,
            duration_s=_rounded(float(times[-1] - times[0])) or 0.0,
            samples=len(times),
            damages=list(subject.damages),
            dropped_ticks=subject.dropped_ticks,
            facts=dict(sorted(subject.facts.items())),
        ),
        passed=result.passed,
        reasons=reasons(result),
        findings=[_finding(check, found) for check, found in result.findings],
    )


def reasons(result: CheckResult) -> list[str]:
    """Why it did not pass, one line a check, what came first first."""
    lines = [describe(check, found) for check, found in result.violations]
    return lines + [f"damage: {damage}" for damage in result.subject.damages]


def describe(check: Check, found: Finding) -> str:
    """A finding in one line."""
    if found.missing:
        return f"{check.name}: {check.title} cannot be judged: {found.missing}"
    where = f" ({found.where.removesuffix('_joint')})" if found.where else ""
    line = (
        f"{check.name}: {check.title}{where} {amount(found.worst, check.unit)} at "
        f"{found.time_s:.2f} s, allowed {amount(found.limit, check.unit)}"
    )
    if found.passed:
        return line
    return f"{line}; first at {found.first_s:.2f} s, {found.over_s:.2f} s in all"


def amount(value: float, unit: str) -> str:
    """A number as people read it, with its unit."""
    if not math.isfinite(value):
        return "-"
    digits = f"{value:.4g}" if abs(value) < _EXPONENT_FROM else f"{value:.0f}"
    return f"{digits} {unit}".strip()


def status_of(found: Finding) -> str:
    """Passed, failed or skipped, as one word."""
    if found.skipped:
        return "skipped"
    return "passed" if found.passed else "failed"


def to_json(result: CheckResult) -> str:
    """Canonical JSON: sorted keys, rounded numbers; equal outcomes give equal text."""
    data = msgspec.to_builtins(record_of(result))
    return json.dumps(data, sort_keys=True, indent=1, allow_nan=False) + "\n"


def json_schema() -> str:
    """The JSON Schema of `to_json`, generated from the records."""
    schema = plain_descriptions(msgspec.json.schema(CheckRecord))
    return json.dumps(schema, sort_keys=True, indent=1) + "\n"


def to_junit(result: CheckResult) -> str:
    """JUnit XML: one test case a check, so that any CI shows them."""
    statuses = [status_of(found) for _, found in result.findings]
    suite = ET.Element(
        "testsuite",
        name=f"exoactor replay {result.subject.name}",
        tests=str(len(statuses)),
        failures=str(statuses.count("failed")),
        skipped=str(statuses.count("skipped")),
        errors="0",
    )
    for check, found in result.findings:
        case = ET.SubElement(
            suite, "testcase", classname=f"exoactor.replay.{check.family}", name=check.name
        )
        if found.skipped:
            ET.SubElement(case, "skipped", message=found.skipped)
        elif not found.passed:
            ET.SubElement(case, "failure", message=describe(check, found))
    return ET.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"


def _finding(check: Check, found: Finding) -> FindingRecord:
    stretches: list[Any] = [[_rounded(begin), _rounded(end)] for begin, end in found.over]
    return FindingRecord(
        check=check.name,
        family=check.family,
        title=check.title,
        unit=check.unit,
        status=status_of(found),
        worst=_rounded(found.worst),
        limit=_rounded(found.limit),
        margin=_rounded(found.margin),
        time_s=_rounded(found.time_s),
        where=found.where,
        first_s=_rounded(found.first_s),
        over_s=_rounded(found.over_s) or 0.0,
        over=stretches,
        debounce_s=check.debounce_s,
        reason=found.skipped or ("" if found.passed else describe(check, found)),
    )


def _rounded(value: float) -> float | None:
    return float(f"{value:.{_SIGNIFICANT_DIGITS}g}") if math.isfinite(value) else None
