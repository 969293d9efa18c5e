"""Admission with the controller that is to execute: a tracker, the whole-body controller, or both.

A tracker has no ladder: it passes all its rehearsals or not. Asked for by name it is all there is;
chosen by "auto" the whole-body controller's ladder comes after it.
"""

from __future__ import annotations

from typing import Protocol

from exoactor_rt.config import VerdictConfig
from exoactor_rt.errors import PolicyError
from exoactor_rt.execution import Execution
from exoactor_rt.planning import Plan
from exoactor_rt.replay.admission import Admission, TrackerAttempt, admit
from exoactor_rt.replay.figures import Figures, measure
from exoactor_rt.replay.tracking_verdict import judge_tracking
from exoactor_rt.replay.verdict import Verdict, judge
from exoactor_rt.tracker import Policy, Tracking, prepare_tracking
from exoactor_rt.tracker.store import Controller
from exoactor_rt.types import Reference

TRACKER_TRIALS = 3
"""Rehearsals that a tracker must pass, each with other noise: it has no plan whose margins tell."""


class RehearseTask(Protocol):
    """Executes a plan or a tracking in simulation, from standing to standing."""

    def __call__(self, task: Plan | Tracking, trial: int = 0) -> Execution:
        """One rehearsal; trials differ in the noise of the sensors."""


def admit_task(
    reference: Reference,
    controller: Controller,
    policy: Policy | None,
    rehearse: RehearseTask,
    limits: VerdictConfig,
) -> Admission:
    """What may be executed of `reference`, rehearsed with the controller that executes it.

    Args:
        reference: what to do.
        controller: as configured.
        policy: as `choose_policy` chose it for that controller.
        rehearse: see RehearseTask; not with the seed of the run to come.
        limits: what a rehearsal must keep.
    """
    if policy is None:
        return admit(reference, rehearse, limits)
    tracking, attempt = _try_tracker(reference, policy, rehearse, limits)
    if tracking is not None or controller == "tracker":
        return Admission(None, (attempt,), tracking)
    descended = admit(reference, rehearse, limits)
    return Admission(descended.plan, (attempt, *descended.attempts))


def judge_task(
    task: Plan | Tracking, execution: Execution, reference: Reference, limits: VerdictConfig
) -> tuple[Figures, Verdict]:
    """Figures of an execution and the verdict, by the rules of the controller that executed."""
    figures = measure(execution, reference)
    if isinstance(task, Tracking):
        return figures, judge_tracking(figures, execution, reference, limits)
    return figures, judge(figures, limits)


def _try_tracker(
    reference: Reference, policy: Policy, rehearse: RehearseTask, limits: VerdictConfig
) -> tuple[Tracking | None, TrackerAttempt]:
    name = policy.bundle.name
    try:
        tracking = prepare_tracking(policy, reference)
    except PolicyError as error:
        return None, TrackerAttempt(name, False, (str(error),))
    for trial in range(TRACKER_TRIALS):
        _, verdict = judge_task(tracking, rehearse(tracking, trial), reference, limits)
        if not verdict.passed:
            return None, TrackerAttempt(name, False, verdict.reasons)
    return tracking, TrackerAttempt(name, True)
