"""The durable record of a job under way: what a fresh process needs to take it up again."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Literal

import msgspec

from exoactor_rt.durable_file import write_durably
from exoactor_rt.errors import ConfigError
from exoactor_rt.generation.steps import Prepared
from exoactor_rt.generation.storage_errors import storage_errors
from exoactor_rt.generation.task import Task
from exoactor_rt.generation_config import GenerationConfig

_PRIVATE = 0o600


class JobRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One job at a video server.

    Attributes:
        version: of this document.
        request: fingerprint of task and configuration; another request is another job.
        instruction: of the task, for messages.
        key: our name of the job, sent with every request about it.
        job_id: the server's name of it; empty while nobody knows whether the server took it.
        submitted_unix_s: when it was submitted.
        prepared: what the steps before made.
        notes: what the server will not honour.
        ended: why nothing will come of the job; empty while something may.
    """

    version: Literal[1] = 1
    request: str
    instruction: str
    key: str
    job_id: str
    submitted_unix_s: float
    prepared: Prepared
    notes: tuple[str, ...] = ()
    ended: str = ""


class JobStore:
    """Records of the jobs of one folder, one file a candidate."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, candidate: int) -> Path:
        """The record of a candidate, counted from 1."""
        return self._folder / f"job-{candidate}.json"

    def load(self, candidate: int, request: str) -> JobRecord | None:
        """The record of a job whose outcome nobody has been told; None if there is none.

        Raises:
            ConfigError: it is unfinished and of another request, or damaged.
        """
        path = self.path(candidate)
        advice = "finish that one, remove the file, or choose another folder; nothing started"
        try:
            record = msgspec.json.decode(path.read_bytes(), type=JobRecord)
        except FileNotFoundError:
            return None
        except (OSError, msgspec.DecodeError) as error:
            raise ConfigError(f"{path}: no readable job record ({error}); {advice}") from error
        if record.request != request and record.ended:
            return None
        if record.request != request:
            raise ConfigError(
                f"{path}: an unfinished job of another request, {record.instruction!r}; {advice}"
            )
        return record

    def save(self, candidate: int, record: JobRecord) -> None:
        """Writes the record; it is on the disk when this returns.

        Raises:
            GenerationError: the file system refuses.
        """
        path = self.path(candidate)
        with storage_errors(path):
            write_durably(path, msgspec.json.format(msgspec.json.encode(record)), _PRIVATE)

    def remove(self, candidate: int) -> None:
        """Forgets the job; harmless when there is none."""
        self.path(candidate).unlink(missing_ok=True)


def fingerprint(task: Task, config: GenerationConfig, seed: int) -> str:
    """Same task, servers, render and seed: same fingerprint. Limits and tokens do not matter."""
    servers = [
        (server.url, server.model) if server else None
        for server in (config.video, config.edit, config.chat)
    ]
    parts = (
        task.instruction,
        hashlib.sha256(task.scene.content).hexdigest() if task.scene else "",
        task.height_m,
        config.dialect,
        servers,
        config.render,
        seed,
    )
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()
