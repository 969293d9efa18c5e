"""Runs the checks over a subject."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from exoactor_rt.progress import ReportProgress
from exoactor_rt.replay.check_limits import CheckLimits
from exoactor_rt.replay.checks import ALL_CHECKS, Check, Evidence, Finding, run_check
from exoactor_rt.replay.subject import Subject

SAME_MOMENT_S = 0.25
"""Limits left within this time of one another are one event; the checks' order tells its cause.

As long as smoothing spreads a jump over the torques that it would need."""


@dataclass(frozen=True)
class CheckResult:
    """What the checks made of a subject.

    Attributes:
        subject: what was checked.
        limits: what it was held against.
        findings: one for each check that applies to its kind, in the checks' order.
    """

    subject: Subject
    limits: CheckLimits
    findings: tuple[tuple[Check, Finding], ...]

    @property
    def passed(self) -> bool:
        """Whether no limit was left."""
        return all(finding.passed for _, finding in self.findings)

    @property
    def violations(self) -> list[tuple[Check, Finding]]:
        """The failed checks, what came first first."""
        failed = [(check, found) for check, found in self.findings if not found.passed]
        if not failed:
            return []
        start_s = min(began_s(found) for _, found in failed)
        order = {check.name: place for place, check in enumerate(ALL_CHECKS)}

        def rank(item: tuple[Check, Finding]) -> tuple[float, int]:
            at_once = began_s(item[1]) <= start_s + SAME_MOMENT_S
            return (start_s if at_once else began_s(item[1]), order[item[0].name])

        return sorted(failed, key=rank)


def began_s(found: Finding) -> float:
    """When a failure began; what is lacking lacks from the start."""
    return 0.0 if found.missing else found.first_s


def check_subject(
    subject: Subject, limits: CheckLimits, progress: ReportProgress | None = None
) -> CheckResult:
    """Runs every check that applies.

    Args:
        subject: what to check.
        limits: the robot's or a site's.
        progress: called with (checks done, of all).
    """
    evidence = Evidence(subject)
    checks = [check for check in ALL_CHECKS if subject.kind in check.kinds]
    findings = []
    for done, check in enumerate(checks):
        if progress is not None:
            progress(done, len(checks))
        findings.append((check, run_check(check, evidence, limits)))
    return CheckResult(subject, limits, tuple(findings))


def worst_moment(result: CheckResult, finding: Finding) -> int:
    """Row of the subject at which the finding is worst."""
    times = result.subject.times_s
    if not np.isfinite(finding.time_s):
        return 0
    row = int(np.searchsorted(times, finding.time_s - 1e-9))
    return min(max(row, 0), len(times) - 1)
