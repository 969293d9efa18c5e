"""Plans of references made to order."""

import numpy as np
import pytest
from planning_cases import RATE_HZ, Step, changes_named, make_reference, walk

from exoactor_rt.errors import PlanningError
from exoactor_rt.planning import (
    PhaseKind,
    PlanLevel,
    Side,
    check_plan,
    describe,
    label_contacts,
    plan_clock,
    plan_duration_s,
    plan_motion,
    plan_stretch,
)
from exoactor_rt.robots import g1
from exoactor_rt.types import Reference


@pytest.fixture(scope="module")
def standing():
    return make_reference(2.0)


@pytest.fixture(scope="module")
def walking():
    return make_reference(5.0, walk(6, 0.15))


@pytest.fixture(scope="module")
def striding():
    return make_reference(5.0, walk(6, 0.40))


def test_standing_clip_has_no_steps_and_no_changes(standing):
    plan = plan_motion(standing)
    assert check_plan(plan) == []
    assert len(plan.steps) == 0
    assert plan.changes == []
    assert [phase.kind for phase in plan.phases] == [PhaseKind.STANCE] * 5
    assert [(p.blend_start, p.blend_end) for p in plan.phases] == [
        (0, 0), (0, 1), (1, 1), (1, 0), (0, 0),
    ]  # fmt: skip
    assert [p.duration_s for p in plan.phases] == pytest.approx([0.5, 1.0, 2.0, 1.0, 1.0])
    assert plan_stretch(plan) == pytest.approx(1.0)
    assert plan.standing_position == pytest.approx(g1.standing_position())
    assert 0.64 < plan.posture.com_height.mean() < 0.68


def test_feasible_walk_is_kept_as_it_is(walking):
    plan = plan_motion(walking)
    assert check_plan(plan) == []
    assert [step.side for step in plan.steps] == [Side.LEFT, Side.RIGHT] * 3
    assert [step.forward_m for step in plan.steps] == pytest.approx([0.15] * 6, abs=0.01)
    assert [step.lateral_m for step in plan.steps] == pytest.approx([0.237] * 6, abs=0.01)
    assert not any(step.inserted for step in plan.steps)
    assert not changes_named(plan, "step shortened")
    walks = [phase for phase in plan.phases if phase.kind == PhaseKind.WALK]
    assert [(phase.first_step, phase.step_count) for phase in walks] == [(0, 6)]
    first, last = plan.steps[0], plan.steps[-1]
    assert first.reference_liftoff_s == pytest.approx(1.0, abs=0.05)
    assert last.reference_touchdown_s == pytest.approx(3.9, abs=0.05)
    shifted = first.reference_liftoff_s - walks[0].reference_start_s
    settled = walks[0].reference_end_s - last.reference_touchdown_s
    assert shifted == pytest.approx(plan.burst.shift_s, abs=0.02)
    assert settled == pytest.approx(plan.burst.settle_s, abs=0.02)
    assert plan_stretch(plan) == pytest.approx(1.0, abs=0.03)


@pytest.mark.parametrize(("level", "longest"), [(PlanLevel.NOMINAL, 0.30), (PlanLevel.TIGHT, 0.15)])
def test_long_steps_are_shortened_slowed_and_listed(striding, level, longest):
    plan = plan_motion(striding, level)
    kept = [step for step in plan.steps if not step.inserted]
    assert [step.forward_m for step in kept] == pytest.approx([longest] * 6, abs=0.01)
    shortened = changes_named(plan, "step shortened")
    assert len(shortened) == 6
    assert [change.asked for change in shortened] == pytest.approx([0.40] * 6, abs=0.02)
    assert [step.asked.forward_m for step in kept] == pytest.approx([0.40] * 6, abs=0.02)
    for step in kept[1:]:
        assert step.swing_s >= 2 * longest / 1.2 - 0.03


def test_a_shorter_stride_is_shorter_in_proportion(striding):
    kept = [step for step in plan_motion(striding, stride=0.8).steps if not step.inserted]
    assert [step.forward_m for step in kept] == pytest.approx([0.24] * 6, abs=0.01)
    with pytest.raises(PlanningError, match="stride"):
        plan_motion(striding, stride=1.2)


def test_an_open_stride_is_closed_at_the_end(striding):
    last = plan_motion(striding).steps[-1]
    assert last.inserted
    assert (last.forward_m, last.yaw_rad) == (0.0, 0.0)


def test_the_centre_of_mass_sinks_for_long_steps_only(walking, striding):
    def lowest(reference):
        plan = plan_motion(reference)
        return plan.posture.com_height[round(plan.posture.rate_hz * 2.5)]

    assert lowest(walking) == pytest.approx(0.65, abs=0.012)
    assert lowest(striding) < 0.635


def test_backward_steps_have_their_own_limit():
    plan = plan_motion(make_reference(4.0, walk(4, -0.30)))
    kept = [step.forward_m for step in plan.steps if not step.inserted]
    assert kept == pytest.approx([-0.25] * 4, abs=0.01)


