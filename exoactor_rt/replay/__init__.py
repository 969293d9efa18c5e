"""Judging executions and admitting plans before they move a robot."""

from exoactor_rt.replay.admission import Admission, Attempt, admit
from exoactor_rt.replay.figures import Figures, measure
from exoactor_rt.replay.verdict import Criterion, Verdict, judge

__all__ = [
    "Admission",
    "Attempt",
    "Criterion",
    "Figures",
    "Verdict",
    "admit",
    "judge",
    "measure",
]
