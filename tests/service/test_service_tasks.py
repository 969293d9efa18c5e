"""Tasks through the interface, from submission to the robot and back."""

import os
import threading
import time

import pytest
from service_rig import Rig

from exoactor_rt.api import ProgressEvent, StateEvent, TaskOptions, TaskState
from exoactor_rt.cli.task import follow
from exoactor_rt.client import Client, ServiceError
from exoactor_rt.errors import GenerationError, LinkError
from exoactor_rt.generation.generator import Generated, Generator
from exoactor_rt.link import TaskKind
from exoactor_rt.service.store import TaskStore
from exoactor_rt.service.worker import Outcome

CLIP = b"\x00\x00\x00\x18ftypisom" + bytes(64)


@pytest.fixture
def rig(tmp_path):
    return Rig(tmp_path)


def test_a_task_is_rehearsed_waits_for_approval_and_is_executed(rig):
    with rig.control() as control, rig.serving():
        rig.wait_for_robot("hold")
        task = rig.client.submit("wave to the visitor")
        ready = rig.wait_for(task.id, TaskState.READY)
        assert {a.name for a in ready.artifacts} >= {"clip.mp4", "clip.json", "plan.npz"}
        assert not control.calls
        rig.client.approve(task.id)
        rig.wait_for(task.id, TaskState.DONE)
        assert control.calls[0] == ("load", b"a plan")
        assert [call[0] for call in control.calls] == ["load", "start", "owner_lost"]


def test_execute_goes_on_to_the_robot_and_a_clip_is_not_generated(rig, tmp_path):
    clip = tmp_path / "mine.mp4"
    clip.write_bytes(CLIP)
    with rig.control(), rig.serving():
        rig.wait_for_robot("hold")
        task = rig.client.submit("do as shown", clip=clip, execute=True)
        assert rig.wait_for(task.id, TaskState.DONE).reason == ""
        states = [e.state for e in rig.client.events(task.id) if isinstance(e, StateEvent)]
        assert TaskState.GENERATING not in states
        assert states[-3:] == [TaskState.APPROVED, TaskState.EXECUTING, TaskState.DONE]
        assert rig.work.orders[0].clips[0].endswith(rig.client.upload(clip).sha256)


def test_without_a_robot_nothing_is_approved_and_an_approval_lapses(rig):
    with rig.serving():
        task = rig.client.submit("wave")
        rig.wait_for(task.id, TaskState.READY)
        with pytest.raises(ServiceError, match="not connected"):
            rig.client.approve(task.id)
        eager = rig.client.submit("wave now", execute=True)
        assert "not connected" in rig.wait_for(eager.id, TaskState.READY).reason


def test_a_silent_robot_must_be_armed_first(rig):
    with rig.control() as control, rig.serving():
        control.guard = "silent"
        rig.wait_for_robot("silent")
        task = rig.client.submit("wave")
        rig.wait_for(task.id, TaskState.READY)
        with pytest.raises(ServiceError, match="arm the robot first"):
            rig.client.approve(task.id)
        rig.client.arm()
        rig.wait_for_robot("hold")
        rig.client.approve(task.id)
        rig.wait_for(task.id, TaskState.DONE)


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (Outcome(kind="refused", reason="nominal: it falls"), TaskState.REFUSED),
        (Outcome(kind="failed", reason="the worker ended with -9"), TaskState.FAILED),
    ],
)
def test_what_the_chain_refuses_or_fails_never_gets_further(rig, outcome, state):
    rig.work.outcome = outcome
    with rig.control(), rig.serving():
        task = rig.client.submit("jump", execute=True)
        assert rig.wait_for(task.id, state).reason == outcome.reason
        with pytest.raises(ServiceError, match=r"cannot become approved|allowed application/json"):
            rig.wait_for_robot("hold")
            rig.client.approve(task.id)


def test_cancelling_calls_the_work_off(rig):
    rig.work.hold = True
    with rig.serving():
        task = rig.client.submit("wave")
        waiting = rig.client.submit("wave again")
        rig.wait_for(task.id, TaskState.PLANNING)
        rig.client.cancel(task.id)
        rig.wait_for(task.id, TaskState.CANCELLED)
        assert rig.work.called_off == 1
        rig.client.cancel(waiting.id)
        rig.wait_for(waiting.id, TaskState.CANCELLED)
        with pytest.raises(ServiceError, match="cannot become cancelled"):
            rig.client.cancel(task.id)


def test_cancelling_an_execution_stops_the_robot_first(rig):
    with rig.control() as control, rig.serving():
        control.plan_s = 30.0
        rig.wait_for_robot("hold")
        task = rig.client.submit("wave", execute=True)
        rig.wait_for(task.id, TaskState.EXECUTING)
        while ("start",) not in [call[:1] for call in control.calls]:
            time.sleep(0.01)
        rig.client.cancel(task.id)
        rig.wait_for(task.id, TaskState.CANCELLED)
        assert ("stop",) in control.calls
        assert not rig.client.robot().running


