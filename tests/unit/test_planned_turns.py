"""How a plan turns: by the person's own steps as far as they may, then in place."""

import numpy as np
import pytest
from planning_cases import Step, changes_named, make_reference

from exoactor_rt.planning import PlanLevel, plan_motion


def final_heading(plan):
    yaw = [0.0, 0.0]
    for step in plan.steps:
        side = int(step.side)
        yaw[side] = yaw[1 - side] + step.yaw_rad
    return np.mean(yaw)


def turning_steps(yaw_rad):
    """Two steps of the left foot turn, the right one follows each time."""
    return [Step(0, 1.0, 1.5, yaw_rad=yaw_rad), Step(1, 1.6, 2.1),
            Step(0, 2.2, 2.7, yaw_rad=yaw_rad), Step(1, 2.8, 3.3)]  # fmt: skip


def test_a_turn_within_the_limits_takes_the_persons_own_steps():
    plan = plan_motion(make_reference(6.0, turning_steps(0.75)))
    assert final_heading(plan) == pytest.approx(1.5, abs=0.1)
    assert len(plan.steps) == 4
    assert not any(step.inserted for step in plan.steps)


def test_heading_is_made_good_by_turn_steps():
    for level in (PlanLevel.NOMINAL, PlanLevel.TIGHT):
        plan = plan_motion(make_reference(6.0, turning_steps(1.2)), level)
        assert final_heading(plan) == pytest.approx(2.4, abs=0.2)
        assert any(step.inserted for step in plan.steps)
        assert changes_named(plan, "turn steps inserted")
        assert changes_named(plan, "step turned less")


def test_a_shorter_stride_turns_less_a_step():
    reference = make_reference(6.0, turning_steps(1.2))

    def furthest(stride):
        return max(abs(step.yaw_rad) for step in plan_motion(reference, stride=stride).steps)

    assert furthest(0.6) == pytest.approx(0.6 * furthest(1.0))
