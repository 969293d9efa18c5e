"""The life of a task: its states and which may follow which. The only place that says so."""

from __future__ import annotations

import enum


class TaskState(str, enum.Enum):
    """Where a task is.

    Up to READY nothing moves: the clip is generated, planned and rehearsed in simulation. Only an
    approval leads on to the robot.
    """

    QUEUED = "queued"
    GENERATING = "generating"
    PLANNING = "planning"
    READY = "ready"
    APPROVED = "approved"
    EXECUTING = "executing"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"


_ENDS = (TaskState.FAILED, TaskState.CANCELLED)

TRANSITIONS: dict[TaskState, frozenset[TaskState]] = {
    TaskState.QUEUED: frozenset({TaskState.GENERATING, TaskState.PLANNING, *_ENDS}),
    TaskState.GENERATING: frozenset({TaskState.PLANNING, *_ENDS}),
    TaskState.PLANNING: frozenset({TaskState.READY, TaskState.REFUSED, *_ENDS}),
    TaskState.READY: frozenset({TaskState.APPROVED, TaskState.CANCELLED}),
    TaskState.APPROVED: frozenset({TaskState.EXECUTING, TaskState.READY, *_ENDS}),
    TaskState.EXECUTING: frozenset(
        {TaskState.DONE, TaskState.INTERRUPTED, TaskState.READY, *_ENDS}
    ),
    TaskState.DONE: frozenset(),
    TaskState.REFUSED: frozenset({TaskState.READY}),
    TaskState.FAILED: frozenset(),
    TaskState.CANCELLED: frozenset(),
    TaskState.INTERRUPTED: frozenset(),
}
"""A task whose execution was cut off by a restart is INTERRUPTED; an approval that a restart finds
unused lapses: APPROVED becomes READY again. So does EXECUTING where the control process refused the
plan before anything moved."""

FINAL = frozenset(state for state, following in TRANSITIONS.items() if not following) | {
    TaskState.REFUSED
}
"""Where nothing follows by itself: an admin may override a refusal, which makes it READY."""


def may_become(state: TaskState, following: TaskState) -> bool:
    """Whether `following` may come right after `state`."""
    return following in TRANSITIONS[state]
