"""The checks: forty spoilt motions are refused for the right reason, good ones are not."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from check_cases import BAD_LOGS, BAD_MOTIONS, good_log, good_reference
from planning_cases import make_reference, walk
from tick_columns import make_columns

from exoactor_rt.errors import ConfigError, RetargetError
from exoactor_rt.planning import plan_clock, plan_motion
from exoactor_rt.replay import (
    check_subject,
    load_site_limits,
    load_subject,
    robot_limits,
    subject_of_plan,
    subject_of_reference,
)
from exoactor_rt.replay.check_record import reasons
from exoactor_rt.replay.checks import ALL_CHECKS, Evidence
from exoactor_rt.replay.checks.check import LOG, Check, judge_signal, single
from exoactor_rt.replay.checks.clearance import pair_clearance
from exoactor_rt.replay.checks.support import support_margin
from exoactor_rt.retarget import save_reference
from exoactor_rt.robots import g1
from exoactor_rt.robots.g1.collision_shapes import collision_shapes

GOOD_SHARED = ("gmt_dance_waltz", "gmt_squat", "gmt_walk_stand")
TICKS = 1200
LIMITS = robot_limits()


def first_reason(subject):
    violations = check_subject(subject, LIMITS).violations
    return violations[0][0].name if violations else "none"


def spoilt(cases, seeds):
    return [
        pytest.param(spoil, seed, name, id=f"{spoil.__name__}-{seed}")
        for spoil, name in cases.items()
        for seed in seeds
    ]


@pytest.mark.parametrize(("spoil", "seed", "expected"), spoilt(BAD_MOTIONS, (1, 2)))
def test_a_spoilt_motion_is_refused_for_the_right_reason(spoil, seed, expected):
    rng = np.random.default_rng(seed)
    subject = subject_of_reference(spoil(good_reference(seed), rng), spoil.__name__)
    assert first_reason(subject) == expected, reasons(check_subject(subject, LIMITS))


@pytest.mark.parametrize(("spoil", "seed", "expected"), spoilt(BAD_LOGS, (3,)))
def test_a_spoilt_log_is_refused_for_the_right_reason(spoil, seed, expected):
    columns = spoil(make_columns(TICKS, seed=seed), np.random.default_rng(seed))
    subject = good_log(columns)
    assert first_reason(subject) == expected, reasons(check_subject(subject, LIMITS))


@pytest.mark.parametrize("seed", range(5))
def test_good_motions_and_logs_pass(seed):
    for subject in (
        subject_of_reference(good_reference(seed), "good"),
        good_log(make_columns(TICKS, seed=seed)),
    ):
        result = check_subject(subject, LIMITS)
        assert result.passed, reasons(result)


@pytest.mark.parametrize("name", GOOD_SHARED)
def test_good_shared_motions_pass(shared_data, name):
    result = check_subject(load_subject(shared_data / "motions/g1" / f"{name}.npz"), LIMITS)
    assert result.passed, reasons(result)


def test_a_shared_motion_that_jumps_is_refused(shared_data):
    subject = load_subject(shared_data / "motions/g1/twist2_walk_004.npz")
    failed = {check.name for check, _ in check_subject(subject, LIMITS).violations}
    assert {"base_speed", "velocity", "tilt"} <= failed


def test_a_finding_tells_limit_worst_value_time_joint_duration_and_margin():
    columns = make_columns(TICKS)
    columns["sensed_velocity"][500:530, 3] = -12.5
    result = check_subject(good_log(columns), LIMITS)
    found = {check.name: found for check, found in result.findings}["velocity"]
    assert not found.passed
    assert (found.worst, found.limit, found.where) == (-12.5, -10.0, "left_knee_joint")
    assert found.margin == pytest.approx(-2.5)
    assert found.first_s == pytest.approx(1.0)
    assert found.over_s == pytest.approx(0.06)
    assert "left_knee" in reasons(result)[0]


def test_what_is_shorter_than_the_debounce_does_not_count():
    check = Check("x", "x", "", LOG, lambda *_: None, debounce_s=0.01)
    times = 0.002 * np.arange(100)
    for length, passes in ((1, True), (4, True), (5, False), (20, False)):
        value = np.zeros(100)
        value[30 : 30 + length] = 2.0
        found = judge_signal(check, single(times, value, upper=1.0))
        assert found.passed is passes, length
        assert found.over_s == pytest.approx(0 if passes else 0.002 * length)


def test_a_log_that_lacks_what_must_be_judged_does_not_pass():
    columns = make_columns(TICKS)
    del columns["sent_stiffness"]
    result = check_subject(good_log(columns), LIMITS)
    assert [check.name for check, _ in result.violations] == ["command_step"]
    assert "no column sent_stiffness" in reasons(result)[0]


def test_damage_and_dropped_ticks_never_pass():
    good = good_log(make_columns(TICKS))
    assert first_reason(replace(good, damages=("byte 7: cut short",))) == "log_integrity"
    assert first_reason(replace(good, dropped_ticks=1)) == "log_integrity"


def test_files_of_references_with_numbers_that_are_not_finite_are_unreadable(tmp_path):
    reference = good_reference()
    reference.joint_position[7, 3] = np.nan
    save_reference(reference, tmp_path / "bad.npz")
    with pytest.raises(RetargetError, match="joint_position is not finite"):
        load_subject(tmp_path / "bad.npz")


def site(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "site.toml"
    path.write_text(text)
    return path


def test_a_site_tightens_limits(tmp_path):
    path = site(
        tmp_path,
        "[limits]\ntilt_rad = 0.3\nself_collision_m = 0.01\n"
        "[joints.left_knee_joint]\nvelocity_rad_s = 4.0\nlower_rad = 0.0\n",
    )
    limits = load_site_limits(path)
    knee = g1.joint_table().index("left_knee_joint")
    assert (limits.scalar.tilt_rad, limits.scalar.self_collision_m) == (0.3, 0.01)
    assert (limits.velocity_rad_s[knee], limits.lower_rad[knee]) == (4.0, 0.0)
    assert limits.velocity_rad_s[knee + 1] == LIMITS.velocity_rad_s[knee + 1]


@pytest.mark.parametrize(
    "text",
    [
        "[limits]\ntilt_rad = 0.9\n",
        "[limits]\nself_collision_m = -0.02\n",
        "[limits]\nbattery_percent = 5.0\n",
        "[limits]\nno_such = 1.0\n",
        "[limits]\ntilt_rad = nan\n",
        "[joints.left_knee_joint]\nvelocity_rad_s = 15.0\n",
        "[joints.left_knee_joint]\nupper_rad = nan\n",
        "[joints.left_knee_joint]\nlower_rad = -0.2\n",
        "[joints.tail_joint]\nupper_rad = 0.0\n",
        "tilt = [",
    ],
)
def test_a_site_never_loosens_a_limit(tmp_path, text):
    with pytest.raises(ConfigError, match="nothing checked"):
        load_site_limits(site(tmp_path, text))


def test_clearance_is_mujocos_distance():
    mujoco = pytest.importorskip("mujoco")
    model = mujoco.MjModel.from_xml_path(str(g1.scene_path()))
    data = mujoco.MjData(model)
    rng = np.random.default_rng(4)
    table, shapes = g1.joint_table(), collision_shapes()
    joints = rng.uniform(table.lower_rad, table.upper_rad, (20, 29))
    reference = good_reference()
    rows = slice(0, 20)
    subject = subject_of_reference(
        replace(
            reference,
            joint_position=joints,
            root_position_in_world=reference.root_position_in_world[rows],
            quat_world_root_wxyz=reference.quat_world_root_wxyz[rows],
            contact=reference.contact[rows],
        ),
        "random",
    )
    evidence = Evidence(subject)
    ours = pair_clearance(*evidence.links)
    for row in range(20):
        data.qpos[:3], data.qpos[3:7] = evidence.root[row], evidence.attitude[row]
        data.qpos[7:] = joints[row]
        mujoco.mj_forward(model, data)
        np.testing.assert_allclose(evidence.com[row], data.subtree_com[1], atol=1e-9)
        for column, label in enumerate(shapes.labels):
            first, second = (
                model.geom(f"{part.replace(' ', '_')}_collision").id for part in label.split(" - ")
            )
            theirs = mujoco.mj_geomDistance(model, data, first, second, 10.0, np.zeros(6))
            assert ours[row, column] == pytest.approx(theirs, abs=1e-6), label


def test_support_margin_of_two_soles():
    sole = np.array([[-0.05, 0.03, 0], [-0.05, -0.03, 0], [0.12, 0.03, 0], [0.12, -0.03, 0]])
    apart = np.array([0, 0.1, 0])
    soles = np.stack([sole + apart, sole - apart])[None].repeat(4, axis=0)
    points = np.array([[0.035, 0.0], [0.0, 0.1], [0.2, 0.0], [0.0, 0.0]])
    both, left = np.ones((4, 2), bool), np.array([[True, False]] * 4)
    np.testing.assert_allclose(
        support_margin(points, soles, both), [0.085, 0.03, -0.08, 0.05], atol=1e-9
    )
    np.testing.assert_allclose(
        support_margin(points, soles, left)[[1, 3]], [0.03, -0.07], atol=1e-9
    )
    assert np.isnan(support_margin(points, soles, ~both)).all()


def test_a_plan_that_walks_at_once_is_in_its_posture_after_the_first_weight_shift():
    plan = plan_motion(make_reference(3.0, walk(4, 0.15, start_s=0.1)))
    first = next(place for place, phase in enumerate(plan.phases) if phase.step_count)
    assert (plan.phases[first].blend_start, plan.phases[first].blend_end) == (0.0, 1.0)
    posture, elbow = plan.posture, 18
    joints = np.array(posture.joint_position)
    joints[:, elbow] = plan.standing_position[elbow] + 0.3
    posture.joint_position = joints
    plan.posture = posture
    begins_s, shifted_s = plan_clock(plan)[first : first + 2, 0]
    lands_s = plan_clock(plan)[first + 2 * plan.phases[first].step_count, 0]
    subject = subject_of_plan(plan, "walk")
    moved = subject.joint_position[:, elbow] - plan.standing_position[elbow]
    half = np.interp(0.5 * (begins_s + shifted_s), subject.times_s, moved)
    assert half == pytest.approx(0.15, abs=0.02)
    walking = (subject.times_s > shifted_s + 0.01) & (subject.times_s < lands_s)
    assert walking.sum() > 50
    np.testing.assert_allclose(moved[walking], 0.3, atol=1e-9)


def test_names_of_checks_are_unique():
    names = [check.name for check in ALL_CHECKS]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("count", [1, 2, 3, 9])
def test_short_logs_and_references_are_judged(count):
    log = check_subject(good_log(make_columns(count)), LIMITS)
    assert log.passed, reasons(log)
    reference = good_reference()
    rows = {
        name: getattr(reference, name)[:count]
        for name in ("root_position_in_world", "quat_world_root_wxyz", "joint_position", "contact")
    }
    short = check_subject(subject_of_reference(replace(reference, **rows), "short"), LIMITS)
    assert short.passed, reasons(short)


def test_a_log_of_a_robot_that_was_never_driven_is_judged_on_what_was_measured():
    columns = make_columns(TICKS) | {"guard_state": np.zeros(TICKS, np.int64)}
    result = check_subject(good_log(columns), LIMITS)
    assert result.passed, reasons(result)
    skipped = {check.name for check, found in result.findings if found.skipped}
    assert {"command_step", "command_period", "self_collision"} <= skipped
    columns["sensed_velocity"][300:320, 5] = 20.0
    assert first_reason(good_log(columns)) == "velocity"


@pytest.mark.parametrize("name", ["sensed_position", "sensed_velocity", "quat_world_base_wxyz"])
def test_a_column_that_is_never_finite_is_told(name):
    columns = make_columns(TICKS)
    columns[name] = np.full_like(columns[name], np.nan)
    assert first_reason(good_log(columns)) == "not_finite"
