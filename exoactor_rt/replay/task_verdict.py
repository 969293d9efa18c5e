"""Figures and verdict of an execution, by the rules of the controller that executed."""

from __future__ import annotations

from exoactor_rt.config import VerdictConfig
from exoactor_rt.execution import Execution
from exoactor_rt.planning import Plan
from exoactor_rt.replay.figures import Figures, measure
from exoactor_rt.replay.tracking_verdict import judge_tracking
from exoactor_rt.replay.verdict import Verdict, judge
from exoactor_rt.tracker import Tracking
from exoactor_rt.types import Reference


def judge_task(
    task: Plan | Tracking, execution: Execution, reference: Reference, limits: VerdictConfig
) -> tuple[Figures, Verdict]:
    """Figures of an execution and the verdict, by the rules of the controller that executed."""
    figures = measure(execution, reference)
    if isinstance(task, Tracking):
        return figures, judge_tracking(figures, execution, reference, limits)
    return figures, judge(figures, limits)
