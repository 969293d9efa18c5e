"""Judging executions and admitting plans before they move a robot."""

from exoactor_rt.replay.admission import Admission, Attempt, TrackerAttempt, admit
from exoactor_rt.replay.controller_choice import admit_task, judge_task
from exoactor_rt.replay.figures import Figures, measure
from exoactor_rt.replay.tracking_verdict import drift_m, judge_tracking, turn_error_deg
from exoactor_rt.replay.verdict import Criterion, Verdict, judge

__all__ = [
    "Admission",
    "Attempt",
    "Criterion",
    "Figures",
    "TrackerAttempt",
    "Verdict",
    "admit",
    "admit_task",
    "drift_m",
    "judge",
    "judge_task",
    "judge_tracking",
    "measure",
    "turn_error_deg",
]
