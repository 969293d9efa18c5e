"""The service's files: uploads by content, and one folder a task with what it has made."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

from exoactor_rt.api import Artifact, Upload
from exoactor_rt.errors import LogError
from exoactor_rt.link import TaskKind

_SIGNATURES = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (4, b"ftyp", "video/mp4"),
)
_SIGNATURE_BYTES = 16
_UNUSED_KEPT_S = 3600.0
_MEDIA_TYPES = {
    "clip.mp4": "video/mp4",
    "clip.json": "application/json",
    "plan.npz": "application/octet-stream",
    "tracking.npz": "application/octet-stream",
    "reference.npz": "application/octet-stream",
    "provenance.json": "application/json",
    "report.html": "text/html",
    "report.json": "application/json",
    "run.mp4": "video/mp4",
    "run.mcap": "application/octet-stream",
}
"""Artifact -> media type: what a task's folder may hand out, in the order of the list."""


ARTIFACT_TYPES = frozenset(_MEDIA_TYPES.values())


class TooLargeError(Exception):
    """More bytes came than are allowed."""


class QuotaError(Exception):
    """More bytes came than this user may still store."""


class NotAcceptedError(Exception):
    """A file of a kind that is not taken."""


class ServiceFiles:
    """Everything below the data folder but the task store."""

    def __init__(self, folder: Path):
        """Makes the folders; raises LogError where that is not possible."""
        self._uploads = folder / "uploads"
        self._owners = folder / "owners"
        self._coming: Counter[int] = Counter()
        self._tasks = folder / "tasks"
        self.folder = folder
        try:
            for made in (self._uploads, self._owners, self._tasks):
                made.mkdir(parents=True, exist_ok=True, mode=0o750)
        except OSError as error:
            raise LogError(f"{folder}: cannot be used: {error.strerror}") from error

    @property
    def free_bytes(self) -> int:
        """What the file system has left for us."""
        return shutil.disk_usage(self.folder).free

    def bytes_of(self, user: int) -> int:
        """What the uploads of a user take, each counted once."""
        names = [path.name for path in self._owners.glob(f"{user}/*")]
        return sum((self._uploads / name).stat().st_size for name in names if self.upload(name))

    async def take(
        self, chunks: AsyncIterator[bytes], max_bytes: int, user: int, user_max_bytes: int
    ) -> Upload:
        """Stores an upload under its hash; only whole files are ever seen there.

        Args:
            chunks: its bytes.
            max_bytes: of one upload.
            user: whose.
            user_max_bytes: of all uploads of that user, those included that come right now.

        Raises:
            TooLargeError, QuotaError, NotAcceptedError: nothing is kept.
        """
        digest, size, head = hashlib.sha256(), 0, b""
        stored = self.bytes_of(user)
        descriptor, part = tempfile.mkstemp(dir=self._uploads, suffix=".part")
        try:
            with os.fdopen(descriptor, "wb") as file:
                async for chunk in chunks:
                    size += len(chunk)
                    if size > max_bytes:
                        raise TooLargeError
                    self._coming[user] += len(chunk)
                    if stored + self._coming[user] > user_max_bytes:
                        raise QuotaError
                    head = (head + chunk)[:_SIGNATURE_BYTES]
                    digest.update(chunk)
                    file.write(chunk)
                media_type = _media_type(head)
                file.flush()
                await asyncio.to_thread(os.fsync, file.fileno())
            if self.bytes_of(user) + self._coming[user] > user_max_bytes:
                raise QuotaError
            sha256 = digest.hexdigest()
            Path(part).replace(self._uploads / sha256)
            (self._owners / str(user)).mkdir(exist_ok=True)
            (self._owners / str(user) / sha256).touch()
        except BaseException:
            Path(part).unlink(missing_ok=True)
            raise
        finally:
            self._coming[user] -= min(size, self._coming[user])
        return Upload(sha256=sha256, media_type=media_type, size=size)

    def upload(self, sha256: str) -> Path | None:
        """An upload's file, or None."""
        path = self._uploads / sha256
        return path if path.is_file() else None

    def upload_type(self, sha256: str) -> str:
        """The media type of an upload that is there."""
        with (self._uploads / sha256).open("rb") as file:
            return _media_type(file.read(_SIGNATURE_BYTES))

    def task_folder(self, task: str) -> Path:
        """A task's folder, made where it is not there."""
        folder = self._tasks / task
        folder.mkdir(mode=0o750, exist_ok=True)
        return folder

    def artifacts(self, task: str) -> tuple[Artifact, ...]:
        """What a task has made so far."""
        sizes = {}
        with contextlib.suppress(FileNotFoundError), os.scandir(self._tasks / task) as entries:
            for entry in entries:
                if entry.name in _MEDIA_TYPES and entry.is_file():
                    sizes[entry.name] = entry.stat().st_size
        return tuple(
            Artifact(name=name, media_type=media_type, size=sizes[name])
            for name, media_type in _MEDIA_TYPES.items()
            if name in sizes
        )

    def artifact(self, task: str, name: str) -> tuple[Path, str] | None:
        """An artifact's file and media type, or None."""
        path = self._tasks / task / name
        known = name in _MEDIA_TYPES and path.is_file()
        return (path, _MEDIA_TYPES[name]) if known else None

    def rehearsed(self, task: str, sha256: str) -> tuple[TaskKind, bytes] | None:
        """The plan or tracking with this hash that a task's folder holds, or None."""
        for kind in TaskKind:
            with contextlib.suppress(FileNotFoundError):
                content = (self._tasks / task / f"{kind.value}.npz").read_bytes()
                if hashlib.sha256(content).hexdigest() == sha256:
                    return kind, content
        return None

    def accept_refused_plan(self, task: str) -> bool:
        """Makes the plan that admission refused the task's plan; whether there is one."""
        folder = self._tasks / task
        try:
            (folder / "refused_plan.npz").rename(folder / "plan.npz")
        except FileNotFoundError:
            return False
        return True

    def sweep(self, wanted: set[str]) -> None:
        """Deletes folders of tasks not in `wanted`, and uploads not in it that are an hour old."""
        for folder in self._tasks.iterdir():
            if folder.name not in wanted:
                shutil.rmtree(folder, ignore_errors=True)
        before_s = time.time() - _UNUSED_KEPT_S
        for upload in self._uploads.iterdir():
            if upload.name not in wanted and upload.stat().st_mtime < before_s:
                upload.unlink(missing_ok=True)
        for owned in self._owners.glob("*/*"):
            if not (self._uploads / owned.name).exists():
                owned.unlink(missing_ok=True)


def _media_type(head: bytes) -> str:
    for offset, signature, media_type in _SIGNATURES:
        if head[offset : offset + len(signature)] == signature:
            return media_type
    raise NotAcceptedError(f"begins with {head[:8].hex(' ') or 'nothing'}")
