"""The tasks on disk: one SQLite file; every change of state is one transaction."""

from __future__ import annotations

import datetime
import functools
import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from exoactor_rt.api import FINAL, StateEvent, TaskRequest, TaskState, may_become
from exoactor_rt.errors import LogError

_SCHEMA = """
CREATE TABLE IF NOT EXISTS tasks (
  id TEXT PRIMARY KEY,
  state TEXT NOT NULL,
  request BLOB NOT NULL,
  submitted_by INTEGER NOT NULL,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  idempotency_key TEXT,
  plan_sha256 TEXT NOT NULL DEFAULT '',
  UNIQUE (submitted_by, idempotency_key)
);
CREATE TABLE IF NOT EXISTS events (
  task TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  at TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (task, number)
);
CREATE INDEX IF NOT EXISTS tasks_by_state ON tasks (state);
"""
_VERSION = 2
_REQUESTS_KNOWN = 256
_FROM_VERSION_1 = """
BEGIN;
ALTER TABLE tasks ADD COLUMN plan_sha256 TEXT NOT NULL DEFAULT '';
PRAGMA user_version = 2;
COMMIT;
"""
_COLUMNS = "id, state, request, submitted_by, created_at, updated_at, reason, plan_sha256"


@dataclass(frozen=True)
class StoredTask:
    """One row; see TaskDocument. `plan_sha256` is of the plan that was rehearsed."""

    id: str
    state: TaskState
    request: TaskRequest
    submitted_by: int
    created_at: str
    updated_at: str
    reason: str
    plan_sha256: str = ""


class TransitionError(Exception):
    """A change of state that is not allowed from where the task is."""

    def __init__(self, task: str, state: TaskState, wanted: TaskState):
        """The task is in `state`."""
        super().__init__(f"task {task} is {state.value}, cannot become {wanted.value}")
        self.state = state


