"""The asynchronous client: the synchronous one in threads, with the same methods."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from exoactor_rt.api import (
    Health,
    ProgressEvent,
    RobotDocument,
    StateEvent,
    TaskDocument,
    TaskList,
    TaskState,
    Upload,
)
from exoactor_rt.client.client import Client
from exoactor_rt.client.connection import DEFAULT_SOCKET


class AsyncClient:
    """See Client, method by method; nothing here blocks the event loop."""

    def __init__(self, socket: Path = DEFAULT_SOCKET):
        """`socket` of the service."""
        self._client = Client(socket)

    async def submit(self, instruction: str, **values: Any) -> TaskDocument:
        """See Client.submit."""
        return await asyncio.to_thread(self._client.submit, instruction, **values)

    async def upload(self, path: Path) -> Upload:
        """See Client.upload."""
        return await asyncio.to_thread(self._client.upload, path)

    async def tasks(self, *, limit: int = 50, state: TaskState | None = None) -> TaskList:
        """See Client.tasks."""
        return await asyncio.to_thread(self._client.tasks, limit=limit, state=state)

    async def task(self, task: str) -> TaskDocument:
        """See Client.task."""
        return await asyncio.to_thread(self._client.task, task)

    async def events(self, task: str, after: int = 0) -> AsyncIterator[StateEvent | ProgressEvent]:
        """See Client.events."""
        events = self._client.events(task, after)
        while (event := await asyncio.to_thread(next, events, None)) is not None:
            yield event

    async def approve(self, task: str, override: str = "") -> TaskDocument:
        """See Client.approve."""
        return await asyncio.to_thread(self._client.approve, task, override)

    async def cancel(self, task: str) -> TaskDocument:
        """See Client.cancel."""
        return await asyncio.to_thread(self._client.cancel, task)

    async def save_artifact(self, task: str, name: str, target: Path) -> None:
        """See Client.save_artifact."""
        await asyncio.to_thread(self._client.save_artifact, task, name, target)

    async def robot(self) -> RobotDocument:
        """See Client.robot."""
        return await asyncio.to_thread(self._client.robot)

    async def arm(self) -> RobotDocument:
        """See Client.arm."""
        return await asyncio.to_thread(self._client.arm)

    async def stop(self) -> RobotDocument:
        """See Client.stop."""
        return await asyncio.to_thread(self._client.stop)

    async def damp(self) -> RobotDocument:
        """See Client.damp."""
        return await asyncio.to_thread(self._client.damp)

    async def reset(self) -> RobotDocument:
        """See Client.reset."""
        return await asyncio.to_thread(self._client.reset)

    async def health(self) -> Health:
        """See Client.health."""
        return await asyncio.to_thread(self._client.health)