def test_stance_only_lists_every_step(striding):
    plan = plan_motion(striding, PlanLevel.STANCE_ONLY)
    assert check_plan(plan) == []
    assert len(plan.steps) == 0
    assert len(changes_named(plan, "step left out")) == 6
    assert plan_stretch(plan) == pytest.approx(1.0, abs=0.01)


def test_wide_steps_are_narrowed_and_listed():
    plan = plan_motion(make_reference(4.0, walk(4, 0.0, lateral_m=0.40)))
    assert max(step.lateral_m for step in plan.steps) == pytest.approx(0.32)
    assert len(changes_named(plan, "step narrowed")) == 4


def test_a_wide_first_stance_is_taken_up_before_the_motion():
    steps = [Step(0, 0.0, 0.1, lateral_m=0.32), *walk(2, 0.0, start_s=2.0)]
    reference = make_reference(4.0, steps)
    wide = Reference(**{**vars(reference), **{
        name: getattr(reference, name)[6:]
        for name in ("root_position_in_world", "quat_world_root_wxyz", "joint_position",
                     "contact", "hand_openness")
    }})  # fmt: skip
    plan = plan_motion(wide)
    assert check_plan(plan) == []
    opening = plan.phases[1]
    assert (opening.kind, opening.blend_start, opening.blend_end) == (PhaseKind.WALK, 0.0, 0.0)
    assert plan.steps[0].inserted
    assert plan.steps[0].lateral_m == pytest.approx(0.32, abs=0.01)
    assert changes_named(plan, "stance opened")
    assert not changes_named(plan, "initial stance narrowed")


def test_the_blend_shares_the_first_weight_shift_where_the_reference_steps_at_once():
    plan = plan_motion(make_reference(3.0, walk(4, 0.15, start_s=0.1)))
    first = next(phase for phase in plan.phases if phase.kind == PhaseKind.WALK)
    assert (first.blend_start, first.blend_end) == (0.0, 1.0)
    assert plan_stretch(plan) < 1.25


def test_double_steps_of_one_foot_are_joined():
    steps = [Step(0, 1.0, 1.3, 0.1), Step(0, 1.4, 1.7, 0.2), Step(1, 1.8, 2.2, 0.1)]
    plan = plan_motion(make_reference(4.0, steps))
    assert [int(step.side) for step in plan.steps] == [0, 1]
    assert plan.steps[0].forward_m == pytest.approx(0.2, abs=0.02)
    assert changes_named(plan, "double step joined")


def test_pause_divides_bursts_and_small_steps_are_dropped():
    steps = [*walk(2, 0.15), *walk(2, 0.15, start_s=3.5), Step(0, 5.5, 5.8, -0.13, lift_m=0.01)]
    plan = plan_motion(make_reference(6.5, steps))
    walks = [phase for phase in plan.phases if phase.kind == PhaseKind.WALK]
    assert [phase.step_count for phase in walks] == [2, 2]
    assert len(changes_named(plan, "small step left out")) == 1


def test_flight_is_cut_out_and_listed():
    plan = plan_motion(make_reference(4.0, walk(2, 0.1), airborne_s=(2.5, 3.1)))
    assert check_plan(plan) == []
    flight = changes_named(plan, "flight left out")
    assert len(flight) == 1
    assert flight[0].reference_start_s == pytest.approx(2.5, abs=0.05)
    assert flight[0].reference_end_s == pytest.approx(3.1, abs=0.05)
    assert len(plan.steps) == 2


def test_clip_in_the_air_is_refused():
    with pytest.raises(PlanningError, match="in the air"):
        plan_motion(make_reference(1.0, airborne_s=(0.0, 2.0)))


def test_a_reference_off_its_feet_is_refused_with_its_frames():
    reference = make_reference(3.0)
    lying = reference.quat_world_root_wxyz.copy()
    root = reference.root_position_in_world.copy()
    lying[30:60], root[30:60, 2] = [np.cos(0.75), 0.0, np.sin(0.75), 0.0], 0.15
    fallen = Reference(
        **{**vars(reference), "quat_world_root_wxyz": lying, "root_position_in_world": root}
    )
    with pytest.raises(PlanningError, match=r"not on its feet in frames 30-59 \(pelvis tilted 86"):
        plan_motion(fallen)


def test_squat_depth_is_kept_down_to_the_limit():
    depth = lambda d: lambda t: 0.74 - d * np.sin(np.clip((t - 1) / 3, 0, 1) * np.pi) ** 2  # noqa: E731
    shallow = plan_motion(make_reference(5.0, root_height_m=depth(0.12))).posture.com_height
    assert shallow.max() - shallow.min() == pytest.approx(0.12, abs=0.03)
    plan = plan_motion(make_reference(5.0, root_height_m=depth(0.40)))
    assert plan.posture.com_height.min() == pytest.approx(0.46, abs=0.005)
    assert changes_named(plan, "squat raised")


