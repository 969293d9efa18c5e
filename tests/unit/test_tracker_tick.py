"""The tick with a learned tracker: letting in, late targets, giving back, who else may speak."""

import numpy as np
import pytest
from standing import standing_plan
from tracker_rig import POSTURE, STEP_TICKS, TICK_NS, Driver, TrackerRig

from exoactor_rt import _core

Cause = _core.safety.TripCause
State = _core.safety.GuardState
Status = _core.control.ControlStatus
BLEND_TICKS = 250


def test_refused_unless_armed_and_standing_without_a_plan():
    rig = TrackerRig()
    rig.step(10)
    assert "guard is silent" in rig.begin()
    rig.arm()
    assert rig.tick.offer_plan(standing_plan(0.2)) == ""
    assert "a plan is under way" in rig.begin()
    rig.step(110)
    assert rig.begin() == ""
    assert "another tracking is under way" in rig.begin()
    assert "a tracker drives" in rig.tick.offer_plan(standing_plan(0.2))


def test_refused_on_a_lifted_foot():
    rig = TrackerRig().arm()
    rig.step(3, joint_torque=np.zeros(29))
    assert "does not stand" in rig.begin()


def test_waits_for_a_fresh_target():
    rig = TrackerRig()
    rig.fed = False
    rig.arm()
    assert rig.begin() == ""
    rig.step(50)
    assert rig.tick.driver == Driver.WHOLE_BODY
    rig.fed = True
    rig.step(STEP_TICKS)
    assert rig.tick.driver == Driver.TO_TRACKER


def test_blends_to_the_tracker_in_half_a_second_without_a_jump():
    rig = TrackerRig().arm()
    rig.ring.drain()
    assert rig.begin() == ""
    rig.step(BLEND_TICKS + 20)
    columns = rig.ring.drain()
    blending = np.flatnonzero(columns["driver"] == int(Driver.TO_TRACKER))
    assert abs(len(blending) - BLEND_TICKS) <= 1
    torque = (
        columns["sent_torque"]
        + columns["sent_stiffness"] * (columns["sent_position"] - POSTURE)
        + columns["sent_damping"] * columns["sent_velocity"]
    )
    assert np.abs(np.diff(torque[: blending[-1] + 5], axis=0)).max() < 1.0
    np.testing.assert_allclose(columns["sent_stiffness"][-1], 40.0)
    np.testing.assert_allclose(columns["planned_position"][-1], POSTURE)


def test_blended_torque_is_the_mean_of_both_at_any_state():
    rng = np.random.default_rng(3)
    commands = []
    for _ in range(2):
        command = _core.types.JointCommand()
        command.position, command.velocity, command.torque = rng.normal(size=(3, 29))
        command.stiffness = rng.uniform(0, 100, 29) * (rng.uniform(size=29) > 0.3)
        command.damping = rng.uniform(0, 5, 29)
        commands.append(command)

    def torque(command, q, dq):
        return (
            command.torque
            + command.stiffness * (command.position - q)
            + command.damping * (command.velocity - dq)
        )

    for share in (0.0, 0.3, 1.0):
        mixed = _core.control.blend_commands(*commands, share)
        q, dq = rng.normal(size=(2, 29))
        wanted = (1 - share) * torque(commands[0], q, dq) + share * torque(commands[1], q, dq)
        np.testing.assert_allclose(torque(mixed, q, dq), wanted, atol=1e-9)


def test_a_late_target_is_held_then_the_robot_damped():
    rig = TrackerRig().tracking()
    rig.fed = False
    rig.step(100)
    columns = rig.ring.drain()
    last_ns = (rig.now_ns - 100 * TICK_NS) // (STEP_TICKS * TICK_NS) * (STEP_TICKS * TICK_NS)
    age_ns = columns["now_ns"] - last_ns
    status, guard = columns["control_status"], columns["guard_state"]
    after = age_ns > 0
    late = after & (age_ns > _core.control.TARGET_LATE_NS)
    lost = after & (age_ns > _core.control.TARGET_LOST_NS)
    assert (status[after & ~late] == int(Status.OK)).all()
    assert (status[late & ~lost] == int(Status.HELD_SOLUTION)).all()
    held = columns["wanted_position"][late & ~lost]
    np.testing.assert_allclose(held, np.tile(POSTURE + 0.01, (len(held), 1)))
    assert _core.safety.is_driven(guard[~lost & after]).all()
    assert (guard[lost] == int(State.DAMPING)).all()
    assert rig.tick.guard_status.trip.cause == Cause.TARGET_AGE
    assert columns["late_ticks"].max() == np.count_nonzero(late & ~lost)


