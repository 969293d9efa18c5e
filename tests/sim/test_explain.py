"""What a log tells of stops and falls, in words a person can act upon."""

import json
from dataclasses import replace

import numpy as np
import pytest
from plans import plan, posture_track, stance
from rerun_cases import log_of, pushed, short_walk, wave

from exoactor_rt import _core
from exoactor_rt.cli.main import main
from exoactor_rt.errors import LogError
from exoactor_rt.recorder import LogEvent, read_run
from exoactor_rt.replay.clip_view import CLIP_VIEW_ATTACHMENT, PARTS, ClipView, pack_clip_view
from exoactor_rt.replay.explain import Origin, explain
from exoactor_rt.replay.explain.incident import IncidentKind
from exoactor_rt.robots import g1
from exoactor_rt.sim import RunOptions, SimOptions
from exoactor_rt.sim.options import Dropout

Cause = _core.safety.TripCause


@pytest.fixture(scope="module")
def toppled(tmp_path_factory):
    path = tmp_path_factory.mktemp("explain") / "toppled.mcap"
    log_of(path, short_walk(), pushed(900.0, 3.0, hold_s=0.2))
    return path


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    path = tmp_path_factory.mktemp("explain") / "clean.mcap"
    log_of(path, wave(), RunOptions(hold_s=0.2))
    return path


def only(found):
    assert len(found) == 1
    return found[0]


