"""The ladder: which rungs are tried, in which order, and what is said of them."""

from dataclasses import replace

import numpy as np
import planning_cases
import pytest
from synthetic_run import make_execution, make_reference

from exoactor_rt.config import VerdictConfig
from exoactor_rt.errors import HardwareError, PlanningError
from exoactor_rt.planning import PlanLevel
from exoactor_rt.replay import admission, admit

REFERENCE = make_reference()
LADDER = [PlanLevel.NOMINAL, PlanLevel.TIGHT, PlanLevel.STANCE_ONLY]


def execution(*, fallen=False, yaw_rad=0.0, steps=0):
    made = make_execution(REFERENCE, fallen=fallen)
    wrists = np.zeros((len(made.times_s), 2, 3))
    half = np.linspace(0.0, yaw_rad, len(made.times_s)) / 2
    return replace(
        made,
        quat_world_root_wxyz=np.stack([np.cos(half), 0 * half, 0 * half, np.sin(half)], axis=1),
        wrist_position_in_pelvis=wrists,
        planned_wrist_position_in_pelvis=wrists,
        steps_planned=steps,
        steps_executed=steps,
    )


class Rehearsal:
    """A robot that falls at the given levels and remembers what it was given."""

    def __init__(self, falls=(), **made):
        self.falls = falls
        self.made = made
        self.levels = []

    def __call__(self, plan):
        self.levels.append(plan.level)
        return execution(fallen=plan.level in self.falls, **self.made)


@pytest.mark.parametrize("rungs_that_fall", [0, 1, 2])
def test_the_first_rung_that_passes_is_admitted(rungs_that_fall):
    rehearse = Rehearsal(falls=LADDER[:rungs_that_fall])
    admitted = admit(REFERENCE, rehearse, VerdictConfig())
    tried = LADDER[: rungs_that_fall + 1]
    assert rehearse.levels == tried
    assert admitted.plan.level == tried[-1]
    assert [attempt.level for attempt in admitted.attempts] == tried
    assert [attempt.passed for attempt in admitted.attempts] == [False] * rungs_that_fall + [True]


def test_shorter_steps_are_tried_before_a_tighter_level():
    reference = planning_cases.make_reference(4.0, planning_cases.walk(4, 0.4))
    longest = []

    def rehearse(plan):
        longest.append(max((step.forward_m for step in plan.steps), default=0.0))
        return execution(fallen=True)

    refused = admit(reference, rehearse, VerdictConfig())
    assert longest == pytest.approx([0.30, 0.24, 0.15, 0.0], abs=0.01)
    assert str(refused.attempts[1]).startswith("nominal with shorter steps: ")


def test_a_motion_that_no_rung_survives_is_refused_with_reasons():
    rehearse = Rehearsal(falls=LADDER)
    refused = admit(REFERENCE, rehearse, VerdictConfig())
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
    admitted = admit(REFERENCE, rehearse, VerdictConfig())
    assert rehearse.levels == [PlanLevel.TIGHT]
    assert str(admitted.attempts[0]) == "nominal: reference: step 3 too far; no plan is made"
    assert str(admitted.attempts[1]) == "tight: passed its rehearsal"


def test_a_motion_that_cannot_be_planned_at_all_is_refused():
    flying = replace(
        REFERENCE,
        contact=np.zeros_like(REFERENCE.contact),
        root_position_in_world=REFERENCE.root_position_in_world + np.array([0.0, 0.0, 1.0]),
    )
    rehearse = Rehearsal()
    refused = admit(flying, rehearse, VerdictConfig())
    assert refused.plan is None
    assert rehearse.levels == []
    assert all("in the air" in attempt.reasons[0] for attempt in refused.attempts)


def test_heading_is_judged_where_the_plan_steps_and_not_where_it_stands():
    assert admit(REFERENCE, Rehearsal(yaw_rad=1.0, steps=2), VerdictConfig()).plan is None
    standing = admit(REFERENCE, Rehearsal(yaw_rad=1.0, steps=0), VerdictConfig())
    assert standing.plan is not None


def test_a_rehearsal_that_cannot_be_made_is_no_reason_to_go_on():
    def broken(plan):
        raise HardwareError("MuJoCo is missing")

    with pytest.raises(HardwareError):
        admit(REFERENCE, broken, VerdictConfig())
