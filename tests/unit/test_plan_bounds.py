"""Plans that nobody meant well: both checks refuse them, and nothing crashes."""

import numpy as np
import pytest
from standing import standing_plan

from exoactor_rt import _core
from exoactor_rt.control import find_plan_defect
from exoactor_rt.planning import check_plan, plan_clock, plan_duration_s

T = _core.types
BAD_NUMBERS = (np.nan, np.inf, -np.inf, 1e300, -1e300)


def walking_plan():
    """Two steps in one walk between two stances."""
    plan = standing_plan(1.0)
    before, after = standing_plan(1.0).phases[0], standing_plan(1.0).phases[0]
    before.blend_end = after.blend_start = 1.0
    walk = T.Phase()
    walk.kind = T.PhaseKind.WALK
    walk.reference_end_s = after.reference_start_s = after.reference_end_s = 1.0
    walk.first_step, walk.step_count = 0, 2
    steps = []
    for index, side in enumerate((T.Side.LEFT, T.Side.RIGHT)):
        step = T.Footstep()
        step.side = side
        step.reference_liftoff_s, step.reference_touchdown_s = 0.2 + 0.4 * index, 0.5 + 0.4 * index
        steps.append(step)
    plan.steps = steps
    plan.phases = [before, walk, after]
    return plan


def changed(kind, index, name, value):
    plan = walking_plan()
    parts = getattr(plan, kind)
    setattr(parts[index], name, value)
    setattr(plan, kind, parts)
    return plan


def both_refuse(plan):
    refused = find_plan_defect(plan)
    assert refused.endswith("plan refused") and "\n" not in refused
    assert check_plan(plan)
    plan_clock(plan)
    plan_duration_s(plan)


def test_the_plan_before_it_is_broken_is_sound():
    assert find_plan_defect(walking_plan()) == ""
    assert check_plan(walking_plan()) == []


@pytest.mark.parametrize(
    ("kind", "index", "name", "value"),
    [
        ("steps", 0, "side", T.Side(7)),
        ("steps", 1, "side", T.Side(-1)),
        ("phases", 1, "kind", T.PhaseKind(5)),
        ("phases", 0, "kind", T.PhaseKind(-(2**31))),
        ("phases", 1, "first_step", -1),
        ("phases", 1, "first_step", 1),
        ("phases", 1, "step_count", 2**31 - 1),
        ("phases", 1, "step_count", 0),
        ("phases", 0, "duration_s", 0.0),
        ("steps", 0, "reference_liftoff_s", -0.1),
        ("steps", 1, "reference_touchdown_s", 1.2),
        ("steps", 1, "reference_touchdown_s", 0.3),
    ],
)
def test_one_unlawful_field_is_refused(kind, index, name, value):
    both_refuse(changed(kind, index, name, value))


@pytest.mark.parametrize("value", BAD_NUMBERS)
@pytest.mark.parametrize(
    ("kind", "index", "name"),
    [
        ("phases", 0, "duration_s"),
        ("phases", 0, "reference_start_s"),
        ("phases", 2, "reference_end_s"),
        ("phases", 1, "reference_end_s"),
        ("phases", 0, "blend_end"),
        ("steps", 0, "forward_m"),
        ("steps", 0, "lateral_m"),
        ("steps", 0, "yaw_rad"),
        ("steps", 0, "swing_s"),
        ("steps", 0, "lift_m"),
        ("steps", 0, "reference_liftoff_s"),
        ("steps", 1, "reference_touchdown_s"),
    ],
)
def test_numbers_out_of_the_world_are_refused(kind, index, name, value):
    both_refuse(changed(kind, index, name, value))


@pytest.mark.parametrize(
    ("name", "value"),
    [("shift_s", 0.3), ("double_support_s", 0.03), ("settle_s", 0.1), ("settle_s", np.nan)],
)
def test_both_checks_know_the_same_bounds_of_a_burst(name, value):
    plan = walking_plan()
    burst = plan.burst
    setattr(burst, name, value)
    plan.burst = burst
    both_refuse(plan)


def test_an_unknown_level_is_refused():
    plan = walking_plan()
    plan.level = T.PlanLevel(9)
    both_refuse(plan)


@pytest.mark.parametrize("name", ["phases", "steps"])
def test_counts_beyond_reason_are_refused(name):
    plan = walking_plan()
    setattr(plan, name, getattr(plan, name)[:1] * 10_001)
    both_refuse(plan)


@pytest.mark.parametrize("name", ["joint_position", "com_height", "quat_heading_torso_wxyz"])
@pytest.mark.parametrize("value", BAD_NUMBERS)
def test_postures_out_of_the_world_are_refused(name, value):
    plan = walking_plan()
    posture = plan.posture
    array = np.array(getattr(posture, name))
    array[3] = value
    setattr(posture, name, array)
    plan.posture = posture
    both_refuse(plan)


def raised(field=None, value=None):
    """The first foot of the walk held at two keyframes, one field of the second or step changed."""
    plan = walking_plan()
    frames = []
    for time_s in (0.5, 1.5):
        frame = T.FootKeyframe()
        frame.time_s = time_s
        frames.append(frame)
    steps = plan.steps
    steps[0].swing_s, steps[0].keyframe_count = 2.0, 2
    if field:
        setattr(frames[1] if hasattr(frames[1], field) else steps[0], field, value)
    plan.steps, plan.foot_keyframes = steps, frames
    return plan


def test_a_foot_may_be_held_at_keyframes():
    assert find_plan_defect(raised()) == ""
    assert check_plan(raised()) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("first_keyframe", 1),
        ("first_keyframe", -1),
        ("keyframe_count", 3),
        ("keyframe_count", -1),
        ("keyframe_count", 2**31 - 1),
        ("swing_s", 1.7),
        ("swing_s", 200.0),
        ("time_s", 0.5),
        ("time_s", 0.51),
        ("time_s", np.nan),
        ("forward_m", 2.0),
        ("height_m", -0.1),
        ("pitch_rad", np.inf),
    ],
)
def test_a_foot_path_that_cannot_be_is_refused(name, value):
    both_refuse(raised(name, value))
