"""Judging executions and admitting plans before they move a robot."""

from exoactor_rt.replay.admission import Admission, Attempt, TrackerAttempt, admit
from exoactor_rt.replay.check_limits import CheckLimits, load_site_limits, robot_limits
from exoactor_rt.replay.check_run import CheckResult, check_subject
from exoactor_rt.replay.controller_choice import admit_task
from exoactor_rt.replay.figures import Figures, measure
from exoactor_rt.replay.rehearsal import RehearsalPool, Rehearse, Stage, rehearsal_pool
from exoactor_rt.replay.subject import Kind, Subject
from exoactor_rt.replay.subject_file import (
    load_subject,
    subject_of_plan,
    subject_of_reference,
    subject_of_rollout,
    subject_of_run,
)
from exoactor_rt.replay.task_verdict import judge_task
from exoactor_rt.replay.tracking_verdict import drift_m, judge_tracking, turn_error_deg
from exoactor_rt.replay.trial_verdict import Margin, TrialResult
from exoactor_rt.replay.trials import Trial
from exoactor_rt.replay.verdict import Criterion, Verdict, judge

__all__ = [
    "Admission",
    "Attempt",
    "CheckLimits",
    "CheckResult",
    "Criterion",
    "Figures",
    "Kind",
    "Margin",
    "RehearsalPool",
    "Rehearse",
    "Stage",
    "Subject",
    "TrackerAttempt",
    "Trial",
    "TrialResult",
    "Verdict",
    "admit",
    "admit_task",
    "check_subject",
    "drift_m",
    "judge",
    "judge_task",
    "judge_tracking",
    "load_site_limits",
    "load_subject",
    "measure",
    "rehearsal_pool",
    "robot_limits",
    "subject_of_plan",
    "subject_of_reference",
    "subject_of_rollout",
    "subject_of_run",
    "turn_error_deg",
]
