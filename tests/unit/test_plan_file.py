"""Plans saved and loaded."""

import json

import numpy as np
import pytest
from planning_cases import make_reference, walk

from exoactor_rt.errors import PlanningError
from exoactor_rt.planning import FootKeyframe, describe, load_plan, plan_motion, save_plan


@pytest.fixture(scope="module")
def plan():
    return plan_motion(make_reference(4.0, walk(4, 0.35)))


def rewrite(path, change):
    with np.load(path) as archive:
        arrays = {name: archive[name] for name in archive.files}
    change(arrays)
    with path.open("wb") as file:
        np.savez_compressed(file, **arrays)


def test_round_trip_is_exact(plan, tmp_path):
    loaded = load_plan(save_plan(plan, tmp_path / "walk.plan"))
    assert describe(loaded) == describe(plan)
    assert loaded.level == plan.level
    for name in (
        "joint_position", "quat_heading_torso_wxyz", "quat_heading_pelvis_wxyz", "com_height",
    ):  # fmt: skip
        assert np.array_equal(getattr(loaded.posture, name), getattr(plan.posture, name))
    assert np.array_equal(loaded.standing_position, plan.standing_position)
    for ours, theirs in zip(plan.steps, loaded.steps, strict=True):
        for field in ("side", "forward_m", "lateral_m", "yaw_rad", "swing_s", "lift_m", "inserted"):
            assert getattr(ours, field) == getattr(theirs, field)
        assert ours.asked.forward_m == theirs.asked.forward_m
        assert ours.reference_touchdown_s == theirs.reference_touchdown_s
    assert [p.duration_s for p in plan.phases] == [p.duration_s for p in loaded.phases]
    assert list(tmp_path.iterdir()) == [tmp_path / "walk.plan"]


def test_a_held_foot_comes_back(plan, tmp_path):
    plan, steps = type(plan)(plan), plan.steps
    frames = [FootKeyframe(), FootKeyframe()]
    frames[0].time_s, frames[1].time_s, frames[1].pitch_rad = 0.5, 1.0, 0.25
    plan.foot_keyframes = frames
    steps[1].swing_s, steps[1].first_keyframe, steps[1].keyframe_count = 2.0, 1, 1
    plan.steps = steps
    loaded = load_plan(save_plan(plan, tmp_path / "kick.plan"))
    assert [(s.first_keyframe, s.keyframe_count) for s in loaded.steps][1] == (1, 1)
    assert [(f.time_s, f.pitch_rad) for f in loaded.foot_keyframes] == [(0.5, 0.0), (1.0, 0.25)]


def set_item(name, index, value):
    def change(arrays):
        arrays[name] = arrays[name].copy()
        arrays[name][index] = value

    return change


def set_header(**fields):
    def change(arrays):
        header = {**json.loads(str(arrays["header"])), **fields}
        arrays["header"] = np.array(json.dumps(header))

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda arrays: arrays.pop("com_height"), "'com_height' is missing"),
        (set_item("com_height", 3, np.nan), "not finite"),
        (set_item("com_height", 3, 0.2), "height m"),
        (set_item("steps", (0, 0), 0.5), "forward m 0.500"),
        (set_item("steps", (0, 0), np.inf), "not finite"),
        (set_item("steps_kind", (0, 0), 7), "damaged"),
        (set_item("phases_kind", (3, 2), 9), "steps out of order"),
        (set_item("joint_position", (5, 18), 2.9), "allowed"),
        (lambda a: a.update(joint_position=a["joint_position"][:, :28]), "shape"),
        (lambda a: a.update(com_height=a["com_height"][:-4]), "length"),
        (set_header(version=99), "version 99, allowed 2"),
        (set_header(level="WILD"), "damaged"),
        (set_header(posture_rate_hz=10**400), "damaged"),
        (set_header(version="\ud800"), "version"),
        (set_header(schema="other"), "not a plan file"),
        (set_header(posture_rate_hz=float("nan")), "rate"),
    ],
)
def test_damaged_plans_are_refused(plan, tmp_path, change, message):
    path = save_plan(plan, tmp_path / "plan")
    rewrite(path, change)
    with pytest.raises(PlanningError, match=message):
        load_plan(path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04junk", b"text", None])
def test_other_files_are_refused(tmp_path, content):
    path = tmp_path / "plan"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(PlanningError, match="not a plan file"):
        load_plan(path)


def test_truncated_plan_is_refused(plan, tmp_path):
    path = save_plan(plan, tmp_path / "plan")
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(PlanningError):
        load_plan(path)


def test_infeasible_plan_is_not_saved(plan, tmp_path):
    steps = plan.steps
    steps[0].forward_m = 1.0
    broken = type(plan)(plan)
    broken.steps = steps
    with pytest.raises(PlanningError, match="forward"):
        save_plan(broken, tmp_path / "plan")
    assert list(tmp_path.iterdir()) == []


def test_folder_that_is_missing_is_told(plan, tmp_path):
    with pytest.raises(PlanningError, match="cannot be written"):
        save_plan(plan, tmp_path / "nowhere" / "plan")