class TaskStore:
    """All tasks; used by one thread. What is committed survives kill -9 and loss of power."""

    def __init__(self, path: Path):
        """Opens or makes the file; raises LogError where that is not possible."""
        try:
            self._db = sqlite3.connect(path, isolation_level=None)
            self._db.executescript(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
            )
            version = int(self._db.execute("PRAGMA user_version").fetchone()[0])
            if version not in (0, 1, _VERSION):
                raise LogError(f"{path}: task store of version {version}, allowed {_VERSION}")
            if version == 1:
                self._db.executescript(_FROM_VERSION_1)
            self._db.executescript(_SCHEMA + f"PRAGMA user_version = {_VERSION};")
        except sqlite3.Error as error:
            raise LogError(f"{path}: task store cannot be used: {error}") from error

    def close(self) -> None:
        """Closes the file."""
        self._db.close()

    def add(self, request: TaskRequest, submitted_by: int, key: str | None) -> StoredTask:
        """A new task, queued; `key` must be new among its submitter's, see `find`."""
        now = _now()
        task = StoredTask(_new_id(), TaskState.QUEUED, request, submitted_by, now, now, "")
        with self._transaction():
            self._db.execute(
                f"INSERT INTO tasks ({_COLUMNS}, idempotency_key) VALUES (?,?,?,?,?,?,?,?,?)",
                (
                    task.id,
                    task.state.value,
                    msgspec.json.encode(request),
                    submitted_by,
                    now,
                    now,
                    "",
                    "",
                    key,
                ),
            )
            self._note(task.id, task.state, "", now)
        return task

    def find(self, submitted_by: int, key: str) -> StoredTask | None:
        """The task that a submitter has added under this key, or None."""
        row = self._db.execute(
            f"SELECT {_COLUMNS} FROM tasks WHERE submitted_by = ? AND idempotency_key = ?",
            (submitted_by, key),
        ).fetchone()
        return _task(row) if row else None

    def get(self, task: str) -> StoredTask | None:
        """A task by its id, or None."""
        row = self._db.execute(f"SELECT {_COLUMNS} FROM tasks WHERE id = ?", (task,)).fetchone()
        return _task(row) if row else None

    def newest(
        self, limit: int, before: str | None = None, state: TaskState | None = None
    ) -> list[StoredTask]:
        """Tasks older than `before`, newest first."""
        rows = self._db.execute(
            f"SELECT {_COLUMNS} FROM tasks WHERE (? IS NULL OR id < ?) AND (? IS NULL OR state = ?)"
            " ORDER BY id DESC LIMIT ?",
            (before, before, state and state.value, state and state.value, limit),
        )
        return [_task(row) for row in rows]

    def oldest_in(self, states: tuple[TaskState, ...]) -> StoredTask | None:
        """The task that has waited longest in one of `states`."""
        marks = ",".join("?" * len(states))
        row = self._db.execute(
            f"SELECT {_COLUMNS} FROM tasks WHERE state IN ({marks}) ORDER BY id LIMIT 1",
            [state.value for state in states],
        ).fetchone()
        return _task(row) if row else None

    def not_ended_of(self, submitted_by: int) -> int:
        """How many of a submitter's tasks have not ended."""
        marks = ",".join("?" * len(FINAL))
        row = self._db.execute(
            f"SELECT COUNT(*) FROM tasks WHERE submitted_by = ? AND state NOT IN ({marks})",
            [submitted_by, *(state.value for state in FINAL)],
        ).fetchone()
        return int(row[0])

    def tasks_and_uploads(self) -> set[str]:
        """Ids of all tasks, and hashes of the uploads that they refer to."""
        names: set[str] = set()
        for task, request in self._db.execute("SELECT id, request FROM tasks"):
            decoded = _request(request)
            names |= {task, *(sha for sha in (decoded.scene, decoded.clip) if sha)}
        return names

    def counts(self) -> dict[TaskState, int]:
        """Number of tasks in each state that has any."""
        rows = self._db.execute("SELECT state, COUNT(*) FROM tasks GROUP BY state")
        return {TaskState(state): int(count) for state, count in rows}

    def change(
        self, task: str, wanted: TaskState, reason: str = "", plan_sha256: str | None = None
    ) -> StateEvent:
        """Moves a task on; the event is numbered within its task.

        `plan_sha256` is kept where it is given.

        Raises:
            TransitionError: it may not become that now.
            KeyError: there is no such task.
        """
        with self._transaction():
            row = self._db.execute("SELECT state FROM tasks WHERE id = ?", (task,)).fetchone()
            if row is None:
                raise KeyError(task)
            state = TaskState(row[0])
            if not may_become(state, wanted):
                raise TransitionError(task, state, wanted)
            now = _now()
            self._db.execute(
                "UPDATE tasks SET state = ?, reason = ?, updated_at = ?,"
                " plan_sha256 = COALESCE(?, plan_sha256) WHERE id = ?",
                (wanted.value, reason, now, plan_sha256, task),
            )
            return self._note(task, wanted, reason, now)

    def events_after(self, task: str, number: int) -> list[StateEvent]:
        """A task's events with a greater number, in order."""
        rows = self._db.execute(
            "SELECT number, at, state, reason FROM events WHERE task = ? AND number > ?"
            " ORDER BY number",
            (task, number),
        )
        return [StateEvent(number=n, at=at, state=TaskState(s), reason=r) for n, at, s, r in rows]

    def recover(self) -> None:
        """After a start: what was being executed is interrupted, unused approvals lapse."""
        for state, following, reason in (
            (TaskState.EXECUTING, TaskState.INTERRUPTED, "the service ended during the execution"),
            (TaskState.APPROVED, TaskState.READY, "the service ended before the execution"),
        ):
            while (task := self.oldest_in((state,))) is not None:
                self.change(task.id, following, reason)

    def forget_ended(self, keep: int) -> list[str]:
        """Deletes the oldest ended tasks beyond `keep`; returns their ids."""
        marks = ",".join("?" * len(FINAL))
        with self._transaction():
            rows = self._db.execute(
                f"SELECT id FROM tasks WHERE state IN ({marks}) ORDER BY id DESC LIMIT -1 OFFSET ?",
                [*(state.value for state in FINAL), keep],
            ).fetchall()
            self._db.executemany("DELETE FROM tasks WHERE id = ?", rows)
        return [str(row[0]) for row in rows]

    def _note(self, task: str, state: TaskState, reason: str, at: str) -> StateEvent:
        number = int(
            self._db.execute(
                "SELECT COALESCE(MAX(number), 0) + 1 FROM events WHERE task = ?", (task,)
            ).fetchone()[0]
        )
        self._db.execute(
            "INSERT INTO events VALUES (?, ?, ?, ?, ?)", (task, number, at, state.value, reason)
        )
        return StateEvent(number=number, at=at, state=state, reason=reason)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")


def _task(row: tuple[str, str, bytes, int, str, str, str, str]) -> StoredTask:
    task, state, request, submitted_by, created_at, updated_at, reason, plan_sha256 = row
    asked = _request(request)
    return StoredTask(
        task, TaskState(state), asked, submitted_by, created_at, updated_at, reason, plan_sha256
    )


@functools.lru_cache(_REQUESTS_KNOWN)
def _request(content: bytes) -> TaskRequest:
    """A request never changes: lists decode it once."""
    return msgspec.json.decode(content, type=TaskRequest)


def _now() -> str:
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds")


def _new_id() -> str:
    """Rises with time; unguessable enough that two clocks do not collide."""
    return f"t{time.time_ns() // 1_000_000:011x}{secrets.token_hex(4)}"