@pytest.mark.parametrize(
    ("fields", "cause"),
    [
        ({"position": np.full(29, np.nan)}, Cause.COMMAND_NOT_FINITE),
        ({"stiffness": np.full(29, 500.0)}, Cause.STIFFNESS),
        ({"stamp_ns": 10**15}, Cause.CONTROLLER),
    ],
)
def test_targets_that_may_not_be_sent_end_in_damping(fields, cause):
    rig = TrackerRig().tracking()
    rig.fields = fields
    rig.step(STEP_TICKS)
    assert rig.tick.guard_status.trip.cause == cause


def test_gives_back_at_the_end_and_a_plan_may_follow():
    rig = TrackerRig().tracking()
    assert not rig.tick.plans_done
    rig.fields = {"ended": True, "blend": 0.0, "reference_time_s": 4.0}
    rig.step(60 + BLEND_TICKS + 20)
    assert rig.tick.driver == Driver.WHOLE_BODY
    assert rig.tick.plans_done
    rig.fed = False
    rig.step(200)
    assert rig.tick.guard_status.state == State.HOLD
    columns = rig.ring.drain()
    assert columns["done"][-1] == 1
    assert columns["reference_time_s"][-1] == pytest.approx(4.0)
    assert rig.tick.offer_plan(standing_plan(0.2)) == ""
    rig.step(110)
    assert rig.tick.plans_done


def test_does_not_give_back_while_the_robot_moves():
    rig = TrackerRig().tracking()
    rig.fields = {"ended": True}
    moving = np.zeros(29)
    moving[3] = 1.5
    rig.step(100, joint_velocity=moving)
    assert rig.tick.driver == Driver.TRACKER


def fast(speed):
    values = np.zeros(29)
    values[3] = speed
    return values


def test_the_speed_limit_is_raised_only_while_the_tracker_drives():
    rig = TrackerRig().tracking(speed=100.0)
    rig.step(8, joint_velocity=fast(15.0))
    assert rig.tick.guard_status.state == State.RUN
    rig.fields = {"ended": True}
    rig.step(600 + BLEND_TICKS)
    assert rig.tick.driver == Driver.WHOLE_BODY
    rig.step(8, joint_velocity=fast(15.0))
    assert rig.tick.guard_status.trip.cause == Cause.JOINT_SPEED


def test_a_tracker_that_declares_nothing_has_the_usual_limit():
    rig = TrackerRig().tracking()
    rig.step(8, joint_velocity=fast(15.0))
    assert rig.tick.guard_status.trip.allowed == pytest.approx(10.0)


def test_a_stop_drops_a_tracking_that_waits_and_is_told_to_one_under_way():
    rig = TrackerRig()
    rig.fed = False
    rig.arm()
    assert rig.begin() == ""
    rig.tick.request_stop()
    rig.fed = True
    rig.step(3 * STEP_TICKS)
    assert rig.tick.driver == Driver.WHOLE_BODY
    assert rig.tick.plans_done
    assert rig.begin() == "" and not rig.tick.stop_asked
    rig.step(300)
    rig.tick.request_stop()
    assert rig.tick.stop_asked and rig.tick.driver == Driver.TRACKER


def test_reset_forgets_the_tracker():
    rig = TrackerRig().tracking()
    rig.tick.reset(rig.now_ns)
    rig.tick.reset(rig.now_ns)
    assert rig.tick.driver == Driver.WHOLE_BODY
    assert not rig.tick.plans_done
