"""Admission: no task reaches a robot that has not survived its rehearsals in simulation."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass

from exoactor_rt.errors import PlanningError
from exoactor_rt.planning import Plan, PlanLevel, plan_motion
from exoactor_rt.replay.check_limits import robot_limits
from exoactor_rt.replay.check_run import check_subject
from exoactor_rt.replay.rehearsal import Rehearse
from exoactor_rt.replay.subject_file import subject_of_plan
from exoactor_rt.replay.trial_verdict import Margin, TrialResult, violation_words, worst_margins
from exoactor_rt.replay.trials import NOMINAL, PERTURBED, Trial
from exoactor_rt.tracker import Tracking
from exoactor_rt.types import Reference

SHORTER = 0.8
LADDER = (
    (PlanLevel.NOMINAL, 1.0),
    (PlanLevel.NOMINAL, SHORTER),
    (PlanLevel.TIGHT, 1.0),
    (PlanLevel.STANCE_ONLY, 1.0),
)
"""Levels with the share of their step limits, from the boldest to the safest."""


@dataclass(frozen=True)
class Rehearsed:
    """What the rehearsals of one task showed.

    Attributes:
        trials: those that came to their end; all of them only where all held.
        asked: how many a task must pass.
    """

    trials: tuple[TrialResult, ...] = ()
    asked: int = 0

    @property
    def reasons(self) -> tuple[str, ...]:
        """In words why a rehearsal did not hold."""
        return tuple(
            reason if trial.trial == NOMINAL.name else f"{trial.trial}: {reason}"
            for trial in self.trials
            for reason in trial.reasons
        )

    @property
    def margins(self) -> tuple[Margin, ...]:
        """The smallest of each kind over all trials."""
        return worst_margins(self.trials)

    def followed_by(self, other: Rehearsed) -> Rehearsed:
        """These rehearsals and others of the same task."""
        return Rehearsed((*self.trials, *other.trials), self.asked + other.asked)


@dataclass(frozen=True)
class Attempt:
    """One rung of the ladder: its level, whether it held, and in words why not.

    Attributes:
        level: whose limits the plan kept.
        passed: the plan's check and every rehearsal held.
        reasons: in words why not.
        stride: share of the level's step limits that the plan kept to.
        rehearsed: what its rehearsals showed.
        plan: None where none could be made.
    """

    level: PlanLevel
    passed: bool
    reasons: tuple[str, ...] = ()
    stride: float = 1.0
    rehearsed: Rehearsed = Rehearsed()
    plan: Plan | None = None

    def __str__(self) -> str:
        """One line for reports and terminals."""
        shorter = "" if self.stride == 1.0 else " with shorter steps"
        level = self.level.name.lower().replace("_", " ")
        return f"{level}{shorter}: {_outcome(self)}"


@dataclass(frozen=True)
class TrackerAttempt:
    """The rehearsals of a learned tracker: its policy, whether they held, and in words why not.

    Attributes:
        policy: its name.
        passed: every rehearsal held.
        reasons: in words why not.
        rehearsed: what its rehearsals showed.
        learned: in words the correction that it was shown; empty for none.
    """

    policy: str
    passed: bool
    reasons: tuple[str, ...] = ()
    rehearsed: Rehearsed = Rehearsed()
    learned: str = ""

    def __str__(self) -> str:
        """One line for reports and terminals."""
        learned = f" with a learned correction ({self.learned})" if self.learned else ""
        return f"tracker {self.policy}{learned}: {_outcome(self)}"


@dataclass(frozen=True)
class Admission:
    """The outcome: the admitted plan or tracking, neither when refused, and every attempt."""

    plan: Plan | None
    attempts: tuple[Attempt | TrackerAttempt, ...]
    tracking: Tracking | None = None

    @property
    def task(self) -> Plan | Tracking | None:
        """What to execute; None when the motion is refused."""
        return self.plan if self.plan is not None else self.tracking

    @property
    def refused_plan(self) -> Plan | None:
        """The plan that came furthest where all were refused: the boldest that passed most trials.

        None where something is admitted, or no plan could be made.
        """
        plans = [a for a in self.attempts if isinstance(a, Attempt) and a.plan is not None]
        if self.task is not None or not plans:
            return None
        return max(plans, key=lambda a: sum(t.passed for t in a.rehearsed.trials)).plan


def admit(reference: Reference, rehearse: Rehearse) -> Admission:
    """Plans `reference` at the first rung of the ladder whose plan and rehearsals hold.

    A rung is rehearsed as modelled first, then disturbed; the first rehearsal that fails ends it.
    Shorter steps are not tried where a plan has none.

    Args:
        reference: what to do.
        rehearse: see Rehearse; not with the seed of the run to come.
    """
    attempts: list[Attempt] = []
    steps = True
    for level, stride in LADDER:
        if stride < 1.0 and not steps:
            continue
        try:
            plan = plan_motion(reference, level, stride)
        except PlanningError as error:
            steps = False
            attempts.append(Attempt(level, False, (str(error),), stride))
            continue
        steps = bool(plan.steps)
        reasons = plan_violations(plan)
        rehearsed = Rehearsed() if reasons else rehearse_task(plan, rehearse)
        reasons = reasons or rehearsed.reasons
        attempts.append(Attempt(level, not reasons, reasons, stride, rehearsed, plan))
        if not reasons:
            return Admission(plan, tuple(attempts))
    return Admission(None, tuple(attempts))


def plan_violations(plan: Plan) -> tuple[str, ...]:
    """What the checks of `replay --check` say against a plan, what came first first."""
    checked = check_subject(subject_of_plan(plan, "plan"), robot_limits())
    return tuple(violation_words(*one) for one in checked.violations)


def rehearse_task(
    task: Plan | Tracking, rehearse: Rehearse, trials: tuple[Trial, ...] = ()
) -> Rehearsed:
    """Rehearses until a trial fails or all have passed: those undisturbed, then the others.

    The others may run already meanwhile, but what they show counts only behind those.

    Args:
        task: what to rehearse.
        rehearse: see Rehearse.
        trials: in their order; of none the nominal one and all that disturb.
    """
    done: list[TrialResult] = []
    trials = trials or (NOMINAL, *PERTURBED)
    with closing(rehearse(task, trials)) as results:
        for result in results:
            done.append(result)
            if not result.passed:
                break
    return Rehearsed(tuple(done), len(trials))


def _outcome(attempt: Attempt | TrackerAttempt) -> str:
    if not attempt.passed:
        return "; ".join(attempt.reasons)
    trials = len(attempt.rehearsed.trials)
    if not trials:
        return "passed its rehearsal"
    least = min(attempt.rehearsed.margins, key=lambda margin: margin.share, default=None)
    words = f"passed its rehearsal and {trials - 1} disturbed ones"
    return words if least is None else f"{words}; least margin {least}"
