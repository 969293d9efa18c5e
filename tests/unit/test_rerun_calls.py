"""Whatever reaches a tick, in whatever order, its record is enough to run it again."""

import threading
import time

import numpy as np
import pytest
from standing import standing_plan
from tracker_rig import POSTURE, TICK_NS, TORQUE, TrackerRig, sample, target

from exoactor_rt import _core
from exoactor_rt.build_identity import build_id, machine_kind
from exoactor_rt.replay.rerun import RecordedRun, RerunMode, rerun
from exoactor_rt.robots import g1

LIMITS = _core.safety.GuardLimits()


def joined(chunks):
    return {name: np.concatenate([chunk[name] for chunk in chunks]) for name in chunks[0]}


def recorded(rings, plans):
    """What `RecordRing.take` gave, as a run."""
    ticks, inputs = (joined(list(tables)) for tables in zip(*rings, strict=True))
    return RecordedRun("test", ticks, inputs, plans, LIMITS, build_id(), machine_kind())


def require_same(run):
    for mode in RerunMode:
        found = rerun(run, mode)
        assert found.same, f"{mode.value}: {found.first} {found.refusals}"
    return run


class RandomCaller:
    """Steps a tick on noisy samples and asks things of it at random."""

    def __init__(self, seed):
        self.rng = np.random.default_rng(seed)
        self.tick = _core.runtime.ControlTick(str(g1.model_path()))
        self.ring = _core.runtime.RecordRing(2000)
        self.now_ns = 0
        self.plans = {}
        self.taken = []
        self.hangs = False
        self.actions = (
            (0.02, lambda: self.tick.arm(self.now_ns)),
            (0.02, lambda: self.tick.pose(self.now_ns)),
            (0.01, self.hang_or_stand),
            (0.004, lambda: self.tick.damp(self.now_ns)),
            (0.01, lambda: self.tick.reset(self.now_ns)),
            (0.005, self.tick.request_stop),
            (0.02, self.offer),
            (0.01, lambda: self.tick.begin_tracking(np.full(29, 12.0))),
            (0.1, lambda: self.tick.offer_target(self.target())),
        )

    def hang_or_stand(self):
        self.hangs = not self.hangs

    def offer(self):
        plan = standing_plan(float(self.rng.uniform(0.02, 0.3)))
        if self.tick.offer_plan(plan) == "":
            self.plans[len(self.plans) + 1] = plan

    def target(self):
        ended = bool(self.rng.random() < 0.3)
        return target(self.now_ns, position=POSTURE + 0.01 * self.rng.normal(size=29), ended=ended)

    def sample(self):
        noisy = {
            "joint_position": POSTURE + 1e-3 * self.rng.normal(size=29),
            "joint_velocity": 0.02 * self.rng.normal(size=29),
            "joint_torque": (0.0 if self.hangs else TORQUE) + 0.1 * self.rng.normal(size=29),
        }
        if self.rng.random() < 0.002:
            noisy["joint_position"] = np.full(29, np.nan)
        return sample(self.now_ns - int(self.rng.integers(0, 2)) * TICK_NS, **noisy)

    def run(self, ticks):
        for _ in range(ticks):
            for share, act in self.rng.permutation(np.array(self.actions, dtype=object)):
                if self.rng.random() < share:
                    act()
            self.now_ns += TICK_NS
            self.tick.step(self.sample(), self.now_ns, self.ring)
        self.taken.append(self.ring.take())
        return self


@pytest.mark.parametrize("seed", range(6))
def test_random_calls_run_again_bit_for_bit(seed):
    caller = RandomCaller(seed).run(1500)
    run = require_same(recorded(caller.taken, caller.plans))
    assert run.inputs["lost_calls"].max() == 0
    states = set(run.ticks["guard_state"].tolist())
    assert states == {int(state) for state in _core.safety.GuardState.__members__.values()}, (
        "all were met"
    )


def test_a_tracking_runs_again_bit_for_bit():
    rig = TrackerRig().tracking(12.0)
    rig.tick.request_stop()
    rig.fields = {"ended": True}
    rig.step(400)
    run = require_same(recorded([rig.ring.take()], {}))
    assert {1, 2, 3} <= set(run.ticks["driver"].tolist())
    assert run.inputs["trackings"].max() == 1


def test_requests_of_another_thread_run_again_bit_for_bit():
    """The loop in its own thread; stops and plans come from this one while it ticks."""
    clock = _core.runtime.RealClock()
    robot = _core.hal.MockRobot(POSTURE, TORQUE)
    tick = _core.runtime.ControlTick(str(g1.model_path()))
    ring = _core.runtime.RecordRing(8000)
    options = _core.runtime.LoopOptions()
    options.lock_memory = False
    loop = _core.runtime.ControlLoop(robot, tick, clock, ring, options)
    plans = {}
    rng = np.random.default_rng(1)
    loop.start()
    time.sleep(0.1)
    loop.request_arm()
    stopper = threading.Thread(target=lambda: [tick.request_stop() for _ in range(200)])
    stopper.start()
    until_s = time.monotonic() + 1.5
    while time.monotonic() < until_s:
        plan = standing_plan(0.02)
        if tick.offer_plan(plan) == "":
            plans[len(plans) + 1] = plan
        if rng.random() < 0.3:
            tick.request_stop()
        time.sleep(float(rng.uniform(0.0, 0.01)))
    stopper.join()
    loop.request_damp()
    time.sleep(0.05)
    loop.request_reset()
    time.sleep(0.05)
    loop.request_arm()
    time.sleep(0.2)
    loop.stop()
    run = require_same(recorded([ring.take()], plans))
    assert run.inputs["plans"].max() > 5
    assert run.inputs["stops"].max() > 200


def test_calls_that_find_no_room_are_counted():
    tick = _core.runtime.ControlTick(str(g1.model_path()))
    ring = _core.runtime.RecordRing(10)
    for _ in range(3):
        tick.reset(0)
    for _ in range(20):
        tick.arm(0)
    for _ in range(3):
        tick.damp(0)
    tick.step(sample(TICK_NS), TICK_NS, ring)
    _, inputs = ring.take()
    assert inputs["call"].tolist() == [[1, 1, 1, 2]], "refused arming is asked once"
    assert inputs["lost_calls"].tolist() == [3]
