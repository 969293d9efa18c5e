"""Tasks and uploads over the interface."""

from __future__ import annotations

import asyncio
import os
import re
from functools import lru_cache
from pathlib import Path

from aiohttp import web

from exoactor_rt.api import (
    FINAL,
    Approval,
    Artifact,
    TaskDocument,
    TaskList,
    TaskRequest,
    TaskState,
    Upload,
)
from exoactor_rt.service.files import (
    NotAcceptedError,
    QuotaError,
    ServiceFiles,
    TooLargeError,
)
from exoactor_rt.service.problems import ApiError
from exoactor_rt.service.request import caller_of, chunks, document, number, reply, require
from exoactor_rt.service.rights import Right
from exoactor_rt.service.robot import Robot
from exoactor_rt.service.routes import Parameter, Route
from exoactor_rt.service.runner import NO_PLAN, TaskRunner
from exoactor_rt.service.store import StoredTask, TaskStore, TransitionError
from exoactor_rt.service_config import ServiceConfig

_PAGE_DEFAULT = 50
_PAGE_MAX = 200
_ID_MAX = 64
_KNOWN_MAX = 256
_BLOCK_BYTES = 1 << 18
_KEY = re.compile(r"[A-Za-z0-9_.:-]{1,100}")
_KEY_PATTERN = r"^[A-Za-z0-9_.:-]{1,100}$"