def test_a_robot_that_damps_fails_the_task(rig):
    with rig.control() as control, rig.serving():
        control.plan_s = 30.0
        rig.wait_for_robot("hold")
        task = rig.client.submit("wave", execute=True)
        rig.wait_for(task.id, TaskState.EXECUTING)
        while ("start",) not in [call[:1] for call in control.calls]:
            time.sleep(0.01)
        rig.client.damp()
        assert "damping" in rig.wait_for(task.id, TaskState.FAILED).reason


def test_two_who_approve_at_once_exactly_one_gets_the_robot(rig):
    with rig.control() as control, rig.serving():
        control.plan_s = 1.0
        rig.wait_for_robot("hold")
        tasks = [rig.client.submit(f"wave {n}").id for n in range(2)]
        for task in tasks:
            rig.wait_for(task, TaskState.READY)
        outcomes = []

        def approve(task):
            try:
                rig.client.approve(task)
                outcomes.append("approved")
            except ServiceError as error:
                outcomes.append(error.problem.type.rsplit(":", 1)[-1])

        threads = [threading.Thread(target=approve, args=(task,)) for task in tasks]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(outcomes) == ["approved", "conflict"]


def test_a_repeated_key_gives_the_same_task_and_another_task_is_a_conflict(rig):
    with rig.serving():
        first = rig.client.submit("wave", key="k1")
        assert rig.client.submit("wave", key="k1").id == first.id
        with pytest.raises(ServiceError, match="used for another task"):
            rig.client.submit("jump", key="k1")
        assert len(rig.client.tasks().tasks) == 1


def test_the_queue_is_bounded(tmp_path):
    rig = Rig(tmp_path, queue_max=2)
    rig.work.hold = True
    with rig.serving():
        for n in range(2):
            rig.client.submit(f"wave {n}", key=str(n))
        with pytest.raises(ServiceError, match="2 tasks have not ended"):
            rig.client.submit("wave")
        assert rig.client.submit("wave 0", key="0")


def test_events_are_kept_numbered_and_repeated_from_where_one_was(rig):
    with rig.serving():
        task = rig.client.submit("wave")
        rig.wait_for(task.id, TaskState.READY)
        rig.client.cancel(task.id)
        whole = list(rig.client.events(task.id))
        assert [event.number for event in whole] == [1, 2, 3, 4, 5]
        assert list(rig.client.events(task.id, after=3)) == whole[3:]


def test_a_listener_sees_progress_as_it_happens(rig):
    rig.work.hold = True
    with rig.serving():
        events = []
        task = rig.client.submit("wave")

        def listen():
            events.extend(rig.client.events(task.id))

        thread = threading.Thread(target=listen)
        thread.start()
        rig.wait_for(task.id, TaskState.PLANNING)
        rig.work.hold = False
        rig.wait_for(task.id, TaskState.READY)
        rig.client.cancel(task.id)
        thread.join(10.0)
        assert not thread.is_alive()
        assert events[-1].state is TaskState.CANCELLED
        assert all(isinstance(event, StateEvent | ProgressEvent) for event in events)


def test_a_restart_loses_nothing_and_executes_nothing_by_itself(rig):
    with rig.control() as control:
        rig.work.hold = True
        with rig.serving():
            rig.wait_for_robot("hold")
            planning = rig.client.submit("first").id
            queued = rig.client.submit("second").id
            rig.wait_for(planning, TaskState.PLANNING)
        store = TaskStore(rig.folder / "data" / "tasks.sqlite")
        ids = {}
        for name, states in {
            "approved": (TaskState.PLANNING, TaskState.READY, TaskState.APPROVED),
            "executing": (
                TaskState.PLANNING,
                TaskState.READY,
                TaskState.APPROVED,
                TaskState.EXECUTING,
            ),
        }.items():
            ids[name] = store.add(store.get(planning).request, 0, None).id
            for state in states:
                store.change(ids[name], state)
        store.close()
        rig.work.hold = False
        with rig.serving():
            assert rig.wait_for(ids["executing"], TaskState.INTERRUPTED)
            assert "before the execution" in rig.wait_for(ids["approved"], TaskState.READY).reason
            rig.wait_for(planning, TaskState.READY)
            rig.wait_for(queued, TaskState.READY)
        assert not control.calls


def test_old_tasks_are_forgotten_with_their_files(tmp_path):
    rig = Rig(tmp_path, keep_tasks=2)
    with rig.serving():
        ids = []
        for n in range(4):
            ids.append(rig.client.submit(f"wave {n}").id)
            rig.wait_for(ids[-1], TaskState.READY)
            rig.client.cancel(ids[-1])
        assert [task.id for task in rig.client.tasks().tasks] == ids[:1:-1]
        assert sorted(p.name for p in (tmp_path / "data" / "tasks").iterdir()) == ids[2:]


