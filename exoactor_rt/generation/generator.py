"""The room's door: a task becomes clips, each verified, in place, with its provenance beside it."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from exoactor_rt.errors import ExoactorError
from exoactor_rt.generation.clock import Clock
from exoactor_rt.generation.kept_clips import kept_clips
from exoactor_rt.generation.open_source import open_source
from exoactor_rt.generation.output_folder import clip_path, output_folder, remove_clips
from exoactor_rt.generation.provenance import ClipTiming, GeneratedClip, Provenance
from exoactor_rt.generation.server_source import ServerSource
from exoactor_rt.generation.source import Candidate, ClipSource, Fetched
from exoactor_rt.generation.task import Task
from exoactor_rt.generation.timing_check import check_timing
from exoactor_rt.generation_config import GenerationConfig

Inspect = Callable[[Path], ClipTiming]
"""The gate on a clip: its timing; raises ExoactorError if it is not to be used. It may take long
and runs in a thread."""


@dataclass(frozen=True)
class Progress:
    """News of one candidate.

    Attributes:
        candidate: counted from 1.
        stage: prompt, submission, job, download, copy, check.
        words: more about it.
        fraction: done of this stage; None where it is not known.
    """

    candidate: int
    stage: str
    words: str = ""
    fraction: float | None = None


@dataclass(frozen=True)
class Generated:
    """What came of a task.

    Attributes:
        clips: those that are complete, in the order of their candidates.
        failures: candidate -> why there is no clip of it.
    """

    clips: tuple[GeneratedClip, ...]
    failures: dict[int, ExoactorError]


class Generator:
    """Makes clips of tasks, as the configuration says."""

    def __init__(
        self,
        config: GenerationConfig,
        *,
        embedded_clip: Path | None = None,
        inspect: Inspect | None = None,
        told: Callable[[Progress], None] = lambda _: None,
        clock: Clock | None = None,
    ) -> None:
        """A generator of one configuration.

        Args:
            config: where clips come from, and bounds.
            embedded_clip: what the dialect `folder` gives where no folder is configured.
            inspect: the gate on a clip, before it is put in place.
            told: hears of progress, in the loop's thread.
            clock: time and chance; the real ones where None.
        """
        self._config = config
        self._embedded = embedded_clip
        self._inspect = inspect
        self._told = told
        self._clock = clock or Clock()
        self._source: ClipSource | None = None
        self._detached = False

    def detach(self) -> None:
        """From here on a cancellation leaves the jobs at the server, to be taken up later.

        For a process that stops and comes back; the next `run` of the same task with the same
        folder goes on where this one ended.
        """
        self._detached = True
        if isinstance(self._source, ServerSource):
            self._source.keep_jobs = True

    async def run(
        self, task: Task, folder: Path, settled: Callable[[Generated], None] = lambda _: None
    ) -> Generated:
        """Brings all candidates; cancelled, it cancels their jobs at the server.

        Clips that an earlier run left in `folder` are removed before the first is asked for. What
        a run had brought that died before its outcome was settled is taken as it is, and a job
        that had ended then is told, not made once more.

        Args:
            task: what is asked.
            folder: gets the clips, their provenance, and a record of every job until its outcome
                has been settled.
            settled: hears of the outcome, of clips or none, before the records of the jobs are
                removed: what it writes down is written before a death can lose sight of a job.

        Raises:
            ConfigError: the configuration, or a file or job record in `folder` that is not ours.
            GenerationError: there is no clip at all; the message has the first candidate's reason.
        """
        numbers = range(1, self._config.candidates + 1)
        candidates = [self._candidate(task, folder, number) for number in numbers]
        with output_folder(folder):
            async with open_source(self._config, folder, self._embedded, self._clock) as source:
                self._source = source
                for candidate in candidates:
                    source.begin(candidate)
                results = await self._bring_all(source, candidates, folder)
                clips = [result for result in results.values() if isinstance(result, GeneratedClip)]
                failures = {n: r for n, r in results.items() if isinstance(r, ExoactorError)}
                generated = Generated(_with_twins_noted(clips), failures)
                settled(generated)
                for candidate in candidates:
                    if candidate.number not in failures or source.has_given_up(candidate):
                        source.finished(candidate)
        if not clips:
            raise failures[1]
        return generated

    async def _bring_all(
        self, source: ClipSource, candidates: list[Candidate], folder: Path
    ) -> dict[int, GeneratedClip | ExoactorError]:
        """Every candidate's clip in place, or why there is none."""
        brought = {clip.candidate: clip for clip in kept_clips(folder) if source.has_brought(clip)}
        remove_clips(folder, but=brought)
        work = {
            candidate.number: asyncio.ensure_future(self._bring(source, candidate))
            for candidate in candidates
            if candidate.number not in brought
        }
        try:
            if work:
                await asyncio.wait(work.values())
        except asyncio.CancelledError:
            for one in work.values():
                one.cancel()
            await asyncio.wait(work.values())
            for candidate in candidates:
                ended = candidate.path.exists() or source.has_given_up(candidate)
                if ended and not self._detached:
                    source.finished(candidate)
            raise
        return {n: brought.get(n) or work[n].result() for n in sorted({*brought, *work})}

    def _candidate(self, task: Task, folder: Path, number: int) -> Candidate:
        def told(stage: str, words: str, fraction: float | None) -> None:
            self._told(Progress(number, stage, words, fraction))

        seed = self._config.seed + number - 1
        return Candidate(number, task, seed, clip_path(folder, number), told)

    async def _bring(
        self, source: ClipSource, candidate: Candidate
    ) -> GeneratedClip | ExoactorError:
        """One candidate's clip in place, or why there is none."""
        try:
            fetched = await source.fetch(candidate)
            try:
                timing, notes = await self._check(candidate, fetched)
            except ExoactorError as error:
                source.give_up(candidate, error)
                raise
            provenance = self._provenance(candidate, fetched, timing, notes)
            clip = GeneratedClip(candidate.number, candidate.path, provenance)
            clip.write_provenance()
            fetched.clip.keep(candidate.path)
            return clip
        except ExoactorError as error:
            return error
        except asyncio.CancelledError:
            await source.abandon(candidate)
            raise

    async def _check(
        self, candidate: Candidate, fetched: Fetched
    ) -> tuple[ClipTiming | None, tuple[str, ...]]:
        """The caller's gate, then the timing against what was asked."""
        if self._inspect is None:
            return None, ()
        candidate.told("check", "", None)
        timing = await asyncio.to_thread(self._inspect, fetched.clip.part)
        if fetched.fps is None or fetched.num_frames is None:
            return timing, ()
        return timing, check_timing(timing, fetched.fps, fetched.num_frames)

    def _provenance(
        self,
        candidate: Candidate,
        fetched: Fetched,
        timing: ClipTiming | None,
        notes: tuple[str, ...],
    ) -> Provenance:
        task = candidate.task
        prepared = fetched.prepared
        return Provenance(
            made_at=self._clock.today().isoformat(timespec="seconds"),
            instruction=task.instruction,
            person_height_m=task.height_m,
            scene_sha256=hashlib.sha256(task.scene.content).hexdigest() if task.scene else "",
            prepared=prepared,
            prompt=prepared.prompt.text() if prepared else "",
            dialect=self._config.dialect,
            server=fetched.server,
            model=fetched.model,
            job_id=fetched.job_id,
            seed=candidate.seed,
            render=self._config.render if prepared else None,
            video_sha256=fetched.clip.sha256,
            video_bytes=fetched.clip.size_bytes,
            timing=timing,
            stage_s={name: round(taken, 3) for name, taken in fetched.stage_s.items()},
            server_stage_s=fetched.server_stage_s,
            download_requests=fetched.clip.requests,
            notes=fetched.notes + notes,
        )


def _with_twins_noted(clips: list[GeneratedClip]) -> tuple[GeneratedClip, ...]:
    """Clips with the same bytes say so: the server did not use the seed."""
    first: dict[str, GeneratedClip] = {}
    noted = []
    for clip in clips:
        twin = first.setdefault(clip.provenance.video_sha256, clip)
        if twin is not clip and clip.provenance.dialect != "folder":
            note = f"the same file as candidate {twin.candidate}: the seed made no difference"
            provenance = msgspec.structs.replace(
                clip.provenance, notes=(*clip.provenance.notes, note)
            )
            clip = GeneratedClip(clip.candidate, clip.path, provenance)  # noqa: PLW2901
            clip.write_provenance()
        noted.append(clip)
    return tuple(noted)
