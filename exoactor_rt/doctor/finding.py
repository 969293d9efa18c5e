"""What one check of the doctor found."""

from __future__ import annotations

from typing import Literal

import msgspec

Verdict = Literal["pass", "warn", "fail", "skip"]


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the table.

    Attributes:
        check: what was looked at.
        verdict: `skip`: it could not be looked at, and why stands in `told`.
        told: what was got, and what is allowed.
        remedy: what to do; empty where nothing is to be done.
    """

    check: str
    verdict: Verdict
    told: str
    remedy: str = ""


def passed(check: str, told: str) -> Finding:
    """All is well."""
    return Finding(check=check, verdict="pass", told=told)


def skipped(check: str, told: str, remedy: str = "") -> Finding:
    """It could not be looked at."""
    return Finding(check=check, verdict="skip", told=told, remedy=remedy)


def judged(check: str, verdict: Verdict, told: str, remedy: str) -> Finding:
    """A finding whose remedy is told only where something is wrong."""
    return Finding(
        check=check, verdict=verdict, told=told, remedy="" if verdict == "pass" else remedy
    )


def worst(findings: list[Finding]) -> Verdict:
    """`fail` or `warn` where any finding is one, else `pass`; what was skipped does not count."""
    verdicts = {finding.verdict for finding in findings}
    if "fail" in verdicts:
        return "fail"
    return "warn" if "warn" in verdicts else "pass"
