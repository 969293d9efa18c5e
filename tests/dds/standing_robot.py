"""A robot on DDS without a body, which stands in the same posture whatever it is told."""

import contextlib
import os
import threading
import time

import numpy as np

from exoactor_rt import _core
from exoactor_rt.dds import load_dds
from exoactor_rt.robots import g1

T = _core.types
W = _core.wire
PERIOD_NS = 2_000_000


class StandingRobot:
    """Publishes in a thread of its own; what it says can be changed any time."""

    def __init__(self, settings, **link_options):
        dds = load_dds()
        link = dds.SimulatedLinkOptions()
        link.mode_machine = settings.mode_machine
        for name, value in link_options.items():
            setattr(link, name, value)
        self.link = dds.DdsSimulatedRobot(settings.to_options(), link)
        self.sensors = _core.types.SensorState()
        self.sensors.joint_position = g1.standing_position()
        self.sensors.joint_torque = g1.standing_torque(g1.standing_position())
        self.sensors.accel_in_imu = np.array([0.0, 0.0, 9.81])
        self.health = {"mode_machine": settings.mode_machine, "winding_temperature_c": [40] * 29}
        self.charge_percent = 90
        self.frozen = False
        self.second_publisher = False
        self._faults = None
        self._tick_ms = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._thread.join()
        del self.link

    def set_faults(self, **values):
        """Faults of the states' channel."""
        faults = W.ChannelFaults()
        for name, value in values.items():
            setattr(faults, name, value)
        self._faults = faults

    @property
    def commands(self):
        """Commands seen so far, by the name of what was wrong."""
        counts = self.link.gate.counts
        return dict(zip((name.lower() for name in W.CommandFault.__members__), counts, strict=True))

    def _run(self):
        with contextlib.suppress(PermissionError):  # steady also on a busy machine
            os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(60))
        clock = _core.runtime.RealClock()
        due_ns = clock.now_ns()
        present = False
        while not self._stop.is_set():
            due_ns = max(due_ns + PERIOD_NS, clock.now_ns() - 5 * PERIOD_NS)
            clock.sleep_until(due_ns)
            now_ns = clock.now_ns()
            if self._faults is not None:
                self.link.set_state_faults(self._faults)
            if present != self.second_publisher:
                present = self.second_publisher
                self.link.set_second_publisher(present)
            self.link.act(now_ns)
            if not self.frozen:
                self._tick_ms += 2
                accel = 9.81 + 1e-3 * (self._tick_ms % 4)
                self.sensors.accel_in_imu = np.array([0.0, 0.0, accel])
            if self._tick_ms % 50 == 0:
                self.link.publish_battery(self.charge_percent)
            health = T.RobotHealth()
            for name, value in {"tick_ms": self._tick_ms, **self.health}.items():
                setattr(health, name, value)
            self.link.publish(self.sensors, health, now_ns)


class Loop:
    """A control loop on a robot, with its parts at hand."""

    def __init__(self, robot):
        self.robot = robot
        options = _core.runtime.LoopOptions()
        options.lock_memory = False
        self.tick = _core.runtime.ControlTick(str(g1.model_path()))
        self.ring = _core.runtime.RecordRing(8192)
        self.loop = _core.runtime.ControlLoop(
            robot, self.tick, _core.runtime.RealClock(), self.ring, options
        )

    def __enter__(self):
        self.loop.start()
        return self

    def __exit__(self, *_):
        self.loop.stop()

    @property
    def state(self):
        return self.loop.guard_status.state

    def arm(self):
        """Whether the guard could be armed."""
        self.wait(lambda: self.loop.counts.ticks > 20)
        until_s = time.monotonic() + 2.0
        while self.state == _core.safety.GuardState.SILENT and time.monotonic() < until_s:
            self.loop.request_arm()
            time.sleep(0.02)
        return self.state == _core.safety.GuardState.HOLD

    @staticmethod
    def wait(condition, timeout_s=2.0):
        """Whether the condition came."""
        until_s = time.monotonic() + timeout_s
        while not condition() and time.monotonic() < until_s:
            time.sleep(0.005)
        return bool(condition())


def wait(condition, timeout_s=5.0):
    """Until it holds, at most so long."""
    until_s = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < until_s, "did not come"
        time.sleep(0.002)


def commands(body):
    """How many have come."""
    return sum(body.commands.values())
