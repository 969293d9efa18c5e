"""On which processor and how urgently commands are sent."""

import os
import time
from dataclasses import replace
from pathlib import Path

import pytest
from driver_process import DriverProcess
from standing_robot import Loop, StandingRobot, wait

from exoactor_rt import _core
from exoactor_rt.dds import connect, load_dds

PROCESSORS = os.sched_getaffinity(0)
SENDING = "lowcmd"


def sending(pid):
    """The thread of a process that sends commands."""

    def named():
        tasks = Path(f"/proc/{pid}/task").iterdir()
        return [int(task.name) for task in tasks if (task / "comm").read_text() == f"{SENDING}\n"]

    wait(named)
    (tid,) = named()
    return tid


def skip_without_fifo(tid):
    if os.sched_getscheduler(tid) != os.SCHED_FIFO:
        pytest.skip("no right to SCHED_FIFO here")


def test_commands_are_sent_from_anywhere_unless_told(settings):
    with StandingRobot(settings), Loop(connect(settings)):
        assert os.sched_getaffinity(sending(os.getpid())) == PROCESSORS


@pytest.mark.skipif(len(PROCESSORS) < 2, reason="one processor only")
def test_on_the_processor_of_the_loop_no_tick_keeps_them_from_being_sent(settings):
    cpu = max(PROCESSORS)
    with StandingRobot(settings), Loop(connect(replace(settings, cpu=cpu))) as rig:
        assert rig.arm(), rig.loop.arm_refusal
        sender = sending(os.getpid())
        skip_without_fifo(sender)
        assert os.sched_getaffinity(sender) == {cpu}
        assert os.sched_getaffinity(0) == PROCESSORS, "who opened the link runs as before"
        loops = _core.runtime.LoopOptions().fifo_priority
        assert os.sched_getparam(sender).sched_priority == loops + 1


def test_not_where_a_tick_could_keep_them_from_being_sent(settings):
    """Without the right to a priority above the loop's, as one beyond the greatest."""
    robot = load_dds().DdsRobot(
        settings.to_options(), settings.to_limits(), fifo_priority=99, cpu=max(PROCESSORS)
    )
    sender = sending(os.getpid())
    time.sleep(0.1)  # until it has asked
    assert os.sched_getaffinity(sender) == PROCESSORS
    del robot


def test_a_processor_that_is_not_there_is_no_processor(settings):
    with StandingRobot(settings) as body, Loop(connect(replace(settings, cpu=10_000))) as rig:
        assert rig.arm(), rig.loop.arm_refusal
        assert os.sched_getaffinity(sending(os.getpid())) == PROCESSORS
        assert rig.wait(lambda: body.commands["none"] > 100)


@pytest.mark.skipif(len(PROCESSORS) < 2, reason="one processor only")
def test_the_control_process_sends_from_the_processor_of_its_loop(settings, tmp_path):
    cpu = max(PROCESSORS)
    options = ("--cpu", str(cpu))
    with StandingRobot(settings), DriverProcess(settings, tmp_path, *options) as driver:
        assert "silent" in driver.greeting
        skip_without_fifo(sending(driver.driver))
        assert os.sched_getaffinity(sending(driver.driver)) == {cpu}
