"""The synchronous client."""

from __future__ import annotations

import contextlib
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from exoactor_rt.api import (
    Approval,
    Health,
    ProgressEvent,
    RobotDocument,
    StateEvent,
    TaskDocument,
    TaskList,
    TaskOptions,
    TaskRequest,
    TaskState,
    Upload,
)
from exoactor_rt.client.connection import DEFAULT_SOCKET, ask
from exoactor_rt.client.event_stream import read_events
from exoactor_rt.errors import ConfigError

_EVENT_SILENCE_S = 60.0
Answer = TypeVar("Answer")


class Client:
    """Everything that the service's interface offers; see `exoactor_rt.api` for the documents.

    Every method raises ServiceError where the service refuses, LinkError where it cannot be
    reached.

    Attributes:
        socket: of the service.
    """

    def __init__(self, socket: Path = DEFAULT_SOCKET):
        """`socket` of the service."""
        self.socket = socket

    def submit(
        self,
        instruction: str,
        *,
        scene: Path | None = None,
        clip: Path | None = None,
        execute: bool = False,
        options: TaskOptions | None = None,
        key: str | None = None,
    ) -> TaskDocument:
        """Submits a task.

        Args:
            instruction: what is to be done.
            scene: a picture of the scene, PNG or JPEG.
            clip: an MP4 of the task being done; nothing is generated then.
            execute: go on to the robot without asking again.
            options: how.
            key: makes a repetition give the same task again.
        """
        request = TaskRequest(
            instruction=instruction,
            scene=self.upload(scene).sha256 if scene else None,
            clip=self.upload(clip).sha256 if clip else None,
            execute=execute,
            options=options or TaskOptions(),
        )
        headers = {"Content-Type": "application/json"}
        if key is not None:
            headers["Idempotency-Key"] = key
        return self._post("/v1/tasks", TaskDocument, msgspec.json.encode(request), headers)

    def upload(self, path: Path) -> Upload:
        """Stores a picture or a clip; raises ConfigError where the file cannot be read."""
        headers = {"Content-Type": "application/octet-stream"}
        try:
            content = path.read_bytes()
        except OSError as error:
            raise ConfigError(f"{path}: {error.strerror}; not uploaded") from error
        return self._post("/v1/uploads", Upload, content, headers)

    def tasks(self, *, limit: int = 50, state: TaskState | None = None) -> TaskList:
        """The newest tasks."""
        query = {"limit": str(limit)} | ({"state": state.value} if state else {})
        return self._get(f"/v1/tasks?{urllib.parse.urlencode(query)}", TaskList)

    def task(self, task: str) -> TaskDocument:
        """One task."""
        return self._get(_path(task), TaskDocument)

    def events(self, task: str, after: int = 0) -> Iterator[StateEvent | ProgressEvent]:
        """A task's events, those with a number above `after`, until it has ended."""
        headers = {"Last-Event-ID": str(after)}
        target = _path(task, "events")
        blocks = ask(self.socket, "GET", target, headers=headers, timeout_s=_EVENT_SILENCE_S)
        yield from read_events(blocks)

    def approve(self, task: str, override: str = "") -> TaskDocument:
        """Lets a rehearsed plan onto the robot.

        Args:
            task: its name.
            override: why a plan that admission has refused shall be executed all the same; only
                admins may.
        """
        if not override:
            return self._post(_path(task, "approve"), TaskDocument)
        body = msgspec.json.encode(Approval(reason=override))
        headers = {"Content-Type": "application/json"}
        return self._post(_path(task, "approve"), TaskDocument, body, headers)

    def cancel(self, task: str) -> TaskDocument:
        """Ends a task."""
        return self._post(_path(task, "cancel"), TaskDocument)

    def save_artifact(self, task: str, name: str, target: Path) -> None:
        """Fetches a file that a task has made; it is there whole or not at all.

        Raises:
            ConfigError: `target` cannot be written.
        """
        source = _path(task, "artifacts", name)
        part = target.with_name(target.name + ".part")
        try:
            with part.open("wb") as file:
                for block in ask(self.socket, "GET", source):
                    file.write(block)
            part.replace(target)
        except OSError as error:
            raise ConfigError(f"{target}: {error.strerror}; not fetched") from error
        finally:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)

    def robot(self) -> RobotDocument:
        """The robot now."""
        return self._get("/v1/robot", RobotDocument)

    def arm(self) -> RobotDocument:
        """Lets commands through the guard: the robot stands under control."""
        return self._post("/v1/robot/arm", RobotDocument)

    def stop(self) -> RobotDocument:
        """Controlled stop: the robot comes to stand."""
        return self._post("/v1/robot/stop", RobotDocument)

    def damp(self) -> RobotDocument:
        """Damps every joint at once."""
        return self._post("/v1/robot/damp", RobotDocument)

    def reset(self) -> RobotDocument:
        """From damping to ready, from ready to silence."""
        return self._post("/v1/robot/reset", RobotDocument)

    def health(self) -> Health:
        """Whether the service is well."""
        return self._get("/v1/health", Health)

    def _get(self, target: str, kind: type[Answer]) -> Answer:
        return msgspec.json.decode(b"".join(ask(self.socket, "GET", target)), type=kind)

    def _post(
        self,
        target: str,
        kind: type[Answer],
        body: bytes = b"",
        headers: dict[str, str] | None = None,
    ) -> Answer:
        blocks = ask(self.socket, "POST", target, body=body, headers=headers)
        return msgspec.json.decode(b"".join(blocks), type=kind)


def _path(*parts: str) -> str:
    return "/v1/tasks/" + "/".join(urllib.parse.quote(part, safe="") for part in parts)
