"""What an approval is worth: for which plan, for how long, and how its execution is told of."""

import asyncio
import hashlib
import time
from pathlib import Path

import pytest
from generation_cases import DIALECTS, ServerThread, make_server
from service_rig import Rig

from exoactor_rt.api import TaskState
from exoactor_rt.client import ServiceError
from exoactor_rt.link import ControlLink, Role
from exoactor_rt.service import serve as serve_module
from exoactor_rt.service.rights import AccessList, Right
from exoactor_rt.service.store import TaskStore
from exoactor_rt.service.worker import Outcome


@pytest.fixture
def rig(tmp_path):
    return Rig(tmp_path)


def begin(rig, control, plan_s=30.0):
    """A task in execution."""
    control.plan_s = plan_s
    rig.wait_for_robot("hold")
    task = rig.client.submit("wave", execute=True).id
    until_s = time.monotonic() + 10.0
    while "start" not in [call[0] for call in control.calls]:
        assert time.monotonic() < until_s
        time.sleep(0.01)
    return task


def starts(control):
    return sum(call[0] == "start" for call in control.calls)


def test_a_stop_lapses_what_was_approved_before_it(rig):
    with rig.control() as control, rig.serving():
        task = begin(rig, control)
        rehearsed = rig.client.submit("wave again", execute=True).id
        rig.wait_for(rehearsed, TaskState.APPROVED)
        rig.work.hold = True
        planning = rig.client.submit("wave later", execute=True).id
        rig.wait_for(planning, TaskState.PLANNING)
        with ControlLink(control.path) as link:
            link.stop()
        assert rig.wait_for(task, TaskState.CANCELLED).reason == "stopped on the way"
        assert "stopped" in rig.wait_for(rehearsed, TaskState.READY).reason
        rig.work.hold = False
        assert "stopped" in rig.wait_for(planning, TaskState.READY).reason
        assert starts(control) == 1
        control.plan_s = 0.1
        rig.client.approve(rehearsed)
        rig.wait_for(rehearsed, TaskState.DONE)


def test_after_a_restart_nothing_goes_on_to_the_robot_unasked(rig):
    with rig.control() as control:
        rig.work.hold = True
        with rig.serving():
            rig.wait_for_robot("hold")
            task = rig.client.submit("wave", execute=True).id
            rig.wait_for(task, TaskState.PLANNING)
        rig.work.hold = False
        with rig.serving():
            assert "approve again" in rig.wait_for(task, TaskState.READY).reason
        assert not control.calls


def test_a_restart_while_planning_generates_no_second_time(rig):
    rig.work.hold = True
    with rig.serving():
        task = rig.client.submit("wave").id
        rig.wait_for(task, TaskState.PLANNING)
    clip = rig.folder / "data" / "tasks" / task / "clip.mp4"
    before = clip.stat()
    rig.work.hold = False
    with rig.serving():
        rig.wait_for(task, TaskState.READY)
    after = clip.stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_restarts_on_the_way_to_a_plan_make_no_second_job_at_the_server(tmp_path, dialect):
    server = make_server(dialect, render_s=0.5)
    with ServerThread(server) as thread:
        rig = Rig(tmp_path, {"dialect": dialect, "video": {"url": thread.address}})
        rig.work.hold = True
        with rig.serving():
            task = rig.client.submit("wave").id
            rig.wait_for(task, TaskState.GENERATING)
            record = rig.folder / "data" / "tasks" / task / "job-1.json"
            until_s = time.monotonic() + 10.0
            while not (record.exists() and b'"job_id": ""' not in record.read_bytes()):
                assert time.monotonic() < until_s
                time.sleep(0.01)
        with rig.serving():
            rig.wait_for(task, TaskState.PLANNING)
        rig.work.hold = False
        with rig.serving():
            rig.wait_for(task, TaskState.READY)
    assert sum(call.method == "POST" for call in server.calls) == 1
    assert not server.table.cancelled


def test_only_the_rehearsed_plan_is_executed(rig):
    with rig.control() as control, rig.serving():
        rig.wait_for_robot("hold")
        task = rig.client.submit("wave").id
        rig.wait_for(task, TaskState.READY)
        (rig.folder / "data" / "tasks" / task / "plan.npz").write_bytes(b"another plan")
        rig.client.approve(task)
        assert "not the rehearsed one" in rig.wait_for(task, TaskState.FAILED).reason
        assert not control.calls


def test_an_end_of_the_service_stops_the_robot_first(rig):
    with rig.control() as control:
        with rig.serving():
            task = begin(rig, control)
        assert ("stop",) in control.calls
        store = TaskStore(rig.folder / "data" / "tasks.sqlite")
        assert store.get(task).state is TaskState.INTERRUPTED
        store.close()


def test_one_after_another_is_executed_and_another_owner_costs_nothing(rig):
    with rig.control() as control, rig.serving():
        rig.wait_for_robot("hold")
        control.plan_s = 0.05
        tasks = [rig.client.submit("wave", execute=True).id for _ in range(3)]
        for task in tasks:
            rig.wait_for(task, TaskState.DONE)
        last = rig.client.submit("wave").id
        rig.wait_for(last, TaskState.READY)
        with ControlLink(control.path, role=Role.OWNER, name="other"):
            try:
                rig.client.approve(last)
            except ServiceError as error:
                assert "in use" in str(error)
            assert rig.wait_for(last, TaskState.READY)
        assert starts(control) == 3


