"""The clip that ships with the project, through the whole chain, against its exact truth."""

import json
import re

import msgspec
import numpy as np
import pytest

from exoactor_rt.cli.demo import demo_config
from exoactor_rt.config import Config
from exoactor_rt.demo import clip_path, truth_path
from exoactor_rt.errors import HardwareError
from exoactor_rt.pipeline import run_chain, run_options
from exoactor_rt.planning import load_plan, save_plan
from exoactor_rt.progress import StageTimes
from exoactor_rt.recorder import read_log
from exoactor_rt.replay import check_subject, load_subject, robot_limits
from exoactor_rt.replay.check_record import reasons
from exoactor_rt.retarget import load_reference
from exoactor_rt.robots import g1
from exoactor_rt.sim import execute
from exoactor_rt.types import KEYPOINTS
from exoactor_rt.video import open_clip
from exoactor_rt.viz import RobotRenderer

JOINT_RMS_RAD = 0.08
WRIST_RMS_M = 0.05
SQUAT_DEPTH_M = 0.10
STEPS = 2
ROBOT_SHOULDER_HEIGHT_M = 0.29
"""Of the shoulder pitch axes above the pelvis link."""


@pytest.fixture(scope="module")
def demo(pulled_models, tmp_path_factory):
    """The whole chain once, over the remains of an earlier run."""
    folder = tmp_path_factory.mktemp("demo")
    (folder / "report.html").write_text("earlier")
    return run_chain(clip_path(), folder, demo_config(), StageTimes(stream=None))


@pytest.fixture(scope="module")
def truth():
    with np.load(truth_path()) as data:
        return {name: data[name] for name in data.files}


@pytest.fixture(scope="module")
def rendering():
    try:
        with RobotRenderer(64, 64):
            pass
    except HardwareError as error:
        pytest.skip(f"no headless drawing: {error}")


def test_the_verdict_is_pass(demo):
    assert demo.verdict.passed, demo.verdict.reasons


def test_the_robot_follows_within_the_acceptance(demo):
    figures = demo.figures
    assert not figures.fallen
    assert figures.wrist_rms_m <= WRIST_RMS_M
    assert figures.joint_rms_rad <= JOINT_RMS_RAD
    assert figures.squat_depth_m >= SQUAT_DEPTH_M


def test_both_steps_of_the_person_are_done(demo):
    plan = demo.planned.admission.plan
    assert [step.inserted for step in plan.steps].count(False) == STEPS
    assert demo.figures.steps_executed == len(plan.steps)


def test_the_robot_travels_where_the_person_does(demo, truth):
    """Direction against the truth; size smaller than the person's, whose legs are longer."""
    pelvis = truth["keypoints_in_world"][:, 0, :2]
    asked = pelvis[-1] - pelvis[0]
    w, x, y, z = truth["quat_world_segment_wxyz"][0, 0]
    facing = np.arctan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z))
    asked_direction = np.arctan2(asked[1], asked[0]) - facing
    execution = demo.rollout.execution
    root = execution.root_position_in_world[:, :2]
    w, x, y, z = execution.quat_world_root_wxyz[0]
    done = root[-1] - root[0]
    done_direction = np.arctan2(done[1], done[0]) - np.arctan2(
        2 * (w * z + x * y), 1 - 2 * (y * y + z * z)
    )
    off = (done_direction - asked_direction + np.pi) % (2 * np.pi) - np.pi
    assert abs(off) <= np.radians(15.0)
    assert 0.5 <= np.linalg.norm(done) / np.linalg.norm(asked) <= 1.0


def test_the_robot_squats_when_the_person_does(demo, truth):
    pelvis_height = truth["keypoints_in_world"][:, KEYPOINTS.index("pelvis"), 2]
    deepest_s = truth["times_s"][pelvis_height.argmin()]
    execution = demo.rollout.execution
    lowest = execution.root_position_in_world[:, 2].argmin()
    done_s = execution.reference_time_s[lowest] + demo.planned.source.motion.source_start_s
    assert done_s == pytest.approx(deepest_s, abs=0.5)


def test_the_robot_raises_both_arms_when_the_person_does(demo, truth):
    points = truth["keypoints_in_world"]
    execution = demo.rollout.execution
    source_start_s = demo.planned.source.motion.source_start_s
    for side, name in enumerate(("left", "right")):
        wrist = points[:, KEYPOINTS.index(f"{name}_wrist"), 2]
        shoulder = points[:, KEYPOINTS.index(f"{name}_shoulder"), 2]
        raised_s = truth["times_s"][wrist - shoulder > 0.0]
        height = execution.wrist_position_in_pelvis[:, side, 2]
        up = height > ROBOT_SHOULDER_HEIGHT_M
        done_s = execution.reference_time_s[up] + source_start_s
        assert len(raised_s) and len(done_s), name
        assert done_s[0] == pytest.approx(raised_s[0], abs=0.5), name
        assert done_s[-1] == pytest.approx(raised_s[-1], abs=0.5), name


