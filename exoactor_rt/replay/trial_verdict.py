"""What one rehearsal shows: whether it held, why not, and what was left of every limit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from exoactor_rt.config import VerdictConfig
from exoactor_rt.execution import Execution
from exoactor_rt.planning import Plan
from exoactor_rt.replay.check_limits import robot_limits, tracker_limits
from exoactor_rt.replay.check_run import check_subject
from exoactor_rt.replay.checks import Check, Finding
from exoactor_rt.replay.figures import Figures
from exoactor_rt.replay.subject_file import subject_of_rollout
from exoactor_rt.replay.task_verdict import judge_task
from exoactor_rt.replay.trials import Trial
from exoactor_rt.replay.verdict import judge_standing
from exoactor_rt.sim import Rollout
from exoactor_rt.tracker import Tracking
from exoactor_rt.types import Reference

_HARMLESS = {"self_collision": 0.01, "end_balance": 0.05}
"""Where a margin counts as whole although the limit is near 0: the gap that the controller keeps,
and half of what a sole is wide."""

WHEN_DISTURBED = (
    "not_finite",
    "guard",
    "position",
    "velocity",
    "torque",
    "saturation",
    "self_collision",
    "foot_slip",
    "tilt",
    "balance",
    "end_balance",
)
"""The checks of a disturbed rehearsal, and of every one of a learned tracker: what is safe.

How smooth a plan is the nominal one shows; a tracker is as smooth as it was trained to be."""

MARGINS = (
    "tilt",
    "balance",
    "velocity",
    "torque",
    "self_collision",
    "foot_slip",
    "end_balance",
)
"""The checks whose margins admission tells: fall, limits, torque reserve, collision, slip, end."""


@dataclass(frozen=True)
class Margin:
    """What was left of a limit at the worst moment.

    Attributes:
        check: its name.
        title: what is measured.
        worst: the value closest to the limit, in `unit`.
        limit: in `unit`.
        unit: of both.
        share: what is left of the way from harmless to the limit: 1 all, 0 none, negative beyond.
        where: joint, foot or pair; empty for the whole robot.
        trial: in which rehearsal.
    """

    check: str
    title: str
    worst: float
    limit: float
    unit: str
    share: float
    where: str
    trial: str

    def __str__(self) -> str:
        """In words, e.g. for the terminal."""
        where = f" at {self.where}" if self.where else ""
        unit = f" {self.unit}" if self.unit else ""
        return (
            f"{100 * self.share:.0f} %: {self.title}{where} {self.worst:.3g}{unit}, "
            f"limit {self.limit:.3g} ({self.trial})"
        )


@dataclass(frozen=True)
class TrialResult:
    """One rehearsal.

    Attributes:
        trial: its name.
        reasons: in words why it did not hold, what came first first; empty where it did.
        margins: of the limits, in the order of MARGINS.
        figures: of the execution.
        execution: of a learned tracker that nothing disturbed: what a correction is learned from.
    """

    trial: str
    reasons: tuple[str, ...]
    margins: tuple[Margin, ...]
    figures: Figures
    execution: Execution | None = None

    @property
    def passed(self) -> bool:
        """Whether the rehearsal held."""
        return not self.reasons


def judge_trial(
    trial: Trial,
    task: Plan | Tracking,
    rollout: Rollout,
    reference: Reference,
    limits: VerdictConfig,
) -> TrialResult:
    """Judges a rehearsal.

    Every rehearsal must stand to the end of its task and keep the limits of WHEN_DISTURBED. Those
    that do not disturb the robot must follow the reference, and those of a plan keep all that a log
    is checked for. Joint speeds of a tracker are held to what the guard lets it do.
    """
    figures, verdict = judge_task(task, rollout.execution, reference, limits)
    if trial.disturbs:
        verdict = judge_standing(figures, limits)
    allowed, safety_only = robot_limits(), trial.disturbs
    if isinstance(task, Tracking):
        allowed, safety_only = tracker_limits(task.policy.joint_speed_rad_s), True
    checked = check_subject(subject_of_rollout(rollout, trial.name), allowed)
    reasons = verdict.reasons + tuple(
        violation_words(check, finding)
        for check, finding in checked.violations
        if check.name in WHEN_DISTURBED or not safety_only
    )
    margins = tuple(
        _margin(check, finding, trial.name)
        for check, finding in checked.findings
        if check.name in MARGINS and not finding.skipped and not finding.missing
    )
    followed = isinstance(task, Tracking) and not trial.disturbs
    return TrialResult(
        trial.name, reasons, margins, figures, rollout.execution if followed else None
    )


def worst_margins(trials: Iterable[TrialResult]) -> tuple[Margin, ...]:
    """The smallest margin of each kind, in the order of MARGINS."""
    found = [margin for trial in trials for margin in trial.margins]
    return tuple(
        min((m for m in found if m.check == check), key=lambda m: m.share)
        for check in MARGINS
        if any(m.check == check for m in found)
    )


def violation_words(check: Check, finding: Finding) -> str:
    """A failed check in one line."""
    if finding.missing:
        return f"{check.name}: lacks {finding.missing}"
    where = f" at {finding.where}" if finding.where else ""
    unit = f" {check.unit}" if check.unit else ""
    return (
        f"{check.name}: {check.title}{where} {finding.worst:.3g}{unit} at {finding.time_s:.2f} s, "
        f"limit {finding.limit:.3g}"
    )


def _margin(check: Check, finding: Finding, trial: str) -> Margin:
    whole = _HARMLESS.get(check.name, 0.0) + abs(finding.limit)
    share = min(1.0, finding.margin / whole)
    return Margin(
        check.name,
        check.title,
        finding.worst,
        finding.limit,
        check.unit,
        share,
        finding.where,
        trial,
    )
