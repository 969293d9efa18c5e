"""A robot that hangs in a gantry: posed, lowered, armed."""

import numpy as np
import pytest

from exoactor_rt import _core
from exoactor_rt.robots import g1
from exoactor_rt.sim.mujoco_robot import MujocoRobot
from exoactor_rt.sim.options import Gantry, SimOptions

State = _core.safety.GuardState
PERIOD_NS = 2_000_000


class Hanging:
    """Tick and robot in lock-step; nothing is sent yet."""

    def __init__(self, robot=None, **gantry):
        options = SimOptions(gantry=Gantry(**gantry))
        self.robot = robot or MujocoRobot(np.zeros(29), options)
        self.tick = _core.runtime.ControlTick(str(g1.model_path()))
        self.ring = _core.runtime.RecordRing(64)
        self.now_ns = 1_000_000_000
        self.rows = []
        self.run(0.1)

    @property
    def state(self):
        return self.tick.guard_status.state

    def run(self, duration_s, until=lambda: False):
        for _ in range(round(1e9 * duration_s / PERIOD_NS)):
            self.now_ns += PERIOD_NS
            command = self.tick.step(self.robot.read(self.now_ns), self.now_ns, self.ring)
            row = self.ring.drain()
            self.rows.append({name: column[0] for name, column in row.items()})
            if command is not None:
                self.robot.write(command)
            self.robot.step()
            if until():
                return True
        return until()

    def column(self, name):
        return np.array([row[name] for row in self.rows])

    def error_rad(self):
        return np.abs(self.robot.truth().joint_position - g1.standing_position()).max()


def test_a_hanging_robot_is_posed_lowered_and_armed():
    rig = Hanging(lowered_at_s=4.5)
    assert not rig.tick.arm(rig.now_ns)
    assert "weight" in rig.tick.arm_refusal
    assert rig.tick.pose(rig.now_ns), rig.tick.arm_refusal
    assert not rig.run(2.9, lambda: rig.tick.posed)
    assert rig.run(1.0, lambda: rig.tick.posed)
    rig.run(0.5)
    assert rig.error_rad() < 0.2
    assert not rig.tick.arm(rig.now_ns)
    assert "weight" in rig.tick.arm_refusal
    posing = len(rig.rows)
    rig.run(4.0)
    assert rig.state == State.POSE
    assert rig.tick.arm(rig.now_ns), rig.tick.arm_refusal
    rig.run(2.0)
    assert rig.state == State.HOLD
    assert rig.robot.fall_reason() == ""
    effort = g1.joint_table().effort_nm
    torque = rig.column("sent_torque")[:posing]
    speed = np.diff(rig.column("sent_position")[51:posing], axis=0) / 0.002
    assert (np.abs(torque) <= 0.2 * effort + 1e-9).all()
    assert np.abs(speed).max() < 0.61
    assert np.abs(rig.column("sensed_velocity")[:posing]).max() < 2.0


def test_a_robot_that_stands_is_not_posed():
    rig = Hanging(MujocoRobot(g1.standing_position()))
    assert not rig.tick.pose(rig.now_ns)
    assert "does not hang" in rig.tick.arm_refusal
    assert rig.tick.arm_refusal.endswith("not posed")


def test_lowering_it_before_the_posture_is_reached_damps():
    rig = Hanging(lowered_at_s=0.3, lowered_m=0.2, speed_m_s=0.1)
    assert rig.tick.pose(rig.now_ns), rig.tick.arm_refusal
    assert rig.run(3.0, lambda: rig.state == State.DAMPING)
    assert rig.tick.guard_status.trip.cause == _core.safety.TripCause.CONTROLLER


@pytest.mark.parametrize("way", ["damp", "reset", "stop_for_good"])
def test_posing_is_ended_at_any_time(way):
    rig = Hanging()
    assert rig.tick.pose(rig.now_ns)
    rig.run(0.5)
    getattr(rig.tick, way)(rig.now_ns)
    rig.run(0.01)
    assert rig.state == State.DAMPING
    assert not rig.rows[-1]["sent_stiffness"].any()


def test_plans_are_refused_in_pose():
    rig = Hanging()
    assert rig.tick.pose(rig.now_ns)
    refusal = rig.tick.offer_plan(_core.types.Plan())
    assert "guard is pose, must be armed" in refusal