def test_the_same_plan_and_seed_give_the_same_motion_bit_for_bit(demo):
    options = run_options(demo_config(), demo_config().simulation.seed)
    again = execute(load_plan(demo.files["plan"]), options)
    assert again.is_same_motion(demo.rollout)


def test_plan_and_reference_are_read_back_as_they_were(demo, tmp_path):
    again = save_plan(load_plan(demo.files["plan"]), tmp_path / "plan.npz")
    with np.load(again) as one, np.load(demo.files["plan"]) as other:
        assert one.files == other.files
        for name in one.files:
            np.testing.assert_array_equal(one[name], other[name], err_msg=name)
    reference = load_reference(demo.files["reference"])
    np.testing.assert_array_equal(reference.joint_position, demo.planned.reference.joint_position)


def test_the_log_holds_every_tick(demo):
    log = read_log(demo.files["log"])
    assert log.damages == ()
    states = log.on_topic("/control_tick")
    ticks = demo.rollout.ticks["now_ns"]
    assert [message.stamp_ns for message in states] == ticks.tolist()
    duration_s = demo.rollout.execution.duration_s
    assert len(states) == pytest.approx(500.0 * duration_s, rel=0.01)
    attached = {"plan.npz", "reference.npz", "config.json", "guard_limits.json", "clip_view.npz"}
    assert set(log.attachments) == attached
    assert msgspec.json.decode(log.attachments["config.json"], type=Config) == demo_config()
    assert log.attachments["plan.npz"][:2] == b"PK"
    assert log.metadata["input"] == clip_path().name
    assert len(log.on_topic("/joint_commands")) == pytest.approx(len(states) / 10, abs=1)


def test_log_plan_and_reference_pass_their_checks(demo):
    for name in ("log", "plan", "reference"):
        result = check_subject(load_subject(demo.files[name]), robot_limits())
        assert result.passed, (name, reasons(result))


def test_the_film_can_be_played_and_is_as_long_as_the_motion(demo, rendering):
    with open_clip(demo.files["film"]) as film:
        frames = sum(1 for _ in film)
        duration_s = film.info.duration_s
    assert frames == film.info.frame_count
    assert duration_s == pytest.approx(demo.rollout.execution.duration_s, abs=0.5)


def test_the_report_tells_verdict_and_every_change(demo):
    page = demo.files["report"].read_text(encoding="utf-8")
    assert "<strong>PASS</strong>" in page
    changes = demo.planned.admission.plan.changes
    assert changes, "the demo's plan changes something; otherwise this checks nothing"
    for change in changes:
        assert change.what in page
        assert change.why in page
    for criterion in demo.verdict.criteria:
        assert criterion.name in page
    assert not re.search(r'(?:src|href)="(?!data:|#)', page), "the page needs other files"


def test_the_reports_data_agree_with_the_run(demo):
    data = json.loads(demo.files["data"].read_text(encoding="utf-8"))
    assert data["verdict"]["passed"] is True
    assert data["execution"]["fallen"] is False
    assert data["figures"]["steps_executed"] == demo.figures.steps_executed
    assert data["figures"]["wrist_rms_m"] == pytest.approx(demo.figures.wrist_rms_m, rel=1e-4)
    assert len(data["plan"]["changes"]) == len(demo.planned.admission.plan.changes)
    assert set(data["stage_times_s"]) >= {"perception", "motion", "retarget", "execution"}
    assert data["clip"]["sha256"] == demo.planned.source.clip.sha256


def test_every_file_is_there_and_nothing_half_written(demo):
    folder = demo.files["report"].parent
    there = {path.name for path in folder.iterdir()}
    assert there == {path.name for path in demo.files.values()}
    assert all(path.stat().st_size > 500 for path in demo.files.values())


def test_the_plan_fits_the_robot(demo):
    plan = demo.planned.admission.plan
    table = g1.joint_table()
    joints = np.asarray(plan.posture.joint_position)
    assert (joints >= np.asarray(table.lower_rad) - 1e-6).all()
    assert (joints <= np.asarray(table.upper_rad) + 1e-6).all()
