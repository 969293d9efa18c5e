"""The task store under random orders: only allowed changes happen, and all of them are kept."""

import sqlite3

from hypothesis import given, settings
from hypothesis import strategies as st

from exoactor_rt.api import FINAL, TRANSITIONS, TaskRequest, TaskState, may_become
from exoactor_rt.service.store import TaskStore, TransitionError

STATES = st.sampled_from(list(TaskState))


def reachable():
    found, new = set(), {TaskState.QUEUED}
    while new:
        found |= new
        new = set().union(*(TRANSITIONS[state] for state in new)) - found
    return found


def test_every_state_can_be_reached_and_left_unless_it_is_final():
    assert reachable() == set(TaskState)
    assert {s for s in TaskState if not TRANSITIONS[s]} == FINAL - {TaskState.REFUSED}
    assert TRANSITIONS[TaskState.REFUSED] == {TaskState.READY}, "by an admin, with a reason"
    assert all(may_become(s, TaskState.CANCELLED) for s in TaskState if s not in FINAL)


def test_nothing_is_executed_that_was_not_approved_from_ready():
    assert [s for s in TaskState if may_become(s, TaskState.EXECUTING)] == [TaskState.APPROVED]
    assert [s for s in TaskState if may_become(s, TaskState.APPROVED)] == [TaskState.READY]


@settings(max_examples=60)
@given(orders=st.lists(st.tuples(st.integers(0, 2), STATES, st.booleans()), max_size=40))
def test_a_store_reopened_at_any_moment_knows_all_that_was_committed(tmp_path_factory, orders):
    path = tmp_path_factory.mktemp("store") / "tasks.sqlite"
    store = TaskStore(path)
    tasks = [store.add(TaskRequest(instruction=str(n)), n, f"key-{n}").id for n in range(3)]
    states = {task: [TaskState.QUEUED] for task in tasks}
    for index, wanted, reopen in orders:
        task = tasks[index]
        allowed = may_become(states[task][-1], wanted)
        try:
            event = store.change(task, wanted, "because")
        except TransitionError as error:
            assert not allowed
            assert error.state is states[task][-1]
        else:
            assert allowed
            states[task].append(wanted)
            assert event.number == len(states[task])
        if reopen:
            store.close()
            store = TaskStore(path)
    for number, task in enumerate(tasks):
        assert [event.state for event in store.events_after(task, 0)] == states[task]
        assert store.get(task).state is states[task][-1]
        assert store.find(number, f"key-{number}").id == task
    store.recover()
    after = {store.get(task).state for task in tasks}
    assert not after & {TaskState.EXECUTING, TaskState.APPROVED}
    store.close()


def test_a_store_of_version_1_is_taken_over(tmp_path):
    path = tmp_path / "tasks.sqlite"
    store = TaskStore(path)
    task = store.add(TaskRequest(instruction="wave"), 0, None).id
    store.close()
    db = sqlite3.connect(path)
    db.executescript("ALTER TABLE tasks DROP COLUMN plan_sha256; PRAGMA user_version = 1;")
    db.close()
    store = TaskStore(path)
    store.change(task, TaskState.PLANNING)
    store.change(task, TaskState.READY, plan_sha256="0" * 64)
    store.close()
    store = TaskStore(path)
    assert store.get(task).plan_sha256 == "0" * 64
    store.close()
