"""Every fault of the robot and its link, while it stands, squats and walks."""

import numpy as np
import pytest
from plans import plan, posture_track, stance, straight_steps, walk_plan
from robot_process import RobotProcess

from exoactor_rt import _core
from exoactor_rt.sim import RunOptions
from exoactor_rt.sim.dds_run import execute_on_dds

pytestmark = pytest.mark.slow

STANDING_M, SQUATTING_M = 0.65, 0.55
DETECTED_WITHIN_S = 0.3
WATCHED_S = 1.0


def squat_plan():
    def depth(times):
        down = 0.5 - 0.5 * np.cos(np.clip(np.pi * times / 1.5, 0.0, 2.0 * np.pi))
        return STANDING_M + (SQUATTING_M - STANDING_M) * down

    return plan(posture_track(4.0, com_height=depth), [stance(0.0, 4.0)])


MOTIONS = {
    "standing": (lambda: None, 1.0),
    "squatting": (squat_plan, 2.5),
    "walking": (lambda: walk_plan(straight_steps(6, 0.2)), 4.0),
}
BORNE = (
    "drop=0.3",
    "duplicate=0.5",
    "reorder=0.3",
    "corrupt=0.3",
    "delay=0.004",
    "command_drop=0.3",
    "command_duplicate=0.5",
    "command_reorder=0.3",
    "command_corrupt=0.3",
    "command_delay=0.004",
)
DAMPED = {
    "drop=1": "state_age",
    "corrupt=1": "crc_errors",
    "delay=0.2": "state_age",
    "freeze": "state_age",
    "imu_freeze": "imu_frozen",
    "nan": "state_not_finite",
    "motor_fault=9": "right_knee_joint motor_fault got 256",
    "hot_motor=130": "left_knee_joint motor_hot got 130 C, allowed 120 C",
    "low_battery=10": "battery_low got 10 %, allowed 20 %",
    "second_publisher": "second_publisher got 1",
    "mode_machine=4": "mode_changed got 4 (mode_machine), allowed 5",
    "remote_abort": "remote_abort; damping until cleared by hand",
}
STOPPED = {
    "hot_motor=115": "left_knee_joint motor_warm got 115 C, allowed 110 C; controlled stop",
    "low_battery=22": "battery_reserve got 22 %, allowed 25 %; controlled stop",
}


@pytest.fixture(params=MOTIONS)
def run_with(request, settings, tmp_path):
    """Runs the motion of the parameter with a fault in its midst."""

    def run(fault):
        make, start_s = MOTIONS[request.param]
        options = RunOptions(
            settle_s=0.3, stand_s=start_s + WATCHED_S, hold_s=0.2, duration_limit_s=9.0
        )
        with RobotProcess(settings, tmp_path, "--fault", f"{fault}@{start_s}") as body:
            rollout = execute_on_dds(make(), settings, options)
        return rollout, body, start_s

    return run


def seconds_after_arming(rollout, stamp_ns):
    driven = rollout.ticks["now_ns"][rollout.ticks["guard_state"] > 0]
    return (stamp_ns - driven[0]) * 1e-9


@pytest.mark.parametrize("fault", BORNE)
def test_what_can_be_borne_is_borne(run_with, fault):
    rollout, body, start_s = run_with(fault)
    assert not rollout.execution.fallen, rollout.execution.fall_reason
    assert rollout.guard_trip == ""
    assert rollout.execution.times_s[-1] > start_s + 0.9 * WATCHED_S
    outside = {name: count for name, count in body.summary["commands"].items() if name != "crc"}
    assert sum(outside.values()) == outside["none"]
    assert not body.summary["timed_out"] or not rollout.execution.fallen


@pytest.mark.parametrize("fault", DAMPED)
def test_what_cannot_be_borne_is_damped(run_with, fault):
    rollout, body, start_s = run_with(fault)
    assert DAMPED[fault] in rollout.guard_trip
    damping = rollout.ticks["guard_state"] == int(_core.safety.GuardState.DAMPING)
    tripped_s = seconds_after_arming(rollout, rollout.ticks["now_ns"][np.argmax(damping)])
    assert start_s - 0.1 < tripped_s < start_s + DETECTED_WITHIN_S
    assert body.refused == 0
    assert body.summary["damped"]
    assert any(event.severity == "error" for event in rollout.events)


@pytest.mark.parametrize("fault", STOPPED)
def test_what_can_wait_for_a_stand_does(run_with, fault):
    """The task ends early, the robot stands on until the loop's own end damps in the last tick."""
    rollout, body, start_s = run_with(fault)
    assert STOPPED[fault] in rollout.guard_trip
    concerned = rollout.ticks["concern_cause"] > 0
    noticed_s = seconds_after_arming(rollout, rollout.ticks["now_ns"][np.argmax(concerned)])
    assert start_s - 0.1 < noticed_s < start_s + DETECTED_WITHIN_S
    assert _core.safety.is_driven(rollout.ticks["guard_state"][concerned][:-1]).all()
    assert rollout.ticks["trip_cause"].max() <= int(_core.safety.TripCause.REQUESTED)
    assert body.refused == 0
    assert rollout.ticks["base_position_in_world"][-1, 2] > 0.6, "it stands at the end"


def test_a_robot_that_gets_no_commands_damps_itself(run_with):
    rollout, body, _ = run_with("command_drop=1")
    assert body.summary["timed_out"]
    assert rollout.execution.fallen or rollout.guard_trip