def test_a_push_that_topples_points_to_what_touched_the_robot(toppled, tmp_path, capsys):
    found = only(explain(read_run(toppled)))
    assert found.incident.kind is IncidentKind.TRIP
    assert 3.0 < found.incident.time_s < 3.5
    assert found.origin is Origin.SURROUNDINGS
    assert "pushed the robot" in found.because
    assert "capture point" in found.led_to[0]
    lead_s = float(found.led_to[0].split()[0])
    assert 3.0 < found.incident.time_s - lead_s < 3.2, "it began with the push"
    assert any("rad/s: " in line for line in found.trend)
    assert any("fell" in text for text in found.incident.follows)
    outcome = tmp_path / "out.json"
    assert main(["explain", str(toppled), "--json", str(outcome)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("what       at 3.")
    assert any(line.startswith("next       look at the robot's surroundings") for line in lines)
    record = json.loads(outcome.read_text())
    assert record["happened"] is True
    assert record["explanations"][0]["origin"] == Origin.SURROUNDINGS.value


def test_nothing_happened_in_a_clean_run(clean, capsys):
    found = only(explain(read_run(clean)))
    assert found.incident is None
    assert found.origin is Origin.NONE
    assert main(["explain", str(clean)]) == 0
    assert capsys.readouterr().out.startswith("what       nothing happened: no stop")


def test_a_loops_own_end_is_no_incident(clean):
    run = read_run(clean)
    state = run.ticks["guard_state"].copy()
    state[-1] = int(_core.safety.GuardState.DAMPING)
    cause = run.ticks["trip_cause"].copy()
    cause[-1] = int(Cause.REQUESTED)
    ended = replace(run, ticks=run.ticks | {"guard_state": state, "trip_cause": cause})
    assert only(explain(ended)).incident is None


def test_measurements_that_stay_away_point_to_the_robot(tmp_path):
    path = tmp_path / "away.mcap"
    dropout = SimOptions(dropouts=(Dropout(1.2, 0.3),))
    log_of(path, wave(), RunOptions(sim=dropout, hold_s=0.2))
    found = only(explain(read_run(path)))
    assert found.incident.cause == "state_age"
    assert found.origin is Origin.ROBOT
    assert "no longer came" in found.because


def test_a_frozen_imu_points_to_the_robot(toppled):
    run = read_run(toppled)
    trip = int(np.argmax(run.ticks["trip_cause"] > 0))
    ticks = dict(run.ticks)
    for name in ("quat_world_imu_wxyz", "gyro_in_imu", "accel_in_imu"):
        ticks[name] = ticks[name].copy()
        ticks[name][trip - 100 : trip + 1] = ticks[name][trip - 100]
    found = only(explain(replace(run, ticks=ticks)))
    assert found.origin is Origin.ROBOT
    assert "frozen" in found.because


def test_a_finding_of_the_robot_goes_before_the_guards_trip(clean):
    run = read_run(clean)
    row = 600
    stamp_ns = int(run.ticks["now_ns"][row])
    ticks = dict(run.ticks)
    ticks["guard_state"] = ticks["guard_state"].copy()
    ticks["guard_state"][row + 25 :] = int(_core.safety.GuardState.DAMPING)
    ticks["trip_cause"] = ticks["trip_cause"].copy()
    ticks["trip_cause"][row + 25 :] = int(Cause.STATE_AGE)
    text = "robot left_knee_joint: winding too hot, got 130 C, bound 120 C; measurements withheld"
    event = LogEvent(stamp_ns, "error", text)
    found = only(explain(replace(run, ticks=ticks, events=(*run.events, event))))
    assert found.incident.kind is IncidentKind.ROBOT_FINDING
    assert found.incident.joint == g1.joint_table().index("left_knee_joint")
    assert found.origin is Origin.ROBOT
    assert "state_age" in found.incident.follows[0]


@pytest.fixture(scope="module")
def hit(tmp_path_factory):
    """A run whose plan presses the left arm into the body."""
    path = tmp_path_factory.mktemp("explain") / "hit.mcap"
    joints = {
        "left_shoulder_roll_joint": lambda t: 0.2 - 0.9 * np.sin(np.pi * np.minimum(t / 4, 1)),
    }
    task = plan(posture_track(4.0, joints), [stance(0.0, 4.0)])
    log_of(path, task, RunOptions(hold_s=0.2))
    return path


def in_the_clip(run, hidden, from_s, to_s):
    """The run with a clip in which parts were hidden from one time of the reference to another."""
    times_s = np.arange(0.0, 6.0, 1 / 30)
    seen = np.ones((len(times_s), len(PARTS)))
    for part in hidden:
        seen[(times_s >= from_s) & (times_s <= to_s), list(PARTS).index(part)] = 0.1
    content = pack_clip_view(ClipView(times_s, seen))
    return replace(run, attachments=run.attachments | {CLIP_VIEW_ATTACHMENT: content})


def test_a_plan_that_hits_the_robot_itself_points_to_the_motion(hit):
    found = only(explain(read_run(hit)))
    assert found.origin is Origin.MOTION
    assert "self_collision" in found.because
    assert any("in the plan: self_collision" in text for text in found.led_to)


def test_what_the_clip_hardly_showed_of_a_bad_motion_points_to_the_video(hit):
    run = read_run(hit)
    found = only(explain(in_the_clip(run, ["left arm"], 0.0, 4.0)))
    assert found.origin is Origin.VIDEO
    assert "self_collision" in found.because
    assert "left arm was hardly seen" in found.because
    assert only(explain(in_the_clip(run, ["left arm"], 5.0, 6.0))).origin is Origin.MOTION
    assert only(explain(in_the_clip(run, ["right leg"], 0.0, 4.0))).origin is Origin.MOTION


def test_a_fall_where_most_of_the_person_was_hidden_points_to_the_video(toppled):
    run = read_run(toppled)
    hidden = ["torso", "left leg", "right leg"]
    found = only(explain(in_the_clip(run, hidden, 0.0, 6.0)))
    assert found.origin is Origin.VIDEO
    assert "most of the person was hidden" in found.because
    assert sum("hardly seen" in text for text in found.led_to) == len(hidden)
    one_leg = only(explain(in_the_clip(run, ["left leg"], 0.0, 6.0)))
    assert one_leg.origin is Origin.SURROUNDINGS
    assert any("left leg was hardly seen" in text for text in one_leg.led_to)


def test_a_robot_that_is_at_fault_is_not_excused_by_the_clip(tmp_path):
    path = tmp_path / "away.mcap"
    dropout = SimOptions(dropouts=(Dropout(1.2, 0.3),))
    log_of(path, wave(), RunOptions(sim=dropout, hold_s=0.2))
    found = only(explain(in_the_clip(read_run(path), PARTS, 0.0, 6.0)))
    assert found.origin is Origin.ROBOT
    assert not any("hardly seen" in text for text in found.led_to)


def test_a_damaged_view_of_the_clip_is_told(toppled):
    run = read_run(toppled)
    damaged = replace(run, attachments=run.attachments | {CLIP_VIEW_ATTACHMENT: b"no npz"})
    with pytest.raises(LogError, match=r"clip_view\.npz"):
        explain(damaged)


def test_a_log_without_what_is_needed_is_two(clean, tmp_path, capsys):
    assert main(["explain", str(tmp_path / "absent.mcap")]) == 2
    run = read_run(clean)
    del run.ticks["trip_cause"]
    with pytest.raises(Exception, match="no column trip_cause"):
        explain(run)