def test_a_cancel_that_ends_in_damping_is_a_failure(rig):
    with rig.control() as control, rig.serving():
        task = begin(rig, control)
        control.stop = control.damp
        rig.client.cancel(task)
        assert "damping" in rig.wait_for(task, TaskState.FAILED).reason


def test_the_answer_to_damp_shows_the_damped_robot(rig):
    with rig.control(), rig.serving():
        rig.wait_for_robot("hold")
        assert rig.client.damp().guard == "damping"
        assert rig.client.reset().guard == "ready"


def test_a_broken_store_ends_the_service(rig, monkeypatch):
    def refuse(*_):
        raise OSError("disk I/O error")

    monkeypatch.setattr(TaskStore, "oldest_in", refuse)
    monkeypatch.setattr(TaskStore, "recover", lambda _: None)
    seen = []

    async def go():
        return await serve_module.serve(rig.config, seen.append)

    assert asyncio.run(asyncio.wait_for(go(), 10.0)) is False
    assert seen == [Path(rig.path)]


def test_a_stop_just_before_the_start_keeps_the_robot_standing(rig):
    with rig.control() as control, rig.serving():
        rig.wait_for_robot("hold")
        control.before_start = control.stop
        task = rig.client.submit("wave", execute=True).id
        rig.wait_for(task, TaskState.READY)
        assert "nothing moved" in rig.client.task(task).reason
        assert starts(control) == 0


def lose_the_answer():
    """Control cuts a client off whose request fails so, without an answer."""
    raise RuntimeError("lost")


def test_a_started_plan_is_followed_although_the_answer_is_lost(rig):
    with rig.control() as control, rig.serving():
        control.after_start = lose_the_answer
        task = begin(rig, control, plan_s=1.0)
        assert rig.wait_for(task, TaskState.EXECUTING)
        rig.wait_for(task, TaskState.DONE)
        assert starts(control) == 1


def test_a_plan_whose_answer_is_lost_can_be_stopped(rig):
    with rig.control() as control, rig.serving():
        control.after_start = lose_the_answer
        task = begin(rig, control)
        rig.client.cancel(task)
        rig.wait_for(task, TaskState.CANCELLED)
        assert ("stop",) in control.calls


def test_a_plan_that_ends_before_the_lost_link_is_made_again_is_told_of(rig):
    with rig.control() as control, rig.serving():
        control.after_start = lose_the_answer
        task = begin(rig, control, plan_s=0.0)
        rig.wait_for(task, TaskState.DONE)


def test_a_start_that_was_lost_before_control_took_it_is_not_claimed(rig):
    with rig.control() as control, rig.serving():
        rig.wait_for_robot("hold")
        control.before_start = lose_the_answer
        task = rig.client.submit("wave", execute=True).id
        rig.wait_for(task, TaskState.READY)
        assert "nothing moved" in rig.client.task(task).reason
        assert starts(control) == 0


def test_where_control_is_gone_in_mid_execution_nothing_is_claimed(rig):
    with rig.serving():
        with rig.control() as control:
            task = begin(rig, control)
            rig.wait_for(task, TaskState.EXECUTING)
        assert "not known" in rig.wait_for(task, TaskState.FAILED).reason


def test_only_an_admins_reason_lets_a_refused_plan_onto_the_robot(rig, monkeypatch):
    sha256 = hashlib.sha256(b"a plan").hexdigest()
    rig.work.outcome = Outcome(kind="refused", reason="it falls", plan_sha256=sha256)
    with rig.control() as control, rig.serving():
        rig.wait_for_robot("hold")
        task = rig.client.submit("wave", execute=True).id
        rig.wait_for(task, TaskState.REFUSED)
        folder = Path(rig.work.orders[-1].folder)
        (folder / "plan.npz").rename(folder / "refused_plan.npz")
        with pytest.raises(ServiceError, match="application/json"):
            rig.client.approve(task)
        with monkeypatch.context() as patched:
            patched.setattr(AccessList, "right_of", lambda *_: Right.EXECUTE)
            with pytest.raises(ServiceError, match="has the right execute, needed admin"):
                rig.client.approve(task, "the floor is soft")
        assert rig.client.task(task).state is TaskState.REFUSED
        assert starts(control) == 0
        control.plan_s = 0.1
        rig.client.approve(task, "the floor is soft")
        rig.wait_for(task, TaskState.DONE)
        assert starts(control) == 1
        reasons = [event.reason for event in rig.client.events(task) if hasattr(event, "reason")]
        assert any("overridden by user" in r and "the floor is soft" in r for r in reasons)


def test_a_refusal_without_a_plan_cannot_be_overridden(rig):
    rig.work.outcome = Outcome(kind="refused", reason="in the air throughout")
    with rig.control() as control, rig.serving():
        rig.wait_for_robot("hold")
        task = rig.client.submit("jump").id
        rig.wait_for(task, TaskState.REFUSED)
        with pytest.raises(ServiceError, match="no plan could be made"):
            rig.client.approve(task, "please")
        assert rig.client.task(task).state is TaskState.REFUSED
        assert starts(control) == 0
