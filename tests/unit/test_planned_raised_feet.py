"""Feet that the reference raises for longer than a step: kicks, poses, unfinished steps."""

import numpy as np
import pytest
from planning_cases import Step, changes_named, make_reference

from exoactor_rt.planning import PlanLevel, Side, check_plan, plan_clock, plan_motion


def test_unfinished_swing_is_put_beside_the_other_foot():
    plan = plan_motion(make_reference(2.0, [Step(0, 1.2, 3.0, 0.5, lift_m=0.1)]))
    assert len(plan.steps) == 1
    assert (plan.steps[0].forward_m, plan.steps[0].lateral_m) == (0.0, 0.22)
    assert changes_named(plan, "unfinished step")


def test_kick_is_held_or_lowered_by_level():
    reference = make_reference(4.0, [Step(0, 1.0, 1.9, 0.0, lift_m=0.2)])
    kick = plan_motion(reference)
    assert check_plan(kick) == []
    assert kick.steps[0].keyframe_count == len(kick.foot_keyframes) > 2
    assert max(frame.height_m for frame in kick.foot_keyframes) == pytest.approx(0.2, abs=0.03)
    tight = plan_motion(reference, PlanLevel.TIGHT)
    assert tight.steps[0].keyframe_count == 0
    assert tight.steps[0].lift_m == pytest.approx(0.12)
    assert changes_named(tight, "raised foot lowered")[0].asked == pytest.approx(0.2, abs=0.02)


@pytest.mark.parametrize("side", [0, 1])
def test_a_foot_held_from_behind_a_turned_foot_passes_it_at_a_distance(side):
    out = 0.55 if side == 1 else -0.55
    steps = [Step(1 - side, 1.0, 1.6, 0.3, 0.18, out), Step(side, 1.8, 3.4, 0.3, 0.18, lift_m=0.15)]
    plan = plan_motion(make_reference(6.0, steps))
    assert check_plan(plan) == []
    held = next(step for step in plan.steps if step.keyframe_count)
    assert held.side == Side(side)
    first = plan.foot_keyframes[held.first_keyframe]
    assert first.lateral_m == pytest.approx(0.15, abs=0.01)


def test_a_foot_is_held_as_long_as_the_reference_holds_it():
    plan = plan_motion(make_reference(8.0, [Step(0, 1.0, 6.0, 0.0, lift_m=0.2)]))
    assert check_plan(plan) == []
    assert plan.steps[0].swing_s == pytest.approx(5.0, abs=0.1)
    clock = plan_clock(plan)
    rate = np.diff(clock[:, 1]) / np.maximum(np.diff(clock[:, 0]), 1e-9)
    assert rate.max() < 1.1
    assert not changes_named(plan, "swing shortened")
