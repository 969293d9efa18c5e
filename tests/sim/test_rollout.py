"""The whole tick on the simulated robot, in lock-step and in real time."""

from dataclasses import replace

import numpy as np
import pytest

from exoactor_rt import _core
from exoactor_rt.errors import HardwareError, LogError
from exoactor_rt.recorder.log_reader import read_log, read_run
from exoactor_rt.recorder.tick_setup import LIMITS_ATTACHMENT
from exoactor_rt.replay import check_subject, load_subject, robot_limits, subject_of_plan
from exoactor_rt.replay.check_record import reasons
from exoactor_rt.robots import g1

pytest.importorskip("mujoco")
from plans import plan, posture_track, stance

from exoactor_rt.pipeline.execution_log import PLAN_ATTACHMENT, write_execution_log
from exoactor_rt.sim.lockstep import execute
from exoactor_rt.sim.options import Push, SimOptions
from exoactor_rt.sim.realtime import execute_in_real_time
from exoactor_rt.sim.rollout import RunOptions

SHORT = RunOptions(settle_s=0.2, stand_s=0.5, hold_s=0.2)


def wave_plan():
    """A second in which the left shoulder rises by half a radian and comes back."""
    track = posture_track(
        1.0, {"left_shoulder_pitch_joint": lambda t: 0.2 - 0.5 * np.sin(np.pi * t) ** 2}
    )
    return plan(track, [stance(0, 1.0)])


@pytest.fixture(scope="module")
def waved():
    return execute(wave_plan(), SHORT)


def test_stands_for_three_seconds():
    rollout = execute(None, RunOptions(stand_s=3.0))
    run = rollout.execution
    assert not run.fallen, run.fall_reason
    assert rollout.guard_trip == ""
    assert run.duration_s > 2.9
    drift = run.root_position_in_world[-1] - run.root_position_in_world[0]
    assert np.linalg.norm(drift[:2]) < 0.05
    assert abs(drift[2]) < 0.02


def test_a_run_without_time_for_a_tick_is_told():
    with pytest.raises(HardwareError, match="no tick"):
        execute(None, RunOptions(duration_limit_s=0.0))


def test_a_hanging_robot_is_not_armed(monkeypatch):
    monkeypatch.setattr(g1, "standing_torque", np.zeros_like)
    for run in (execute, execute_in_real_time):
        with pytest.raises(HardwareError, match="feet carry too little of the weight"):
            run(None, SHORT)


def test_a_plan_is_offered_after_arming_even_without_settling():
    rollout = execute(wave_plan(), RunOptions(settle_s=0.0, hold_s=0.1))
    assert [event.text for event in rollout.events][-1] == "plan done"


def test_a_log_of_no_tick_is_refused(waved, tmp_path):
    path = tmp_path / "run.mcap"
    empty = {name: column[:0] for name, column in waved.ticks.items()}
    for ticks in (empty, {}):
        with pytest.raises(LogError, match="no tick"):
            write_execution_log(path, replace(waved, ticks=ticks))
    assert not path.exists()


def test_equal_runs_are_equal_bit_for_bit():
    first, second = execute(None, SHORT), execute(None, SHORT)
    assert first.is_same_motion(second)
    other = execute(None, RunOptions(sim=SimOptions(seed=1), settle_s=0.2, stand_s=0.5))
    assert not first.is_same_motion(other)


def test_a_plan_is_executed_to_its_end_and_held(waved):
    run = waved.execution
    assert not run.fallen, run.fall_reason
    assert [event.text for event in waved.events] == [
        "guard armed",
        "plan handed over",
        "plan done",
    ]
    assert run.reference_time_s.max() == pytest.approx(1.0, abs=0.02)
    arms = slice(15, 29)
    error = run.joint_position[:, arms] - run.planned_joint_position[:, arms]
    assert np.sqrt(np.mean(error**2)) < 0.15
    raised = run.joint_position[:, 15].min() - run.joint_position[0, 15]
    assert raised < -0.3
    reach = np.linalg.norm(
        run.wrist_position_in_pelvis - run.planned_wrist_position_in_pelvis, axis=2
    )
    assert np.sqrt(np.mean(reach**2)) < 0.05


def test_columns_agree_in_length_and_are_finite(waved):
    count = len(waved.ticks["now_ns"])
    assert all(len(column) == count for column in waved.ticks.values())
    assert all(np.all(np.isfinite(column)) for column in waved.ticks.values())
    assert np.all(np.diff(waved.ticks["now_ns"]) == 2_000_000)


def test_the_controller_never_sees_the_truth(waved):
    """The sensors differ from the truth by their noise, in every joint."""
    error = waved.ticks["sensed_position"] - waved.ticks["true_joint_position"]
    assert np.all(error.std(axis=0) > 1e-4)
    assert np.all(error.std(axis=0) < 4e-4)


def test_progress_ends_at_the_whole():
    seen = []
    execute(wave_plan(), SHORT, lambda done, total: seen.append((done, total)))
    done = [entry[0] for entry in seen]
    assert done == sorted(done)
    assert seen[-1] == (1000, 1000)


def test_a_fall_ends_in_damping_and_is_reported():
    sim = SimOptions(pushes=(Push(0.3, 0.3, (900.0, 0.0, 0.0)),))
    rollout = execute(None, RunOptions(sim=sim, stand_s=3.0))
    assert rollout.execution.fallen
    assert rollout.guard_trip != ""
    assert rollout.execution.fall_reason != ""
    damping = rollout.ticks["guard_state"] == 2
    assert np.any(damping)
    assert not np.any(rollout.ticks["sent_stiffness"][damping])
    assert not np.any(rollout.ticks["sent_torque"][damping])


