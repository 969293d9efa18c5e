"""Admission: no plan reaches a robot that has not survived its rehearsal in simulation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from exoactor_rt.config import VerdictConfig
from exoactor_rt.errors import PlanningError
from exoactor_rt.execution import Execution
from exoactor_rt.planning import Plan, PlanLevel, plan_motion
from exoactor_rt.replay.figures import measure
from exoactor_rt.replay.verdict import judge
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

Rehearse = Callable[[Plan], Execution]
"""Executes a plan in simulation, from standing to standing."""


@dataclass(frozen=True)
class Attempt:
    """One rung of the ladder: its level, whether it held, and in words why not.

    Attributes:
        level: whose limits the plan kept.
        passed: the rehearsal held.
        reasons: in words why not.
        stride: share of the level's step limits that the plan kept to.
    """

    level: PlanLevel
    passed: bool
    reasons: tuple[str, ...] = ()
    stride: float = 1.0

    def __str__(self) -> str:
        """One line for reports and terminals."""
        outcome = "passed its rehearsal" if self.passed else "; ".join(self.reasons)
        shorter = "" if self.stride == 1.0 else " with shorter steps"
        return f"{self.level.name.lower().replace('_', ' ')}{shorter}: {outcome}"


@dataclass(frozen=True)
class TrackerAttempt:
    """The rehearsal of a learned tracker: its policy, whether it held, and in words why not."""

    policy: str
    passed: bool
    reasons: tuple[str, ...] = ()

    def __str__(self) -> str:
        """One line for reports and terminals."""
        outcome = "passed its rehearsal" if self.passed else "; ".join(self.reasons)
        return f"tracker {self.policy}: {outcome}"


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


def admit(reference: Reference, rehearse: Rehearse, limits: VerdictConfig) -> Admission:
    """Plans `reference` at the first rung of the ladder whose rehearsal passes.

    Shorter steps are not tried where a plan has none.

    Args:
        reference: what to do.
        rehearse: executes a plan in simulation; not with the seed of the run to come.
        limits: what a rehearsal must keep.
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
        verdict = judge(measure(rehearse(plan), reference), limits)
        attempts.append(Attempt(level, verdict.passed, verdict.reasons, stride))
        if verdict.passed:
            return Admission(plan, tuple(attempts))
    return Admission(None, tuple(attempts))
