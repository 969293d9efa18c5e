"""A tick on hand-made samples whose tracker is played by the test."""

import numpy as np

from exoactor_rt import _core
from exoactor_rt.robots import g1

TICK_NS = 2_000_000
STEP_TICKS = 10
POSTURE = g1.standing_position()
TORQUE = g1.standing_torque(POSTURE)
Driver = _core.control.Driver


def sample(now_ns, **fields):
    """A robot at rest on both feet."""
    state = _core.types.SensorState()
    state.stamp_ns = now_ns
    state.joint_position = POSTURE
    state.joint_torque = TORQUE
    state.accel_in_imu = np.array([0.0, 0.0, 9.81 + 1e-12 * now_ns])
    for name, value in fields.items():
        setattr(state, name, value)
    return state


def target(stamp_ns, /, **fields):
    """Holds the standing posture with a policy's gains, away from it by 0.01 rad."""
    made = _core.types.TrackerTarget()
    made.stamp_ns = stamp_ns
    made.position = POSTURE + 0.01
    made.stiffness = np.full(29, 40.0)
    made.damping = np.full(29, 2.0)
    made.reference_position = POSTURE
    made.blend = 1.0
    for name, value in fields.items():
        setattr(made, name, value)
    return made


class TrackerRig:
    """Steps the tick; a target is offered every tenth tick as long as `fed`."""

    def __init__(self):
        self.tick = _core.runtime.ControlTick(str(g1.model_path()))
        self.ring = _core.runtime.RecordRing(4000)
        self.now_ns = 0
        self.fed = True
        self.fields = {}

    def step(self, count=1, **sensed):
        for _ in range(count):
            self.now_ns += TICK_NS
            if self.fed and self.now_ns // TICK_NS % STEP_TICKS == 0:
                self.tick.offer_target(target(self.now_ns, **self.fields))
            self.tick.step(sample(self.now_ns, **sensed), self.now_ns, self.ring)
        return self

    def arm(self):
        self.step(10)
        assert self.tick.arm(self.now_ns), self.tick.arm_refusal
        return self.step(20)

    def begin(self, speed=0.0):
        return self.tick.begin_tracking(np.full(29, speed))

    def tracking(self, speed=0.0):
        """Armed, and past the blend to the tracker."""
        self.arm()
        assert self.begin(speed) == ""
        self.step(260)
        assert self.tick.driver == Driver.TRACKER
        return self
