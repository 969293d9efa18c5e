"""A task's events as server-sent events: what was kept, then what comes."""

from __future__ import annotations

import asyncio

import msgspec
from aiohttp import web

from exoactor_rt.api import FINAL, StateEvent
from exoactor_rt.service.hub import EventHub, TaskEvent
from exoactor_rt.service.problems import ApiError
from exoactor_rt.service.rights import Right
from exoactor_rt.service.routes import Parameter, Route
from exoactor_rt.service.store import TaskStore

_BEAT_S = 15.0
_NUMBER_DIGITS = 9


class EventRoutes:
    """Handler of `/v1/tasks/{task}/events`."""

    def __init__(self, store: TaskStore, hub: EventHub):
        self._store = store
        self._hub = hub

    def routes(self) -> list[Route]:
        """What is served."""
        last = Parameter("Last-Event-ID", "header", {"type": "string", "pattern": "^[0-9]{1,9}$"})
        return [
            Route("GET", "/v1/tasks/{task}/events", Right.OBSERVE, self.events,
                  "Follow a task; ends when the task has ended", answer="events",
                  parameters=(last,), problems=("not-found",)),
        ]  # fmt: skip

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Streams until the task has ended or the client goes."""
        task = request.match_info["task"]
        last = request.headers.get("Last-Event-ID", "0")
        if not (last.isascii() and last.isdigit() and len(last) <= _NUMBER_DIGITS):
            raise ApiError("unprocessable", f"Last-Event-ID {last[:40]!r} is no number")
        if self._store.get(task) is None:
            raise ApiError("not-found", f"there is no task {task[:80]!r}")
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        with self._hub.listening(task) as listener:
            await response.prepare(request)
            told = int(last)
            for event in self._store.events_after(task, told):
                await response.write(_frame(event))
                told = event.number
            stored = self._store.get(task)
            while stored is not None and stored.state not in FINAL:
                try:
                    event_or_end = await asyncio.wait_for(listener.get(), _BEAT_S)
                except asyncio.TimeoutError:
                    await response.write(b": alive\n\n")
                    continue
                if event_or_end is None:
                    break
                if isinstance(event_or_end, StateEvent):
                    if event_or_end.number <= told:
                        continue
                    told = event_or_end.number
                await response.write(_frame(event_or_end))
                if isinstance(event_or_end, StateEvent) and event_or_end.state in FINAL:
                    break
        return response


def _frame(event: TaskEvent) -> bytes:
    head = "event: progress\n"
    if isinstance(event, StateEvent):
        head = f"id: {event.number}\nevent: state\n"
    return head.encode() + b"data: " + msgspec.json.encode(event) + b"\n\n"
