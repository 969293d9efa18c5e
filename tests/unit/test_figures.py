"""Figures of executions whose errors are known."""

from dataclasses import replace

import numpy as np
import pytest
from synthetic_run import make_execution, make_reference

from exoactor_rt.replay import measure
from exoactor_rt.robots import g1

WAIST = g1.joint_table().index("waist_yaw_joint")
ARMS = g1.joint_table().index("left_shoulder_pitch_joint")
REFERENCE = make_reference()


def perfect(**changes):
    """The reference at half its speed, done exactly; wrists known."""
    made = make_execution(REFERENCE)
    wrists = np.zeros((len(made.times_s), 2, 3))
    exact = {
        "joint_position": made.planned_joint_position,
        "wrist_position_in_pelvis": wrists,
        "planned_wrist_position_in_pelvis": wrists,
        "steps_executed": 2,
    }
    return replace(made, **{**exact, **changes})


def turned(execution, yaw_rad):
    """The same execution, turning at a constant rate by `yaw_rad` in all."""
    half = np.linspace(0.0, yaw_rad, len(execution.times_s)) / 2
    quat = np.stack([np.cos(half), 0 * half, 0 * half, np.sin(half)], axis=1)
    return replace(execution, quat_world_root_wxyz=quat)


def test_a_perfect_execution_has_no_errors():
    figures = measure(perfect(), REFERENCE)
    assert figures.joint_rms_rad == figures.arm_rms_rad == figures.wrist_rms_m == 0.0
    assert figures.heading_error_rad == pytest.approx(0.0, abs=1e-9)
    assert figures.max_tilt_rad == pytest.approx(0.0, abs=1e-6)
    assert figures.duration_ratio == pytest.approx(2.0)
    assert figures.reference_left_s == pytest.approx(0.0, abs=1e-9)
    assert figures.travel_m == figures.squat_depth_m == 0.0


def test_joint_error_counts_waist_and_arms_but_not_legs():
    planned = perfect().planned_joint_position
    error = np.zeros(29)
    error[:WAIST] = 0.5
    error[WAIST:ARMS] = 0.1
    error[ARMS:] = 0.02
    figures = measure(perfect(joint_position=planned + error), REFERENCE)
    count = 29 - WAIST
    waist = ARMS - WAIST
    expected = np.sqrt((waist * 0.1**2 + (count - waist) * 0.02**2) / count)
    assert figures.joint_rms_rad == pytest.approx(expected)
    assert figures.arm_rms_rad == pytest.approx(0.02)


def test_wrist_error_is_a_distance():
    wrists = perfect().wrist_position_in_pelvis + np.array([0.03, 0.0, 0.04])
    figures = measure(perfect(wrist_position_in_pelvis=wrists), REFERENCE)
    assert figures.wrist_rms_m == pytest.approx(0.05)


def test_errors_count_only_where_the_reference_is_followed_fully():
    execution = perfect()
    blend = np.ones(len(execution.times_s))
    blend[:100] = 0.5
    wrong = execution.planned_joint_position.copy()
    wrong[:100] += 1.0
    figures = measure(perfect(joint_position=wrong, blend=blend), REFERENCE)
    assert figures.joint_rms_rad == 0.0
    assert figures.duration_ratio == pytest.approx(1.5)


@pytest.mark.parametrize("yaw_rad", [0.3, -0.3, 3.0])
def test_heading_error_is_the_turn_that_the_reference_does_not_have(yaw_rad):
    figures = measure(turned(perfect(), yaw_rad), REFERENCE)
    assert figures.heading_error_rad == pytest.approx(abs(yaw_rad), abs=1e-6)


def test_heading_error_does_not_depend_on_the_initial_heading():
    quat = np.tile([0.0, 0.0, 0.0, 1.0], (len(perfect().times_s), 1))
    figures = measure(perfect(quat_world_root_wxyz=quat), REFERENCE)
    assert figures.heading_error_rad == pytest.approx(0.0, abs=1e-6)


def test_tilt_and_squat():
    execution = perfect()
    root = execution.root_position_in_world.copy()
    root[200, 2] -= 0.21
    quat = execution.quat_world_root_wxyz.copy()
    quat[300] = [np.cos(0.2), 0.0, np.sin(0.2), 0.0]
    figures = measure(perfect(root_position_in_world=root, quat_world_root_wxyz=quat), REFERENCE)
    assert figures.squat_depth_m == pytest.approx(0.21)
    assert figures.min_pelvis_height_m == pytest.approx(root[200, 2])
    assert figures.max_tilt_rad == pytest.approx(0.4)


def test_torque_is_a_share_of_the_joints_own_limit():
    torque = np.zeros((len(perfect().times_s), 29))
    torque[50, 3] = -0.9 * g1.joint_table().effort_nm[3]
    assert measure(perfect(joint_torque=torque), REFERENCE).max_torque_share == pytest.approx(0.9)


def test_an_execution_that_stops_half_way_is_told():
    half = perfect().take(np.arange(201))
    assert measure(half, REFERENCE).reference_left_s == pytest.approx(1.0)


def test_what_was_never_followed_is_not_a_number():
    execution = perfect(blend=np.zeros(len(perfect().times_s)))
    figures = measure(execution, REFERENCE)
    unknown = (figures.joint_rms_rad, figures.arm_rms_rad, figures.wrist_rms_m)
    assert np.isnan([*unknown, figures.duration_ratio]).all()


def test_wrists_that_were_not_recorded_are_not_a_number():
    assert np.isnan(measure(perfect(wrist_position_in_pelvis=None), REFERENCE).wrist_rms_m)
