"""A control loop on a mock robot."""

import time

from exoactor_rt import _core
from exoactor_rt.robots import g1

State = _core.safety.GuardState
POSTURE = g1.standing_position()


def quiet_options(**values):
    options = _core.runtime.LoopOptions()
    options.fifo_priority = 0
    options.lock_memory = False
    options.keep_awake = False
    for name, value in values.items():
        setattr(options, name, value)
    return options


class Rig:
    """A loop with all its parts at hand."""

    def __init__(self, robot=None, clock=None, options=None):
        self.robot = robot or _core.hal.MockRobot(POSTURE, g1.standing_torque(POSTURE))
        self.clock = clock or _core.runtime.RealClock()
        self.tick = _core.runtime.ControlTick(str(g1.model_path()))
        self.ring = _core.runtime.RecordRing(4096)
        self.loop = _core.runtime.ControlLoop(
            self.robot, self.tick, self.clock, self.ring, options or quiet_options()
        )

    def start_armed(self):
        self.loop.start()
        time.sleep(0.05)
        self.loop.request_arm()
        assert self.wait_for(State.HOLD), self.loop.arm_refusal

    def wait_for(self, state, timeout_s=2.0):
        until_s = time.monotonic() + timeout_s
        while self.loop.guard_status.state != state and time.monotonic() < until_s:
            time.sleep(0.005)
        return self.loop.guard_status.state == state
