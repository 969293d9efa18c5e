"""Whatever the reference, the plan is feasible and honest."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from planning_cases import Step, make_reference

from exoactor_rt.errors import PlanningError
from exoactor_rt.planning import (
    PlanLevel,
    check_plan,
    describe,
    plan_clock,
    plan_motion,
)
from exoactor_rt.robots import g1
from exoactor_rt.types import Reference

LEVELS = st.sampled_from([PlanLevel.NOMINAL, PlanLevel.TIGHT, PlanLevel.STANCE_ONLY])
SETTINGS = settings(
    max_examples=15, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)


@st.composite
def stepped_references(draw):
    """Random walks: lengths, widths, turns, pauses and heights beyond what is feasible."""
    time_s, steps = draw(st.floats(0.1, 0.6)), []
    for _ in range(draw(st.integers(1, 6))):
        swing_s = draw(st.floats(0.2, 1.2))
        steps.append(
            Step(
                side=draw(st.integers(0, 1)) if not steps else 1 - steps[-1].side,
                liftoff_s=time_s,
                touchdown_s=time_s + swing_s,
                forward_m=draw(st.floats(-0.3, 0.4)),
                lateral_m=draw(st.floats(0.12, 0.4)),
                yaw_rad=draw(st.floats(-0.6, 0.6)),
                lift_m=draw(st.floats(0.0, 0.25)),
            )
        )
        time_s += swing_s + draw(st.floats(0.05, 0.9))
    low, high = draw(st.floats(0.5, 0.72)), draw(st.floats(0.66, 0.76))
    speed = draw(st.floats(0.5, 12.0))
    standing = g1.standing_position()[12:]
    return make_reference(
        time_s + draw(st.floats(-0.3, 0.5)),
        steps,
        root_height_m=lambda t: low + (high - low) * (0.5 + 0.5 * np.sin(1.7 * t)),
        arms=lambda t: standing + 0.8 * np.sin(speed * t + np.arange(17)),
    )


@st.composite
def wild_references(draw):
    """Random joints, roots and contacts that no robot could have done."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    frames = draw(st.integers(5, 150))
    smooth = draw(st.integers(1, 20))

    def noise(columns, scale):
        kernel = np.ones(smooth) / smooth
        rows = rng.normal(size=(frames + smooth - 1, columns)) * scale
        return np.stack([np.convolve(c, kernel, mode="valid") for c in rows.T], axis=1)

    quat = noise(4, 0.3) + np.array([1.0, 0.0, 0.0, 0.0])
    return Reference(
        rate_hz=draw(st.sampled_from([12.0, 29.97, 50.0, 120.0])),
        root_position_in_world=np.cumsum(noise(3, 0.02), axis=0) + np.array([0.0, 0.0, 0.7]),
        quat_world_root_wxyz=quat / np.linalg.norm(quat, axis=1, keepdims=True),
        joint_position=noise(29, draw(st.floats(0.01, 3.0))),
        contact=rng.random((frames, 2)) < draw(st.floats(0.1, 1.0)),
        hand_openness=np.full((frames, 2), np.nan),
        source="wild",
    )


def assert_sound(plan):
    assert check_plan(plan) == []
    clock = plan_clock(plan)
    assert (np.diff(clock[:, :2], axis=0) >= -1e-9).all()
    end_s = (len(plan.posture.com_height) - 1) / plan.posture.rate_hz
    assert clock[-1, 1] == pytest.approx(end_s)
    assert len(describe(plan)) >= len(plan.changes)
    listed = {(c.what, round(c.asked, 6)) for c in plan.changes}
    for step in plan.steps:
        if not step.inserted and abs(step.asked.forward_m) - abs(step.forward_m) > 0.021:
            assert ("step shortened", round(step.asked.forward_m, 6)) in listed or any(
                what == "unfinished step" for what, _ in listed
            )
        if not step.inserted and step.asked.lateral_m - step.lateral_m > 0.021:
            assert ("step narrowed", round(step.asked.lateral_m, 6)) in listed


@SETTINGS
@given(reference=stepped_references(), level=LEVELS)
def test_walks_become_feasible_plans(reference, level):
    plan = plan_motion(reference, level)
    assert_sound(plan)
    if level != PlanLevel.STANCE_ONLY:
        yaw = [0.0, 0.0]
        for step in plan.steps:
            yaw[int(step.side)] = yaw[1 - int(step.side)] + step.yaw_rad
        unfinished = any(c.what == "unfinished step" for c in plan.changes)
        w, z = reference.quat_world_root_wxyz[-1, [0, 3]]
        if not unfinished:
            error = np.mean(yaw) - 2 * np.arctan2(z, w)
            assert abs((error + np.pi) % (2 * np.pi) - np.pi) < 0.45


@settings(SETTINGS, max_examples=60)
@given(reference=wild_references(), level=LEVELS)
def test_nonsense_is_refused_or_made_feasible(reference, level):
    try:
        plan = plan_motion(reference, level)
    except PlanningError as error:
        assert "in the air" in str(error) or "not on its feet in frames" in str(error)
        return
    assert_sound(plan)


def test_planning_is_deterministic():
    reference = make_reference(3.0, [Step(0, 0.5, 1.0, 0.3, yaw_rad=0.4), Step(1, 1.1, 1.6, 0.3)])
    first, second = plan_motion(reference), plan_motion(reference)
    assert describe(first) == describe(second)
    assert np.array_equal(first.posture.joint_position, second.posture.joint_position)
    assert np.array_equal(first.posture.com_height, second.posture.com_height)
