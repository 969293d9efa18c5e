"""Sources of clips: what each brings for one candidate; the folder and the single URL."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from exoactor_rt.errors import ExoactorError, GenerationError
from exoactor_rt.generation.answer import JobEndedError
from exoactor_rt.generation.clip_folder import ClipFolder
from exoactor_rt.generation.clock import Clock
from exoactor_rt.generation.digests import sha256_of
from exoactor_rt.generation.download import Download, Downloaded
from exoactor_rt.generation.provenance import GeneratedClip
from exoactor_rt.generation.server import Server
from exoactor_rt.generation.steps import Prepared
from exoactor_rt.generation.storage_errors import storage_errors
from exoactor_rt.generation.task import Task
from exoactor_rt.generation_config import GenerationLimits


@dataclass(frozen=True)
class Candidate:
    """One clip to bring.

    Attributes:
        number: counted from 1.
        task: what is asked.
        seed: of this candidate.
        path: where the clip shall lie.
        told: hears (stage, words, fraction done or None).
    """

    number: int
    task: Task
    seed: int
    path: Path
    told: Callable[[str, str, float | None], None]


@dataclass(frozen=True)
class Fetched:
    """A whole clip, not yet at its place, and what its source knows of it.

    Attributes:
        clip: the file.
        server: where it came from.
        model: the model's name; empty where it is not known.
        job_id: the server's name of the job; empty without one.
        prepared: what the prompt was made of; None where none was used.
        fps: that the frames were made for; None where nothing was asked.
        num_frames: likewise.
        stage_s: stage -> s it took.
        server_stage_s: stage -> s it took, as the server says.
        notes: what differs from what was asked.
    """

    clip: Downloaded
    server: str
    model: str = ""
    job_id: str = ""
    prepared: Prepared | None = None
    fps: float | None = None
    num_frames: int | None = None
    stage_s: dict[str, float] = field(default_factory=dict)
    server_stage_s: dict[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


class ClipSource(Protocol):
    """Brings clips."""

    def begin(self, candidate: Candidate) -> None:
        """Finds out, before anything is changed, whether it can be tried; raises ConfigError."""
        ...

    async def fetch(self, candidate: Candidate) -> Fetched:
        """One clip; raises ExoactorError."""
        ...

    async def abandon(self, candidate: Candidate) -> None:
        """The candidate was cancelled; what it began is ended."""
        ...

    def has_brought(self, clip: GeneratedClip) -> bool:
        """Whether a clip that is in place needs not be brought again; asked after `begin`."""
        ...

    def give_up(self, candidate: Candidate, error: ExoactorError) -> None:
        """Nothing will come of the candidate; what is paid for is not asked for once more."""
        ...

    def has_given_up(self, candidate: Candidate) -> bool:
        """Whether that is remembered, until `finished`."""
        ...

    def finished(self, candidate: Candidate) -> None:
        """What came of the candidate has been written down, or nobody wants it any more."""
        ...


class FolderSource:
    """Clips of a folder; no network."""

    def __init__(self, folder: ClipFolder) -> None:
        self._folder = folder

    def begin(self, candidate: Candidate) -> None:
        """Chooses the clip; raises ConfigError if none answers the instruction."""
        self._folder.choose(candidate.task.instruction, candidate.seed)

    async def fetch(self, candidate: Candidate) -> Fetched:
        """A copy of the clip that answers the instruction.

        Raises:
            ConfigError: none does.
            JobEndedError: the file is not the one that the sidecar names.
            GenerationError: it cannot be copied.
        """
        chosen = self._folder.choose(candidate.task.instruction, candidate.seed)
        candidate.told("copy", chosen.path.name, None)
        part = _part_of(candidate)
        with storage_errors(part):
            await asyncio.to_thread(shutil.copyfile, chosen.path, part)
        got = await asyncio.to_thread(sha256_of, part)
        if chosen.sha256 and got != chosen.sha256:
            self.finished(candidate)
            raise JobEndedError(f"{chosen.path}: sha256 {got}, the sidecar says {chosen.sha256}")
        return Fetched(
            Downloaded(part, got, part.stat().st_size, requests=0),
            server=str(self._folder.path),
            notes=(chosen.note,) if chosen.note else (),
        )

    async def abandon(self, candidate: Candidate) -> None:
        """Removes the copy."""
        self.finished(candidate)

    def has_brought(self, clip: GeneratedClip) -> bool:
        """A copy costs nothing and the folder may have changed: no."""
        return False

    def give_up(self, candidate: Candidate, error: ExoactorError) -> None:
        """Removes the copy."""
        self.finished(candidate)

    def has_given_up(self, candidate: Candidate) -> bool:
        """Another copy costs nothing: no."""
        return False

    def finished(self, candidate: Candidate) -> None:
        """Removes what a refused clip left."""
        _part_of(candidate).unlink(missing_ok=True)


class UrlSource:
    """The clip at one URL."""

    def __init__(self, server: Server, limits: GenerationLimits, clock: Clock) -> None:
        self._server = server
        self._limits = limits
        self._clock = clock

    def begin(self, candidate: Candidate) -> None:
        """Any URL can be tried."""

    async def fetch(self, candidate: Candidate) -> Fetched:
        """Downloads it; raises GenerationError, and leaves nothing behind then."""
        begin_s = self._clock.now_s()
        download = self._download(candidate)
        download.discard()
        try:
            clip = await download.run(download_teller(candidate))
        except GenerationError:
            download.discard()
            raise
        taken_s = {"download": self._clock.now_s() - begin_s}
        return Fetched(clip, server=self._server.origin, stage_s=taken_s)

    async def abandon(self, candidate: Candidate) -> None:
        """Removes what came."""
        self.finished(candidate)

    def has_brought(self, clip: GeneratedClip) -> bool:
        """The URL may give another clip by now: no."""
        return False

    def give_up(self, candidate: Candidate, error: ExoactorError) -> None:
        """Removes what came."""
        self.finished(candidate)

    def has_given_up(self, candidate: Candidate) -> bool:
        """The URL may give another clip by now: no."""
        return False

    def finished(self, candidate: Candidate) -> None:
        """Removes what a refused clip left."""
        self._download(candidate).discard()

    def _download(self, candidate: Candidate) -> Download:
        return Download(self._server, self._server.url, candidate.path, self._limits, self._clock)


def _part_of(candidate: Candidate) -> Path:
    return candidate.path.with_name(f"{candidate.path.name}.part")


def download_teller(candidate: Candidate) -> Callable[[int, int], None]:
    """Tells the candidate's listener how many bytes came of how many."""

    def told(done: int, total: int) -> None:
        words = f"{done / 1e6:.1f} MB" + (f" of {total / 1e6:.1f} MB" if total else "")
        candidate.told("download", words, done / total if total else None)

    return told
