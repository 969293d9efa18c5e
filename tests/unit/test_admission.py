"""The ladder: which rungs are tried, in which order, what is rehearsed, and what is said of it."""

from dataclasses import replace

import numpy as np
import planning_cases
import pytest
from synthetic_run import make_execution, make_reference

from exoactor_rt.config import VerdictConfig
from exoactor_rt.errors import HardwareError, PlanningError
from exoactor_rt.planning import PlanLevel
from exoactor_rt.replay import Margin, TrialResult, admission, admit, measure
from exoactor_rt.replay.trials import NOMINAL, PERTURBED
from exoactor_rt.replay.verdict import judge, judge_standing

REFERENCE = make_reference()
LADDER = [PlanLevel.NOMINAL, PlanLevel.TIGHT, PlanLevel.STANCE_ONLY]
FIGURES = measure(make_execution(REFERENCE), REFERENCE)


class Rehearsal:
    """A robot that falls at the given levels, or in one trial at them, and remembers its plans."""

    def __init__(self, falls=(), only_in=None):
        self.falls = falls
        self.only_in = only_in
        self.levels = []
        self.trials = []
        self.closed = 0

    def __call__(self, plan, trials):
        try:
            for trial in trials:
                self.trials.append(trial.name)
                if trial is NOMINAL:
                    self.levels.append(plan.level)
                fallen = plan.level in self.falls and self.only_in in (None, trial.name)
                share = 0.5 if trial is NOMINAL else 0.1
                margin = Margin("tilt", "tilt", 0.6, 0.7, "rad", share, "", trial.name)
                reasons = ("pelvis below 0.4 m",) if fallen else ()
                yield TrialResult(trial.name, reasons, (margin,), FIGURES)
        finally:
            self.closed += 1


@pytest.mark.parametrize("rungs_that_fall", [0, 1, 2])
def test_the_first_rung_that_passes_is_admitted(rungs_that_fall):
    rehearse = Rehearsal(falls=LADDER[:rungs_that_fall])
    admitted = admit(REFERENCE, rehearse)
    tried = LADDER[: rungs_that_fall + 1]
    assert rehearse.levels == tried
    assert admitted.plan.level == tried[-1]
    assert [attempt.level for attempt in admitted.attempts] == tried
    assert [attempt.passed for attempt in admitted.attempts] == [False] * rungs_that_fall + [True]


def test_shorter_steps_are_tried_before_a_tighter_level():
    reference = planning_cases.make_reference(4.0, planning_cases.walk(4, 0.4))
    longest = []

    def rehearse(plan, trials):
        longest.append(max((step.forward_m for step in plan.steps), default=0.0))
        return Rehearsal(falls=[*LADDER])(plan, trials)

    refused = admit(reference, rehearse)
    assert longest == pytest.approx([0.30, 0.24, 0.15, 0.0], abs=0.01)
    assert str(refused.attempts[1]).startswith("nominal with shorter steps: ")


def test_a_motion_that_no_rung_survives_is_refused_with_reasons():
    rehearse = Rehearsal(falls=LADDER)
    refused = admit(REFERENCE, rehearse)
    assert refused.plan is None
    assert rehearse.levels == LADDER
    assert [str(attempt) for attempt in refused.attempts] == [
        "nominal: pelvis below 0.4 m",
        "tight: pelvis below 0.4 m",
        "stance only: pelvis below 0.4 m",
    ]


def test_a_rung_without_a_plan_is_told_and_the_next_one_tried(monkeypatch):
    plan_motion = admission.plan_motion

    def plan_or_not(reference, level, stride):
        if level == PlanLevel.NOMINAL:
            raise PlanningError("reference: step 3 too far; no plan is made")
        return plan_motion(reference, level, stride)

    monkeypatch.setattr(admission, "plan_motion", plan_or_not)
    rehearse = Rehearsal()
    admitted = admit(REFERENCE, rehearse)
    assert rehearse.levels == [PlanLevel.TIGHT]
    assert str(admitted.attempts[0]) == "nominal: reference: step 3 too far; no plan is made"
    assert str(admitted.attempts[1]).startswith("tight: passed its rehearsal")