def test_a_guard_with_tight_limits_stops_the_robot():
    limits = _core.safety.GuardLimits()
    limits.measured_speed = np.full(29, 0.05)
    rollout = execute(wave_plan(), RunOptions(guard_limits=limits, collapse_s=0.1))
    assert "joint_speed" in rollout.guard_trip
    assert rollout.execution.fallen


def test_real_time_run_executes_the_plan_too():
    rollout = execute_in_real_time(wave_plan(), SHORT)
    run = rollout.execution
    if rollout.loop["missed_periods"] > 25 or rollout.real_time_factor < 0.9:
        pytest.skip(f"this machine is too busy for real time now: {rollout.loop}")
    assert not run.fallen, f"{run.fall_reason}; {rollout.guard_trip}; {rollout.loop}"
    assert [event.text for event in rollout.events][-1] == "plan done"
    assert rollout.loop["dropped_records"] == 0


def test_log_of_a_run(waved, tmp_path):
    path = tmp_path / "run.mcap"
    write_execution_log(path, waved, wave_plan(), {"version": "test"}, {"a.txt": b"b"})
    log = read_log(path)
    assert log.damages == ()
    assert log.metadata["robot_description"] == "mjcf"
    assert set(log.attachments) == {PLAN_ATTACHMENT, LIMITS_ATTACHMENT, "a.txt"}
    count = len(waved.ticks["now_ns"])
    stamps = [message.stamp_ns for message in log.on_topic("/control_tick")]
    assert stamps == waved.ticks["now_ns"].tolist()
    for topic in ("/joint_states", "/joint_commands", "/imu", "/tf"):
        assert [message.stamp_ns for message in log.on_topic(topic)] == stamps[::10]
    assert len(log.on_topic("/rosout")) == len(waved.events)
    assert len(log.on_topic("/robot_description")) == 1
    inputs = log.on_topic("/control_input")
    assert [message.stamp_ns for message in inputs] == waved.inputs["now_ns"].tolist()
    told = len(inputs) + len(waved.events)
    assert len(log.messages) == count + 4 * len(stamps[::10]) + 1 + told


def test_every_tick_comes_back_from_the_log(waved, tmp_path):
    path = tmp_path / "run.mcap"
    write_execution_log(path, waved)
    run = read_run(path)
    assert run.ticks.keys() == waved.ticks.keys()
    for name, column in waved.ticks.items():
        np.testing.assert_array_equal(run.ticks[name], column, err_msg=name)
    assert [event.text for event in run.events] == [event.text for event in waved.events]


def test_the_checks_pass_a_good_run_and_its_plan(waved, tmp_path):
    path = tmp_path / "run.mcap"
    write_execution_log(path, waved, wave_plan())
    for subject in (load_subject(path), subject_of_plan(wave_plan(), "plan")):
        result = check_subject(subject, robot_limits())
        assert result.passed, reasons(result)
        judged = {check.name for check, found in result.findings if not found.skipped}
        assert {"position", "velocity", "self_collision", "tilt", "end_balance"} <= judged


def test_others_decode_the_ticks(waved, tmp_path):
    decoding = pytest.importorskip("mcap_ros2.reader", reason="mcap-ros2-support not installed")
    path = tmp_path / "run.mcap"
    write_execution_log(path, waved)
    states = [
        message.ros_msg
        for message in decoding.read_ros2_messages(str(path), topics=["/control_tick"])
    ]
    ticks = waved.ticks
    assert [state.guard_state for state in states] == ticks["guard_state"].tolist()
    assert [state.steps_done for state in states] == ticks["steps_done"].tolist()
    np.testing.assert_array_equal([list(s.sent_damping) for s in states], ticks["sent_damping"])
    np.testing.assert_array_equal([list(s.com_in_world) for s in states], ticks["com_in_world"])
    np.testing.assert_array_equal([list(s.contact) for s in states], ticks["contact"])


def test_a_push_that_topples_ends_in_damping_and_says_so(tmp_path):
    push = Push(start_s=0.5, duration_s=0.2, force_in_world=(400.0, 0.0, 0.0))
    rollout = execute(None, RunOptions(sim=SimOptions(pushes=(push,)), stand_s=5.0))
    texts = [event.text for event in rollout.events]
    assert rollout.execution.fallen
    assert rollout.guard_trip in texts
    assert rollout.guard_trip in rollout.execution.fall_reason
    assert np.isnan(rollout.execution.dcm_in_world[-1]).all()
    sent = rollout.ticks["sent_stiffness"][rollout.ticks["guard_state"] == 2]
    assert len(sent) > 0
    assert not sent.any()
    path = tmp_path / "run.mcap"
    write_execution_log(path, rollout)
    failed = [
        check.name for check, _ in check_subject(load_subject(path), robot_limits()).violations
    ]
    assert {"guard", "balance"} <= set(failed)


def test_what_the_rings_of_a_run_could_not_hold_is_told_in_its_log(waved, tmp_path):
    path = tmp_path / "run.mcap"
    write_execution_log(path, replace(waved, loop={"dropped_records": 2, "dropped_messages": 3}))
    run = read_run(path)
    assert run.metadata["dropped_ticks"] == "5"
    assert any("the ring was full" in event.text for event in run.events)
    checked = check_subject(load_subject(path), robot_limits())
    assert "log_integrity" in [check.name for check, _ in checked.violations]