def test_steps_beside_a_squat_leave_it_deep():
    height = lambda t: 0.74 - 0.2 * np.sin(np.clip((t - 2.2) / 2, 0, 1) * np.pi) ** 2  # noqa: E731
    plan = plan_motion(make_reference(5.0, walk(4, 0.1, start_s=0.8), root_height_m=height))
    assert check_plan(plan) == []
    assert plan.posture.com_height.min() < 0.53
    assert len(plan.steps) == 4
    assert changes_named(plan, "steps brought forward")
    assert not changes_named(plan, "squat raised")


def test_fast_arms_are_slowed_without_lag():
    standing_arms = g1.standing_position()[12:]

    def arms(time_s):
        wave = np.zeros(17)
        wave[3] = 1.0 * np.sin(2 * np.pi * 1.5 * time_s)
        return standing_arms + wave

    reference = make_reference(4.0, arms=arms)
    plan = plan_motion(reference, PlanLevel.TIGHT)
    assert check_plan(plan) == []
    assert changes_named(plan, "arms slowed")
    given = plan.posture.joint_position[50:150, 15] - standing_arms[3]
    times = np.arange(50, 150) / plan.posture.rate_hz
    sine, cosine = (given @ f(2 * np.pi * 1.5 * times) for f in (np.sin, np.cos))
    assert abs(np.arctan2(cosine, sine)) < 0.05
    assert np.abs(np.diff(given)).max() * plan.posture.rate_hz <= 3.03


def test_reference_beyond_reason_is_refused(standing):
    def broken(**fields):
        return Reference(**{**vars(standing), **fields})

    bad = standing.joint_position.copy()
    bad[3, 5] = np.nan
    with pytest.raises(PlanningError, match="not finite"):
        plan_motion(broken(joint_position=bad))
    with pytest.raises(PlanningError, match="rate"):
        plan_motion(broken(rate_hz=0.0))
    with pytest.raises(PlanningError, match="length"):
        plan_motion(broken(contact=standing.contact[:-1]))


def test_check_finds_what_is_out_of_limits(walking):
    def violations(change):
        plan = plan_motion(walking)
        change(plan)
        return " ".join(check_plan(plan))

    def long_step(plan):
        steps = plan.steps
        steps[1].forward_m = 0.4
        plan.steps = steps

    def deep(plan):
        posture = plan.posture
        posture.com_height = np.full_like(posture.com_height, 0.4)
        plan.posture = posture

    def fast(plan):
        posture = plan.posture
        joints = posture.joint_position
        joints[20, 18] += 0.5
        posture.joint_position = joints
        plan.posture = posture

    def jump(plan):
        phases = plan.phases
        phases[2].reference_start_s += 0.3
        plan.phases = phases

    def unblended(plan):
        plan.phases = plan.phases[2:]

    assert "forward m 0.400, allowed -0.250..0.300" in violations(long_step)
    assert "height m" in violations(deep)
    assert "speed or acceleration" in violations(fast)
    assert "reference time jumps" in violations(jump)
    assert "blend at the begin" in violations(unblended)


def test_plan_holds_copies(walking):
    plan = plan_motion(walking)
    before = plan.posture.com_height.copy()
    plan.posture.com_height[:] = 0.0
    plan.posture.joint_position[:] = 9.0
    plan.steps[0].forward_m = 9.0
    plan.steps.clear()
    assert plan.posture.com_height == pytest.approx(before)
    assert len(plan.steps) == 6
    assert check_plan(plan) == []


def test_labels_agree_with_the_true_contacts(walking):
    labels = label_contacts(
        walking.rate_hz,
        walking.root_position_in_world,
        walking.quat_world_root_wxyz,
        walking.joint_position,
    )
    assert (labels == walking.contact).mean() > 0.95


def test_description_names_phases_and_changes(striding):
    lines = describe(plan_motion(striding))
    assert lines[0].startswith("level nominal: 7 phases, 6 steps")
    assert sum("step shortened" in line for line in lines) == 6


def test_duration_is_that_of_the_clock(striding):
    plan = plan_motion(striding)
    assert plan_clock(plan)[-1, 0] == pytest.approx(plan_duration_s(plan))
    assert plan_stretch(plan) <= 2.5
    assert len(striding.contact) / RATE_HZ > 5.0


@pytest.mark.parametrize(
    ("rate_hz", "frames", "message"),
    [
        (30.0, (40, 2, 40), "40, 2, 40"),
        (30.0, (40, 40, 0), "40, 40, 0"),
        (30.0, (0, 0, 0), "0, 0, 0"),
        (np.nan, (40, 40, 40), "rate nan"),
    ],
)
def test_motions_that_do_not_fit_together_are_not_labelled(rate_hz, frames, message):
    root, quat, joints = (
        np.tile(row, (count, 1))
        for row, count in zip((np.zeros(3), [1.0, 0, 0, 0], np.zeros(29)), frames, strict=True)
    )
    with pytest.raises(PlanningError, match=message):
        label_contacts(rate_hz, root, quat, joints)
