"""Clips that a video server renders: one job a candidate, with a durable record of every job."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec

from exoactor_rt.errors import ExoactorError, GenerationError
from exoactor_rt.generation.answer import JobEndedError
from exoactor_rt.generation.clock import Clock
from exoactor_rt.generation.dialects import DIALECTS, JobState, VideoRequest
from exoactor_rt.generation.download import Download
from exoactor_rt.generation.job_record import JobRecord, JobStore, fingerprint
from exoactor_rt.generation.provenance import GeneratedClip
from exoactor_rt.generation.server import Server
from exoactor_rt.generation.source import Candidate, Fetched, download_teller
from exoactor_rt.generation.steps import Prepared
from exoactor_rt.generation.task import Image, Task
from exoactor_rt.generation.video_job import VideoJob, settled
from exoactor_rt.generation_config import GenerationConfig, RenderConfig

_NOT_YET = frozenset({404, 409})
_PERCENT = 100.0
_SAME = 0.001

Steps = Callable[[Task], Awaitable[tuple[Prepared, Image | None]]]
"""The steps before the video: prompt, and the picture to start from."""


class ServerSource:
    """A video server.

    Attributes:
        keep_jobs: whether jobs go on when we are cancelled, to be taken up later.
    """

    def __init__(
        self, server: Server, config: GenerationConfig, folder: Path, steps: Steps, clock: Clock
    ) -> None:
        """`folder` keeps the records; `steps` run once, for the first job that is made.

        Raises:
            KeyError: the configuration's dialect is none of a video server.
        """
        self.keep_jobs = False
        self._server = server
        self._dialect = DIALECTS[config.dialect]
        self._config = config
        self._store = JobStore(folder)
        self._steps = steps
        self._clock = clock
        self._records: dict[int, JobRecord] = {}
        self._prepared: tuple[Prepared, Image | None] | ExoactorError | None = None
        self._preparing = asyncio.Lock()

    def begin(self, candidate: Candidate) -> None:
        """Reads the record of an unfinished job; raises ConfigError if it is not of this task."""
        record = self._store.load(candidate.number, self._fingerprint(candidate))
        if record is not None:
            self._records[candidate.number] = record

    async def fetch(self, candidate: Candidate) -> Fetched:
        """Takes up the candidate's job or makes one, waits for it, downloads its clip.

        Raises:
            JobEndedError: nothing will come of the job.
            ExoactorError: otherwise; a job that was made can be taken up again.
        """
        record = self._records.get(candidate.number)
        try:
            if record is None:
                record = self._records[candidate.number] = await self._make(candidate)
            elif record.ended:
                raise JobEndedError(record.ended)
            elif not record.job_id:
                raise JobEndedError(
                    f"{self._server.what}: cut off while it was asked for the job; it may have "
                    "made it, and was not asked again"
                )
            else:
                candidate.told("job", f"taken up again, {record.job_id}", None)
            return await self._bring(candidate, record)
        except JobEndedError as error:
            self.give_up(candidate, error)
            raise

    async def abandon(self, candidate: Candidate) -> None:
        """Cancels the candidate's job at the server, unless jobs are kept."""
        record = self._records.get(candidate.number)
        if self.keep_jobs:
            return
        if record is not None and record.job_id:
            await self._job(record.key).cancel(record.job_id)
        self.finished(candidate)

    def has_brought(self, clip: GeneratedClip) -> bool:
        """Whether the clip is of the job whose record is still there."""
        record = self._records.get(clip.candidate)
        return record is not None and record.job_id == clip.provenance.job_id != ""

    def give_up(self, candidate: Candidate, error: ExoactorError) -> None:
        """Writes down that nothing will come of the job: a fresh process tells so as well."""
        self._download(candidate, "").discard()
        record = msgspec.structs.replace(self._records[candidate.number], ended=str(error))
        self._records[candidate.number] = record
        with contextlib.suppress(GenerationError):
            self._store.save(candidate.number, record)

    def has_given_up(self, candidate: Candidate) -> bool:
        """Whether the record says so."""
        record = self._records.get(candidate.number)
        return record is not None and record.ended != ""

    def finished(self, candidate: Candidate) -> None:
        """Forgets the job and what came of its clip."""
        self._store.remove(candidate.number)
        self._download(candidate, "").discard()

    async def _bring(self, candidate: Candidate, record: JobRecord) -> Fetched:
        render = self._config.render
        job = self._job(record.key)
        begin_s = self._clock.now_s()
        state = await job.wait(
            record.job_id, self._left_s(record), lambda state: _tell(candidate, state)
        )
        ready_s = self._clock.now_s()
        download = self._download(candidate, record.job_id)
        clip = await download.run(download_teller(candidate), job.headers, _NOT_YET)
        return Fetched(
            clip,
            server=self._server.origin,
            model=state.model or self._server.model,
            job_id=record.job_id,
            prepared=record.prepared,
            fps=state.fps or render.fps,
            num_frames=state.num_frames or render.num_frames,
            stage_s={
                **record.prepared.step_s,
                "job": ready_s - begin_s,
                "download": self._clock.now_s() - ready_s,
            },
            server_stage_s=dict(state.stage_s),
            notes=record.notes + _render_notes(state, render),
        )

    async def _make(self, candidate: Candidate) -> JobRecord:
        """Submits a job and records it; a cancellation or death in between does not lose it."""
        self.finished(candidate)
        prepared, first_frame = await self._prepare(candidate)
        candidate.told("submission", self._server.origin, None)
        request = VideoRequest(
            prompt=prepared.prompt.text(),
            first_frame=first_frame,
            seed=candidate.seed,
            model=self._server.model,
            render=self._config.render,
        )
        unknown = JobRecord(
            request=self._fingerprint(candidate),
            instruction=candidate.task.instruction,
            key=uuid.uuid4().hex,
            job_id="",
            submitted_unix_s=self._clock.today().timestamp(),
            prepared=prepared,
        )
        submission = asyncio.ensure_future(self._submit(candidate.number, request, unknown))
        try:
            return await asyncio.shield(submission)
        except asyncio.CancelledError:
            await settled(submission, self._config.limits.cancel_s)
            if submission.done() and not submission.cancelled() and not submission.exception():
                self._records[candidate.number] = submission.result()
            raise

    async def _submit(self, candidate: int, request: VideoRequest, unknown: JobRecord) -> JobRecord:
        """Makes the job; its record is on the disk before the server is asked, and after."""

        def in_doubt(doubt: bool) -> None:
            if doubt:
                self._store.save(candidate, unknown)
            else:
                self._store.remove(candidate)

        job = self._job(unknown.key)
        try:
            state, notes = await job.submit(request, in_doubt)
        except JobEndedError:
            self._records[candidate] = unknown
            raise
        except GenerationError:
            in_doubt(False)
            raise
        record = msgspec.structs.replace(
            unknown,
            job_id=state.job_id,
            submitted_unix_s=self._clock.today().timestamp(),
            notes=notes,
        )
        try:
            self._store.save(candidate, record)
        except GenerationError:
            await job.cancel(state.job_id)
            raise
        return record

    async def _prepare(self, candidate: Candidate) -> tuple[Prepared, Image | None]:
        """The steps' result, the same for all candidates."""
        async with self._preparing:
            if self._prepared is None:
                candidate.told("prompt", "", None)
                try:
                    self._prepared = await self._steps(candidate.task)
                except ExoactorError as error:
                    self._prepared = error
        if isinstance(self._prepared, ExoactorError):
            raise self._prepared
        return self._prepared

    def _fingerprint(self, candidate: Candidate) -> str:
        return fingerprint(candidate.task, self._config, candidate.seed)

    def _left_s(self, record: JobRecord) -> float:
        """Of the job's time; by the calendar, as another process may have submitted it."""
        age_s = self._clock.today().timestamp() - record.submitted_unix_s
        return max(0.0, self._config.limits.job_s - max(0.0, age_s))

    def _job(self, key: str) -> VideoJob:
        return VideoJob(self._server, self._dialect, self._config.limits, self._clock, key)

    def _download(self, candidate: Candidate, job_id: str) -> Download:
        url = self._server.endpoint("videos", job_id, "content")
        return Download(self._server, url, candidate.path, self._config.limits, self._clock)


def _render_notes(state: JobState, render: RenderConfig) -> tuple[str, ...]:
    """What the server says it renders otherwise than asked."""
    pairs = (("fps", state.fps, render.fps), ("num_frames", state.num_frames, render.num_frames))
    return tuple(
        f"the server renders {name} {said:g}, {asked} was asked for"
        for name, said, asked in pairs
        if said is not None and abs(said - asked) > _SAME * asked
    )


def _tell(candidate: Candidate, state: JobState) -> None:
    fraction = state.progress / _PERCENT if state.progress else None
    words = f"{state.status.value.replace('_', ' ')}, {state.job_id}"
    candidate.told("job", words, fraction)