def test_a_motion_that_cannot_be_planned_at_all_is_refused():
    flying = replace(
        REFERENCE,
        contact=np.zeros_like(REFERENCE.contact),
        root_position_in_world=REFERENCE.root_position_in_world + np.array([0.0, 0.0, 1.0]),
    )
    rehearse = Rehearsal()
    refused = admit(flying, rehearse)
    assert refused.plan is None
    assert rehearse.levels == []
    assert all("in the air" in attempt.reasons[0] for attempt in refused.attempts)


def test_a_plan_that_falls_when_disturbed_is_not_admitted():
    rehearse = Rehearsal(falls=LADDER[:1], only_in=PERTURBED[4].name)
    admitted = admit(REFERENCE, rehearse)
    first, second = admitted.attempts
    assert not first.passed and second.passed
    assert str(first) == f"nominal: {PERTURBED[4].name}: pelvis below 0.4 m"
    assert admitted.plan.level == PlanLevel.TIGHT
    assert [trial.trial for trial in first.rehearsed.trials] == [
        NOMINAL.name,
        *(trial.name for trial in PERTURBED[:5]),
    ]
    assert len(second.rehearsed.trials) == second.rehearsed.asked == 9


def test_the_first_failure_calls_the_other_trials_off():
    rehearse = Rehearsal(falls=LADDER, only_in=PERTURBED[0].name)
    assert admit(REFERENCE, rehearse).plan is None
    assert rehearse.trials == [NOMINAL.name, PERTURBED[0].name] * 3
    assert rehearse.closed == 3


def test_the_smallest_margin_of_all_trials_is_told():
    attempt = admit(REFERENCE, Rehearsal()).attempts[0]
    assert [margin.share for margin in attempt.rehearsed.margins] == [0.1]
    assert "passed its rehearsal and 8 disturbed ones; least margin 10 %: tilt 0.6 rad" in str(
        attempt
    )


def test_of_refused_plans_the_one_that_came_furthest_is_kept_for_an_override():
    assert admit(REFERENCE, Rehearsal()).refused_plan is None
    falls_late = Rehearsal(falls=LADDER)
    falls_late.only_in = None
    assert admit(REFERENCE, falls_late).refused_plan.level == PlanLevel.NOMINAL


def test_a_plan_that_leaves_a_limit_is_refused_before_any_rehearsal(monkeypatch):
    plan_motion = admission.plan_motion

    def twisted(*arguments):
        plan = plan_motion(*arguments)
        track = plan.posture
        joints = np.array(track.joint_position)
        joints[len(joints) // 2 :, 14] += 1.5
        track.joint_position = joints
        plan.posture = track
        return plan

    monkeypatch.setattr(admission, "plan_motion", twisted)
    rehearse = Rehearsal()
    refused = admit(REFERENCE, rehearse)
    assert refused.plan is None
    assert rehearse.trials == []
    assert all(attempt.reasons for attempt in refused.attempts)


def executed(*, yaw_rad, steps):
    made = make_execution(REFERENCE)
    wrists = np.zeros((len(made.times_s), 2, 3))
    half = np.linspace(0.0, yaw_rad, len(made.times_s)) / 2
    return measure(
        replace(
            made,
            quat_world_root_wxyz=np.stack([np.cos(half), 0 * half, 0 * half, np.sin(half)], axis=1),
            wrist_position_in_pelvis=wrists,
            planned_wrist_position_in_pelvis=wrists,
            steps_planned=steps,
            steps_executed=steps,
        ),
        REFERENCE,
    )


def test_heading_is_judged_where_the_plan_steps_and_not_where_it_stands_or_is_disturbed():
    assert not judge(executed(yaw_rad=1.0, steps=2), VerdictConfig()).passed
    assert judge(executed(yaw_rad=1.0, steps=0), VerdictConfig()).passed
    assert judge_standing(executed(yaw_rad=1.0, steps=2), VerdictConfig()).passed


def test_a_rehearsal_that_cannot_be_made_is_no_reason_to_go_on():
    def broken(plan, trials):
        raise HardwareError("MuJoCo is missing")
        yield

    with pytest.raises(HardwareError):
        admit(REFERENCE, broken)
