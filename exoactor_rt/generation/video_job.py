"""The life of one job at a video server: submitted, asked for, cancelled.

A job is submitted again only if the server surely did not take it; asking is repeated through any
passing trouble. Each request carries our key of the job, on which a load balancer can send all of
them to the replica that has it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from exoactor_rt.errors import GenerationError
from exoactor_rt.generation.answer import Answer, JobEndedError, NoAnswerError
from exoactor_rt.generation.clock import Clock
from exoactor_rt.generation.dialects import (
    Dialect,
    JobState,
    JobStatus,
    VideoRequest,
    is_job,
    read_job,
)
from exoactor_rt.generation.patience import Patience, backoff_s
from exoactor_rt.generation.server import Server
from exoactor_rt.generation_config import GenerationLimits

_LOGGER = logging.getLogger(__name__)
KEY_HEADER = "X-Job-Key"
_NOT_TAKEN = frozenset({429, 503})
_CANCEL_TRIES = 20


class VideoJob:
    """One job, by its key."""

    def __init__(
        self, server: Server, dialect: Dialect, limits: GenerationLimits, clock: Clock, key: str
    ) -> None:
        self._server = server
        self._dialect = dialect
        self._limits = limits
        self._clock = clock
        self.headers = {KEY_HEADER: key}

    async def submit(
        self, request: VideoRequest, in_doubt: Callable[[bool], None]
    ) -> tuple[JobState, tuple[str, ...]]:
        """Makes the job.

        Args:
            request: what to render.
            in_doubt: hears True before the server is asked, False where it surely did not take
                the job and is asked again later.

        Returns:
            The job, and what the server will not honour of the request.

        Raises:
            GenerationError: the server refuses, or nobody knows whether it took the job.
        """
        submission = self._dialect.submission(request)
        patience = self._patience(self._limits.job_s)
        while True:
            waiting_s = None
            in_doubt(True)
            try:
                answer = await self._server.ask(
                    "POST",
                    self._server.endpoint("videos"),
                    form=submission.form,
                    document=submission.document,
                    headers=self.headers,
                )
                if answer.ok:
                    return self._job(answer), submission.notes
                cause, waiting_s = answer.words(), answer.retry_after_s
                if answer.status not in _NOT_TAKEN:
                    raise JobEndedError(f"{self._server.what}: no job made: {cause}")
            except NoAnswerError as error:
                cause = str(error)
                if error.received:
                    raise JobEndedError(
                        f"{self._server.what}: {cause}; it may have made the job, and was not "
                        "asked again"
                    ) from None
            in_doubt(False)
            await patience.wait(cause, waiting_s)

    async def wait(self, job_id: str, left_s: float, told: Callable[[JobState], None]) -> JobState:
        """Asks until the job is completed.

        Args:
            job_id: the server's name of it.
            left_s: how long it may take from here.
            told: hears of every answer.

        Raises:
            JobEndedError: it failed, the server does not know it, or it took too long; then it was
                cancelled.
            GenerationError: the server does not answer; the job may go on there.
        """
        deadline_s = self._clock.now_s() + left_s
        patience = self._patience(left_s + self._limits.request_s)
        for attempt in range(1, 1 << 31):
            state = await self._ask(job_id, patience)
            told(state)
            if state.status is JobStatus.COMPLETED:
                return state
            if state.status is JobStatus.FAILED:
                raise JobEndedError(f"job {job_id} of {self._server.what}: failed: {state.error}")
            remaining_s = deadline_s - self._clock.now_s()
            if remaining_s <= 0.0:
                break
            wait_s = backoff_s(
                attempt,
                self._clock.random(),
                self._limits.poll_first_s,
                self._limits.poll_longest_s,
            )
            await self._clock.sleep(min(wait_s, remaining_s))
        await self.cancel(job_id)
        raise JobEndedError(
            f"job {job_id} of {self._server.what}: still {state.status.value} after "
            f"{self._limits.job_s:g} s; cancelled"
        )

    async def cancel(self, job_id: str) -> bool:
        """Tells the server; True if it agreed or has no such job.

        It is told again while it is busy with that, for as long as `cancel_s`.
        """
        patience = self._patience(self._limits.cancel_s, tries=_CANCEL_TRIES)
        url = self._server.endpoint("videos", job_id)
        try:
            while True:
                waiting_s = None
                try:
                    answer = await self._server.ask(
                        "DELETE", url, headers=self.headers, limit_s=self._limits.cancel_s
                    )
                    if answer.ok or answer.status == 404:
                        runs_on = "" if self._dialect.cancels else " runs_on=true"
                        _LOGGER.info("event=cancelled job=%s%s", job_id, runs_on)
                        return True
                    cause, waiting_s = answer.words(), answer.retry_after_s
                    if not answer.passing and answer.status != 409:
                        raise GenerationError(cause)
                except NoAnswerError as error:
                    cause = str(error)
                await patience.wait(cause, waiting_s)
        except GenerationError as error:
            _LOGGER.warning("event=cancel_failed job=%s cause=%r", job_id, str(error))
            return False

    async def _ask(self, job_id: str, patience: Patience) -> JobState:
        """One good answer about the job, whatever its status."""
        unknown = 0
        url = self._server.endpoint("videos", job_id)
        while True:
            waiting_s = None
            try:
                answer = await self._server.ask("GET", url, headers=self.headers)
                if is_job(answer.document()):
                    state = self._job(answer, job_id)
                    patience.succeeded()
                    return state
                cause, waiting_s = answer.words(), answer.retry_after_s
                unknown += answer.status == 404
                if unknown >= self._limits.failures:
                    raise JobEndedError(
                        f"job {job_id} of {self._server.what}: not known there ({cause}); the "
                        "server was restarted, or a load balancer asks another replica"
                    )
                if answer.status != 404 and not answer.passing:
                    raise GenerationError(f"job {job_id} of {self._server.what}: {cause}")
            except NoAnswerError as error:
                cause = str(error)
            await patience.wait(cause, waiting_s)

    def _job(self, answer: Answer, job_id: str | None = None) -> JobState:
        document = answer.document()
        if document is None or not is_job(document):
            raise JobEndedError(f"{self._server.what}: no job document: {answer.words()}")
        state = read_job(document)
        if job_id is not None and state.job_id != job_id:
            raise GenerationError(
                f"{self._server.what}: asked for job {job_id}, got {state.job_id}; given up"
            )
        return state

    def _patience(self, limit_s: float, tries: int | None = None) -> Patience:
        return Patience(
            self._clock,
            self._server.what,
            failures=tries or self._limits.failures,
            deadline_s=self._clock.now_s() + limit_s,
        )


async def settled(work: asyncio.Future[Any], limit_s: float) -> None:
    """Waits for work that goes on although its caller was cancelled, whatever comes of it."""
    await asyncio.wait({work}, timeout=limit_s)
    if not work.done():
        work.cancel()