class TaskRoutes:
    """Handlers of `/v1/tasks` and `/v1/uploads`."""

    def __init__(
        self,
        config: ServiceConfig,
        store: TaskStore,
        files: ServiceFiles,
        runner: TaskRunner,
        robot: Robot,
    ):
        self._config = config
        self._store = store
        self._files = files
        self._runner = runner
        self._robot = robot
        self._made = lru_cache(_KNOWN_MAX)(lambda task, _state, _changed: files.artifacts(task))

    def routes(self) -> list[Route]:
        """What is served."""
        limit = Parameter("limit", "query", {"type": "integer", "minimum": 1, "maximum": _PAGE_MAX})
        before = Parameter("before", "query", {"type": "string", "maxLength": _ID_MAX})
        state = Parameter(
            "state", "query", {"type": "string", "enum": [one.value for one in TaskState]}
        )
        key = Parameter("Idempotency-Key", "header", {"type": "string", "pattern": _KEY_PATTERN})
        one = ("not-found",)
        return [
            Route("POST", "/v1/uploads", Right.SUBMIT, self.upload, "Store a picture or a clip",
                  body="binary", answer=Upload, status=201,
                  problems=("too-large", "unsupported-media-type", "no-space")),
            Route("POST", "/v1/tasks", Right.SUBMIT, self.submit, "Submit a task",
                  body=TaskRequest, answer=TaskDocument, status=201, also=(200,),
                  parameters=(key,), problems=("conflict", "too-many", "no-space")),
            Route("GET", "/v1/tasks", Right.OBSERVE, self.list, "List tasks, newest first",
                  answer=TaskList, parameters=(limit, before, state)),
            Route("GET", "/v1/tasks/{task}", Right.OBSERVE, self.show, "Show a task",
                  answer=TaskDocument, problems=one),
            Route("POST", "/v1/tasks/{task}/approve", Right.EXECUTE, self.approve,
                  "Let a rehearsed plan onto the robot; of a refused one an admin's, with a reason",
                  body=Approval, body_optional=True, answer=TaskDocument,
                  problems=(*one, "conflict")),
            Route("POST", "/v1/tasks/{task}/cancel", Right.SUBMIT, self.cancel,
                  "End a task, wherever it is", answer=TaskDocument, status=202,
                  problems=(*one, "conflict")),
            Route("GET", "/v1/tasks/{task}/artifacts/{name}", Right.OBSERVE, self.artifact,
                  "Fetch a file that a task has made", answer="artifact", problems=one),
        ]  # fmt: skip

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """Stores the body."""
        self._need_space()
        limit = self._config.upload_max_bytes
        if request.content_length is not None and request.content_length > limit:
            raise ApiError("too-large", f"{request.content_length} bytes > {limit} allowed")
        user, user_limit = caller_of(request).uid, self._config.upload_user_max_bytes
        if self._files.bytes_of(user) + (request.content_length or 0) > user_limit:
            self._files.sweep(self._store.tasks_and_uploads())
        try:
            stored = await self._files.take(
                chunks(request, self._config.body_timeout_s), limit, user, user_limit
            )
        except QuotaError as error:
            told = (
                f"uploads of user {user} > {user_limit} bytes; not kept; unused ones go in an hour"
            )
            raise ApiError("no-space", told) from error
        except TooLargeError as error:
            raise ApiError("too-large", f"more than {limit} bytes; not kept") from error
        except NotAcceptedError as error:
            allowed = "allowed: PNG, JPEG, MP4; not kept"
            raise ApiError("unsupported-media-type", f"{error}; {allowed}") from error
        return reply(stored, 201)

    async def submit(self, request: web.Request) -> web.StreamResponse:
        """Adds a task, or gives the one of the same key again."""
        asked = await document(request, TaskRequest, self._config.body_timeout_s)
        if asked.execute:
            require(request, Right.EXECUTE)
        key = request.headers.get("Idempotency-Key")
        if key is not None and not _KEY.fullmatch(key):
            raise ApiError("unprocessable", f"Idempotency-Key, allowed {_KEY_PATTERN}")
        self._check_uploads(asked)
        waiting = sum(n for state, n in self._store.counts().items() if state not in FINAL)
        caller = caller_of(request)
        known = self._store.find(caller.uid, key) if key else None
        if known is None and waiting >= self._config.queue_max:
            raise ApiError("too-many", f"{waiting} tasks have not ended; not added")
        if known is None:
            self._need_space()
            own = self._store.not_ended_of(caller.uid)
            if own >= self._config.queue_user_max:
                told = f"{own} tasks of user {caller.uid} have not ended; not added"
                raise ApiError("too-many", told)
        task = known or self._store.add(asked, caller.uid, key)
        if task.request != asked:
            raise ApiError("conflict", f"the key was used for another task, {task.id}; not added")
        if known is None and asked.execute:
            self._runner.remember_approval(task.id)
        self._runner.look()
        location = {"Location": f"/v1/tasks/{task.id}"}
        return reply(self._document(task), 200 if known else 201, location)

    async def list(self, request: web.Request) -> web.StreamResponse:
        """A page of tasks."""
        limit = number(request, "limit", _PAGE_DEFAULT, 1, _PAGE_MAX)
        state = request.query.get("state")
        if state is not None and state not in TaskState._value2member_map_:
            raise ApiError("unprocessable", f"state {state[:40]!r}, allowed {_states()}")
        before = request.query.get("before")
        if before is not None and len(before) > _ID_MAX:
            raise ApiError("unprocessable", f"before > {_ID_MAX} characters")
        wanted = TaskState(state) if state else None
        tasks = self._store.newest(limit + 1, before, wanted)
        page = tuple(self._document(task) for task in tasks[:limit])
        return reply(TaskList(tasks=page, next=page[-1].id if len(tasks) > limit else None))

    async def show(self, request: web.Request) -> web.StreamResponse:
        """One task."""
        return reply(self._document(self.found(request)))

    async def approve(self, request: web.Request) -> web.StreamResponse:
        """Hands a READY task's plan to the robot; of a REFUSED one an admin's, with a reason."""
        task = self.found(request)
        refusal = self._robot.refusal
        busy = self._store.oldest_in((TaskState.APPROVED, TaskState.EXECUTING))
        if busy is not None and busy.id != task.id:
            refusal = f"robot: task {busy.id} is {busy.state.value}"
        if task.state is TaskState.READY and not task.plan_sha256:
            refusal = NO_PLAN
        if refusal:
            raise ApiError("conflict", f"{refusal}; not approved")
        if task.state is TaskState.REFUSED:
            await self._override(request, task)
            task = self.found(request)
        if task.state is TaskState.READY:
            self._runner.remember_approval(task.id)
        return self._changed(task, TaskState.APPROVED, f"by user {caller_of(request).uid}")

    async def _override(self, request: web.Request, task: StoredTask) -> None:
        """Makes a refused task READY, with who said so and why."""
        require(request, Right.ADMIN)
        asked = await document(request, Approval, self._config.body_timeout_s)
        if not self._files.accept_refused_plan(task.id):
            raise ApiError("conflict", "no plan could be made of this task; not approved")
        reason = f"admission overridden by user {caller_of(request).uid}: {asked.reason}"
        self._runner.change(task.id, TaskState.READY, reason)

    async def cancel(self, request: web.Request) -> web.StreamResponse:
        """Ends a task; others' tasks only for admins."""
        task = self.found(request)
        caller = caller_of(request)
        if task.submitted_by != caller.uid:
            require(request, Right.ADMIN)
        try:
            self._runner.cancel(task.id, f"by user {caller.uid}")
        except TransitionError as error:
            raise ApiError("conflict", f"{error}; not cancelled") from error
        return reply(self._document(self.found(request)), 202)

    async def artifact(self, request: web.Request) -> web.StreamResponse:
        """One file."""
        task = self.found(request)
        name = request.match_info["name"]
        found = self._files.artifact(task.id, name)
        if found is None:
            raise ApiError("not-found", f"task {task.id} has no {name[:80]!r}")
        path, media_type = found
        return await _sent(request, path, media_type)

    def found(self, request: web.Request) -> StoredTask:
        """The task that the path names."""
        name = request.match_info["task"]
        task = self._store.get(name)
        if task is None:
            raise ApiError("not-found", f"there is no task {name[:80]!r}")
        return task

    def _need_space(self) -> None:
        free, least = self._files.free_bytes, self._config.least_free_bytes
        if free < least:
            raise ApiError("no-space", f"{free} bytes free < {least} needed; not taken")

    def _changed(self, task: StoredTask, state: TaskState, reason: str) -> web.Response:
        try:
            self._runner.change(task.id, state, reason)
        except TransitionError as error:
            raise ApiError("conflict", str(error)) from error
        after = self._store.get(task.id)
        return reply(self._document(after or task))

    def _check_uploads(self, asked: TaskRequest) -> None:
        for name, kinds in (("scene", ("image/png", "image/jpeg")), ("clip", ("video/mp4",))):
            sha256 = getattr(asked, name)
            if sha256 is None:
                continue
            if self._files.upload(sha256) is None:
                raise ApiError("unprocessable", f"{name} {sha256[:12]} was not uploaded")
            media_type = self._files.upload_type(sha256)
            if media_type not in kinds:
                allowed = ", ".join(kinds)
                raise ApiError("unprocessable", f"{name} is {media_type}, allowed {allowed}")

    def _document(self, task: StoredTask) -> TaskDocument:
        return TaskDocument(
            id=task.id,
            state=task.state,
            request=task.request,
            submitted_by=task.submitted_by,
            created_at=task.created_at,
            updated_at=task.updated_at,
            reason=task.reason,
            artifacts=self._artifacts(task),
        )

    def _artifacts(self, task: StoredTask) -> tuple[Artifact, ...]:
        """A task's files; while it rests, nobody writes any until its state has changed."""
        if task.state in FINAL or task.state is TaskState.READY:
            return self._made(task.id, task.state, task.updated_at)
        return self._files.artifacts(task.id)


async def _sent(request: web.Request, path: Path, media_type: str) -> web.StreamResponse:
    """A file as the answer, block by block, so that a caller who does not read is noticed."""
    with path.open("rb") as file:
        response = web.StreamResponse(headers={"Content-Type": media_type})
        response.content_length = left = os.fstat(file.fileno()).st_size
        await response.prepare(request)
        while left and (block := await asyncio.to_thread(file.read, min(left, _BLOCK_BYTES))):
            left -= len(block)
            await response.write(block)
    return response


def _states() -> str:
    return ", ".join(state.value for state in TaskState)