class CutClient(Client):
    """A client each of whose event streams breaks after two events."""

    def events(self, task, after=0):
        for count, event in enumerate(super().events(task, after)):
            if count == 2:
                raise LinkError("service: the connection broke")
            yield event


def test_watching_goes_on_where_a_stream_was_cut(rig, capsys):
    with rig.control(), rig.serving():
        rig.wait_for_robot("hold")
        task = rig.client.submit("wave", execute=True).id
        rig.wait_for(task, TaskState.DONE)
        assert follow(CutClient(rig.path), task) == 0
        told = capsys.readouterr().out
        assert [line.split()[1] for line in told.splitlines()] == [
            *("queued", "generating", "planning", "ready", "approved", "executing", "done")
        ]


def test_options_reach_the_chain_and_leave_the_rest_as_configured(rig):
    with rig.serving():
        options = TaskOptions(controller="tracker", person_height_m=1.9)
        task = rig.client.submit("wave", options=options).id
        rig.wait_for(task, TaskState.READY)
        assert rig.work.orders[0].config.control.controller == "tracker"
        assert rig.work.orders[0].config.subject.height_m == 1.9
        plain = rig.client.submit("wave").id
        rig.wait_for(plain, TaskState.READY)
        assert rig.work.orders[1].config == rig.config


def test_what_was_rehearsed_with_a_tracker_is_handed_over_as_a_tracking(rig):
    rig.work.file = "tracking.npz"
    with rig.control() as control, rig.serving():
        rig.wait_for_robot("hold")
        options = TaskOptions(controller="tracker")
        task = rig.client.submit("wave", execute=True, options=options).id
        rig.wait_for(task, TaskState.DONE)
        assert ("load", b"a plan") in control.calls
        assert control.kind is TaskKind.TRACKING


def test_where_control_has_not_the_policy_the_task_waits_and_says_so(rig):
    rig.work.file = "tracking.npz"
    with rig.control() as control, rig.serving():
        rig.wait_for_robot("hold")
        control.refusal = "tracking x: rehearsed with policy 'p' 123, no policy is loaded here"
        task = rig.client.submit("wave").id
        rig.wait_for(task, TaskState.READY)
        rig.client.approve(task)
        rig.wait_for_reason(task, "no policy is loaded here; nothing moved")
        assert "start" not in [call[0] for call in control.calls]


def test_a_task_of_whose_rehearsal_nothing_was_kept_is_not_executed(rig):
    rig.work.outcome = Outcome(kind="admitted")
    with rig.control() as control, rig.serving():
        rig.wait_for_robot("hold")
        task = rig.client.submit("wave", execute=True).id
        assert "was kept" in rig.wait_for(task, TaskState.READY).reason
        with pytest.raises(ServiceError, match="was kept"):
            rig.client.approve(task)
        assert not control.calls


def test_control_is_told_what_made_the_plan(rig):
    with rig.control() as control, rig.serving():
        rig.wait_for_robot("hold")
        task = rig.client.submit("wave to the visitor").id
        rig.wait_for(task, TaskState.READY)
        made = rig.folder / "data" / "tasks" / task / "provenance.json"
        made.write_text('{"prompt": "A person waves.", "video seed": "3"}')
        rig.client.approve(task)
        rig.wait_for(task, TaskState.DONE)
        told = dict(control.provenance)
        assert told.pop("submitted at")
        assert told == {
            "prompt": "A person waves.",
            "video seed": "3",
            "task": task,
            "instruction": "wave to the visitor",
            "submitted by user": str(os.getuid()),
        }


def test_files_are_told_as_they_grow_and_anew_when_the_state_has_changed(rig):
    def sizes():
        return {one.name: one.size for one in rig.client.task(task).artifacts}

    rig.work.hold = True
    with rig.serving():
        task = rig.client.submit("wave").id
        rig.wait_for(task, TaskState.PLANNING)
        report = rig.folder / "data" / "tasks" / task / "report.json"
        for content in ("1", "12"):
            report.write_text(content)
            assert sizes()["report.json"] == len(content)
        rig.work.hold = False
        rig.wait_for(task, TaskState.READY)
        assert sizes()["plan.npz"] == len(b"a plan")
        report.write_text("123")
        rig.client.cancel(task)
        assert sizes()["report.json"] == 3


def test_an_error_behind_a_told_failure_ends_nothing_else(rig, monkeypatch):
    async def run(self, task, folder, settled):
        settled(Generated((), {1: GenerationError("no clip")}))
        raise OSError("disk")

    with rig.serving(), monkeypatch.context() as patched:
        patched.setattr(Generator, "run", run)
        task = rig.client.submit("wave").id
        rig.wait_for(task, TaskState.FAILED)
        patched.undo()
        rig.wait_for(rig.client.submit("wave").id, TaskState.READY)
        assert rig.client.task(task).reason == "no clip"
