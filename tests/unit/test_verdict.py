"""The verdict fails closed, for each reason by itself."""

from dataclasses import fields, replace
from math import nan

import pytest

from exoactor_rt.config import VerdictConfig
from exoactor_rt.replay import Figures, judge

LIMITS = VerdictConfig()
GOOD = Figures(
    fallen=False,
    fall_reason="",
    min_pelvis_height_m=0.6,
    max_tilt_rad=0.2,
    squat_depth_m=0.1,
    joint_rms_rad=0.03,
    arm_rms_rad=0.03,
    wrist_rms_m=0.02,
    keypoint_error_m=0.03,
    heading_error_rad=0.1,
    heading_rms_rad=0.1,
    duration_ratio=1.4,
    steps_planned=4,
    steps_executed=4,
    max_torque_share=0.8,
    travel_m=0.5,
    reference_left_s=0.0,
)
BAD = {
    "min_pelvis_height_m": 0.39,
    "max_tilt_rad": 0.71,
    "joint_rms_rad": 0.11,
    "wrist_rms_m": 0.081,
    "heading_error_rad": 0.36,
    "duration_ratio": 2.6,
    "steps_executed": 3,
    "max_torque_share": 1.01,
    "reference_left_s": 0.5,
}
STEPPING = ("heading_error_rad", "duration_ratio", "steps_executed")
NOT_JUDGED = ("arm_rms_rad", "heading_rms_rad", "keypoint_error_m", "squat_depth_m", "travel_m")


def test_a_good_execution_passes():
    verdict = judge(GOOD, LIMITS)
    assert verdict.passed
    assert verdict.reasons == ()
    assert all(criterion.passed for criterion in verdict.criteria)


@pytest.mark.parametrize(("name", "value"), BAD.items())
def test_each_figure_alone_can_fail(name, value):
    verdict = judge(replace(GOOD, **{name: value}), LIMITS)
    assert not verdict.passed
    assert len(verdict.reasons) == 1
    assert [criterion.got for criterion in verdict.criteria if not criterion.passed] == [value]


@pytest.mark.parametrize("name", BAD)
def test_not_a_number_fails(name):
    assert not judge(replace(GOOD, **{name: nan}), LIMITS).passed


def test_every_figure_is_judged_or_known_not_to_be():
    known = {*BAD, *NOT_JUDGED, "fallen", "fall_reason", "steps_planned"}
    assert known == {entry.name for entry in fields(Figures)}


def test_a_fall_fails_whatever_the_figures_and_comes_first():
    verdict = judge(replace(GOOD, fallen=True, fall_reason="pelvis below 0.4 m"), LIMITS)
    assert verdict.reasons == ("pelvis below 0.4 m",)
    assert not verdict.passed
    assert judge(replace(GOOD, fallen=True), LIMITS).reasons == ("the robot fell",)


@pytest.mark.parametrize("name", STEPPING)
def test_a_plan_without_steps_is_not_judged_on_stepping(name):
    standing = replace(GOOD, steps_planned=0, steps_executed=0)
    assert judge(replace(standing, **{name: BAD[name]}), LIMITS).passed


def test_limits_are_those_of_the_configuration():
    strict = VerdictConfig(joint_rms_rad=0.02)
    verdict = judge(GOOD, strict)
    assert not verdict.passed
    assert "0.03 rad, allowed 0.02 rad" in verdict.reasons[0]
