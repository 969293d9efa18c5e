"""The control process's rules around tick and loop, on a mock robot."""

import hashlib
import time

import pytest
from standing import standing_plan

from exoactor_rt import _core
from exoactor_rt.errors import LinkError
from exoactor_rt.link import LoadedFile, TaskKind
from exoactor_rt.planning import save_plan
from exoactor_rt.robots import g1
from exoactor_rt.runtime import ControlSession


class Rig:
    """A session whose loop is not started yet, and a plan to execute."""

    def __init__(self, folder):
        posture = g1.standing_position()
        options = _core.runtime.LoopOptions()
        options.fifo_priority, options.lock_memory = 0, False
        tick = _core.runtime.ControlTick(str(g1.model_path()))
        ring = _core.runtime.RecordRing(4096)
        robot = _core.hal.MockRobot(posture, g1.standing_torque(posture))
        self.loop = _core.runtime.ControlLoop(robot, tick, _core.runtime.RealClock(), ring, options)
        self.told = []
        self.session = ControlSession(tick, self.loop, ring, on_event=self.told.append)
        content = save_plan(standing_plan(0.5), folder / "stand.plan").read_bytes()
        self.sha256 = hashlib.sha256(content).hexdigest()
        self.file = LoadedFile(TaskKind.PLAN, content, self.sha256, "stand", {})

    @property
    def state(self):
        return self.session.state("")

    def start(self):
        self.session.load(self.file)
        self.session.start(self.sha256)
        assert (self.state.last_end, self.state.last_end_sha256) == ("", "")

    def ended(self):
        until_s = time.monotonic() + 20.0
        while self.session.running and time.monotonic() < until_s:
            time.sleep(0.01)
            self.session.look()
        return self.state.last_end, self.state.last_end_sha256 == self.sha256


@pytest.fixture
def rig(tmp_path):
    rig = Rig(tmp_path)
    yield rig
    rig.loop.stop()


def test_an_arming_that_the_loop_did_not_answer_is_withdrawn(rig):
    with pytest.raises(LinkError, match="did not answer; not armed"):
        rig.session.arm()
    rig.loop.start()
    time.sleep(0.2)
    assert rig.state.guard == "silent"
    rig.session.arm()
    assert rig.state.guard == "hold"


def test_a_robot_that_stands_is_not_posed(rig):
    with pytest.raises(LinkError, match="did not answer; not posed"):
        rig.session.pose()
    rig.loop.start()
    time.sleep(0.2)
    assert rig.state.guard == "silent"
    with pytest.raises(LinkError, match=r"does not hang.*not posed"):
        rig.session.pose()
    assert rig.state.guard == "silent"
    rig.session.arm()
    with pytest.raises(LinkError, match="guard is hold, must be silent or ready; not posed"):
        rig.session.pose()


def test_a_stop_that_the_asker_has_not_seen_keeps_a_plan_from_starting(rig):
    rig.loop.start()
    time.sleep(0.05)
    rig.session.arm()
    seen = rig.state.stops
    rig.session.load(rig.file)
    rig.session.stop()
    with pytest.raises(LinkError, match="stopped or damped since; not started"):
        rig.session.start(rig.sha256, seen)
    assert not rig.state.running
    rig.session.start(rig.sha256, rig.state.stops)
    assert rig.state.running


def test_a_plan_ends_done_stopped_or_broken_off_and_stops_are_counted(rig):
    rig.loop.start()
    time.sleep(0.05)
    rig.session.arm()
    rig.start()
    assert rig.ended() == ("done", True)
    assert (rig.state.plans_ended, rig.state.stops) == (1, 0)
    rig.start()
    rig.session.stop()
    assert rig.ended() == ("stopped", True)
    assert (rig.state.plans_ended, rig.state.stops) == (2, 1)
    rig.start()
    rig.session.damp()
    time.sleep(0.05)
    rig.session.reset()
    assert rig.state.guard == "ready"
    time.sleep(0.05)
    rig.session.arm()
    assert rig.ended() == ("broken_off", True)
    assert (rig.state.plans_ended, rig.state.stops) == (0, 2)


def test_an_owner_is_lost_only_while_a_plan_runs(rig):
    def told():
        return [(one.severity, one.text) for one in rig.told if one.text.startswith("owner")]

    rig.loop.start()
    time.sleep(0.05)
    rig.session.arm()
    rig.session.owner_lost("arm")
    rig.start()
    rig.session.owner_lost("task")
    assert rig.ended() == ("done", True)
    rig.session.owner_lost("task")
    assert told() == [
        ("info", "owner 'arm' left"),
        ("warning", "owner 'task' lost"),
        ("info", "owner 'task' left"),
    ]
