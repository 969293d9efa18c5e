"""What a loop asks of the system: scheduler, memory, processor, and that processors stay awake."""

import os
from pathlib import Path

import pytest
from loop_rig import Rig, quiet_options

from exoactor_rt.sim.rights import refusals, require_rights

AWAKE_DEVICE = "/dev/cpu_dma_latency"


def affinities():
    """The processors of each thread of this process."""
    return [os.sched_getaffinity(int(task.name)) for task in Path("/proc/self/task").iterdir()]


def test_the_loop_runs_on_the_processor_that_is_asked():
    cpu = max(os.sched_getaffinity(0))
    if os.sched_getaffinity(0) == {cpu}:
        pytest.skip("one processor: every thread is pinned")
    rig = Rig(options=quiet_options(cpu=cpu))
    assert {cpu} not in affinities()
    assert rig.loop.start().cpu_refusal == ""
    assert affinities().count({cpu}) == 1
    rig.loop.stop()


def test_a_processor_that_is_not_there_is_refused():
    rig = Rig(options=quiet_options(cpu=100_000))
    assert "CPU pinning: Invalid argument" in rig.loop.start().cpu_refusal
    rig.loop.stop()


def test_what_the_system_refuses_is_told():
    rig = Rig(options=quiet_options(fifo_priority=500, lock_memory=False))
    rights = rig.loop.start()
    rig.loop.stop()
    assert "SCHED_FIFO" in rights.scheduler_refusal
    assert rights.memory_refusal == ""


def test_the_priority_is_that_of_the_loops_own_thread():
    tasks = Path("/proc/self/task")
    before = {path.name for path in tasks.iterdir()}
    rig = Rig(options=quiet_options(fifo_priority=5, lock_memory=False))
    rights = rig.loop.start()
    policies = {path.name: os.sched_getscheduler(int(path.name)) for path in tasks.iterdir()}
    rig.loop.stop()
    if rights.scheduler_refusal:
        pytest.skip(rights.scheduler_refusal)
    fifo = [tid for tid, policy in policies.items() if policy == os.SCHED_FIFO]
    assert len(fifo) == 1 and fifo[0] not in before


def requests_to_stay_awake():
    files = Path("/proc/self/fd").iterdir()
    return sum(str(file.readlink()) == AWAKE_DEVICE for file in files if file.is_symlink())


def test_processors_are_kept_awake_from_start_to_stop():
    rig = Rig(options=quiet_options(keep_awake=True))
    rights = rig.loop.start()
    during = requests_to_stay_awake()
    rig.loop.stop()
    if rights.awake_refusal:
        pytest.skip(rights.awake_refusal)
    assert during == 1
    assert requests_to_stay_awake() == 0


def test_processors_may_sleep_where_that_is_asked_for():
    rig = Rig(options=quiet_options())
    rights = rig.loop.start()
    during = requests_to_stay_awake()
    rig.loop.stop()
    assert (rights.awake_refusal, during) == ("", 0)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody who may not")
def test_who_may_not_keep_processors_awake_is_told_and_may_drive():
    rig = Rig(options=quiet_options(keep_awake=True))
    os.seteuid(65534)
    try:
        rights = rig.loop.start()
    finally:
        os.seteuid(0)
    rig.loop.stop()
    assert "keeping processors awake" in rights.awake_refusal
    assert refusals(rights) == [rights.awake_refusal]
    require_rights(rights)
