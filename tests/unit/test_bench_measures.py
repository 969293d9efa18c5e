"""Keypoint errors, drift, slide and departure of the benchmark, on made-up data."""

import numpy as np
import pytest

from exoactor_rt.bench.conditions import Conditions
from exoactor_rt.bench.departure import departure_of, touch_downs
from exoactor_rt.bench.feet import FootPoses, foot_slide_m_s, planned_end, root_drift
from exoactor_rt.errors import ConfigError
from exoactor_rt.planning import Footstep, Plan, PlanChange, Side
from exoactor_rt.replay.trials import NOMINAL, PERTURBED
from exoactor_rt.retarget.keypoints import (
    HEAD_IN_TORSO_M,
    keypoint_errors_mm,
    keypoints_in_pelvis,
    mean_mm,
)
from exoactor_rt.robots import g1


def step(side, forward_m=0.0, yaw_rad=0.0, asked_m=0.0, inserted=False):
    made = Footstep()
    made.side, made.forward_m, made.yaw_rad, made.inserted = side, forward_m, yaw_rad, inserted
    made.lateral_m = 0.2
    asked = made.asked
    asked.forward_m = asked_m
    made.asked = asked
    return made


def plan_of(*steps):
    plan = Plan()
    plan.steps = list(steps)
    return plan


def feet_at(left, right):
    return np.array([left, right], dtype=float)


def test_keypoints_move_with_their_joints_only():
    still = np.tile(g1.standing_position(), (3, 1))
    moved = still.copy()
    moved[:, g1.joint_table().index("left_elbow_joint")] += 0.3
    errors = keypoint_errors_mm(keypoints_in_pelvis(moved), keypoints_in_pelvis(still))
    assert errors["left_wrist"] > 20
    assert all(error < 1e-9 for name, error in errors.items() if name != "left_wrist")
    assert mean_mm(errors) == pytest.approx(errors["left_wrist"] / len(errors))
    assert mean_mm(errors, ("left_knee", "right_knee")) == pytest.approx(0.0)


def test_head_turns_with_the_waist():
    joints = np.zeros((2, 29))
    joints[1, g1.joint_table().index("waist_pitch_joint")] = 0.5
    head = keypoints_in_pelvis(joints)["head"]
    expected = HEAD_IN_TORSO_M[2] * np.array([np.sin(0.5), 0.0, np.cos(0.5) - 1.0])
    np.testing.assert_allclose(head[1] - head[0], expected, atol=1e-9)


def test_keypoint_errors_are_means_over_samples():
    wanted = {"head": np.zeros((2, 3)), "unknown": np.zeros((2, 3))}
    got = {"head": np.array([[0.003, 0.004, 0.0], [0.0, 0.0, 0.0]])}
    assert keypoint_errors_mm(got, wanted) == {"head": pytest.approx(2.5)}
    assert keypoint_errors_mm({"head": np.zeros((0, 3))}, {"head": np.zeros((0, 3))}) == {}
    assert mean_mm({}) is None


def test_steps_are_chained_over_the_stance_foot():
    quarter = np.pi / 2
    plan = plan_of(step(Side.LEFT, 0.3, quarter), step(Side.RIGHT, 0.1))
    xy_m, yaw_rad = planned_end(plan, feet_at([0, 0.1], [0, -0.1]), np.zeros(2))
    np.testing.assert_allclose(xy_m[0], [0.3, 0.1], atol=1e-12)
    np.testing.assert_allclose(xy_m[1], [0.3 + 0.2, 0.1 + 0.1], atol=1e-12)
    np.testing.assert_allclose(yaw_rad, [quarter, quarter])


def test_drift_is_what_the_steps_do_not_explain():
    plan = plan_of(step(Side.LEFT, 0.3), step(Side.RIGHT))
    position = np.zeros((2, 2, 3))
    position[0, :, :2] = feet_at([0, 0.1], [0, -0.1])
    position[1, :, :2] = feet_at([0.34, 0.13], [0.34, -0.07])
    yaw_rad = np.array([[0.0, 0.0], [0.1, 0.1]])
    drift = root_drift(plan, FootPoses(position, yaw_rad))
    assert drift.xy_m == pytest.approx(0.05)
    assert drift.yaw_deg == pytest.approx(np.degrees(0.1))


def test_only_standing_feet_slide():
    times_s = np.arange(5) / 10
    position = np.zeros((5, 2, 3))
    position[:, 0, 0] = times_s * 2.0
    position[:, 1, 1] = times_s * 0.1
    feet = FootPoses(position, np.zeros((5, 2)))
    contact = np.tile([0.0, 1.0], (5, 1))
    always = np.ones(5, dtype=bool)
    assert foot_slide_m_s(times_s, feet, contact, always) == pytest.approx(0.1)
    assert foot_slide_m_s(times_s, feet, contact * 0, always) is None
    assert foot_slide_m_s(times_s, feet, contact, ~always) is None


def test_touch_downs_count_both_feet():
    contact = np.ones((8, 2), dtype=bool)
    contact[2:4, 0] = contact[5:7, 1] = contact[7:, 0] = False
    assert touch_downs(contact) == 2


def test_departure_scales_and_counts():
    change = PlanChange()
    change.what = "step shortened"
    plan = plan_of(
        step(Side.LEFT, 0.2, asked_m=0.4),
        step(Side.RIGHT, -0.2, asked_m=-0.4),
        step(Side.LEFT, 0.04, asked_m=0.04),
        step(Side.RIGHT, inserted=True),
    )
    plan.changes = [change, change]
    departure = departure_of(plan, 5)
    assert departure.forward_scale == pytest.approx(0.5)
    assert (departure.steps_kept, departure.steps_inserted, departure.steps_dropped) == (3, 1, 2)
    assert departure.changes == {"step shortened": 2}
    assert departure_of(plan_of(), 0).forward_scale is None


def test_push_has_the_impulse_and_differs_by_motion():
    conditions = Conditions(push_ns=10.0, latency_ms=4.0, mass_scale=1.1, seed=3)
    first = conditions.execution(Plan(), "a").sim
    second = conditions.execution(Plan(), "b").sim
    push = first.pushes[0]
    assert np.linalg.norm(push.force_in_world) * push.duration_s == pytest.approx(10.0)
    assert push.force_in_world != second.pushes[0].force_in_world
    assert first == conditions.execution(Plan(), "a").sim
    assert (first.latency_s, first.mass_scale, first.seed) == (0.004, 1.1, 3)


def test_rehearsals_are_nominal_with_another_seed():
    conditions = Conditions(push_ns=10.0, friction=0.3, latency_ms=4.0, mass_scale=1.1, seed=3)
    assert conditions.rehearsal().sim == Conditions(seed=4).execution(Plan(), "a").sim


@pytest.mark.parametrize(("rehearsals", "kept"), [("all", 9), ("undisturbed", 1), ("none", 0)])
def test_a_benchmark_may_rehearse_less(rehearsals, kept):
    assert len(Conditions(rehearsals=rehearsals).trials((NOMINAL, *PERTURBED))) == kept


@pytest.mark.parametrize(
    "values",
    [
        {"friction": 0.0},
        {"push_ns": -1.0},
        {"mass_scale": float("nan")},
        {"controller": "magic"},
        {"rehearsals": "few"},
    ],
)
def test_conditions_out_of_bounds_are_refused(values):
    with pytest.raises(ConfigError, match="allowed"):
        Conditions(**values)
