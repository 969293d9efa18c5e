"""Events of tasks, from the runner to whoever listens."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from exoactor_rt.api import ProgressEvent, StateEvent

TaskEvent = StateEvent | ProgressEvent
Listener = asyncio.Queue[TaskEvent | None]
"""None ends it: the listener was too slow, or the service ends."""

_WAITING_MAX = 256


class EventHub:
    """Passes events on within one event loop; a listener that does not keep up is cut off."""

    def __init__(self) -> None:
        self._listeners: defaultdict[str, set[Listener]] = defaultdict(set)

    def tell(self, task: str, event: TaskEvent) -> None:
        """Passes an event on to the task's listeners."""
        for listener in tuple(self._listeners.get(task, ())):
            if listener.qsize() >= _WAITING_MAX:
                self._end(task, listener)
            else:
                listener.put_nowait(event)

    @contextmanager
    def listening(self, task: str) -> Iterator[Listener]:
        """A queue of the task's events from here on."""
        listener: Listener = asyncio.Queue()
        self._listeners[task].add(listener)
        try:
            yield listener
        finally:
            self._forget(task, listener)

    def close(self) -> None:
        """Ends all listeners."""
        for task in tuple(self._listeners):
            for listener in tuple(self._listeners[task]):
                self._end(task, listener)

    def _end(self, task: str, listener: Listener) -> None:
        self._forget(task, listener)
        while not listener.empty():
            listener.get_nowait()
        listener.put_nowait(None)

    def _forget(self, task: str, listener: Listener) -> None:
        self._listeners[task].discard(listener)
        if not self._listeners[task]:
            del self._listeners[task]
