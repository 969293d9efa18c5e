"""Jobs of the test server: queued, in progress, completed as time goes by, unless cancelled."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from pathlib import Path

_FINAL = frozenset({"completed", "failed"})


@dataclass
class Job:
    """One job.

    Attributes:
        job_id: its name.
        prompt: as it was sent.
        model: as it was sent, or ours.
        seed: that was read; None where none came or the dialect drops it.
        clip: the file that will be its result.
        fps: of that file.
        num_frames: of that file.
        size: as it was asked for.
        made_unix_s: when it came.
        queue_s: how long it is queued.
        render_s: how long it is in progress.
        fails: whether it fails in the end.
        stuck: whether it stays queued.
    """

    job_id: str
    prompt: str
    model: str
    seed: int | None
    clip: Path
    fps: float
    num_frames: int
    size: str
    made_unix_s: float
    queue_s: float
    render_s: float
    fails: bool = False
    stuck: bool = False

    def status(self) -> str:
        """Where it stands at this moment."""
        age_s = time.time() - self.made_unix_s
        if self.stuck or age_s < self.queue_s:
            return "queued"
        if age_s < self.queue_s + self.render_s:
            return "in_progress"
        return "failed" if self.fails else "completed"

    def finished(self) -> bool:
        """It will not change any more."""
        return self.status() in _FINAL


class JobTable:
    """All jobs of a server, in memory, as both servers keep them.

    Attributes:
        jobs: by name, in the order they came.
        cancelled: names of those that were deleted before they were finished.
    """

    def __init__(self, seed: int) -> None:
        self.jobs: dict[str, Job] = {}
        self.cancelled: list[str] = []
        self._random = random.Random(seed)

    def next_id(self) -> str:
        """A name for one more job."""
        return f"video_gen_{self._random.getrandbits(64):016x}"

    def delete(self, job_id: str) -> Job | None:
        """Forgets a job; None if there is none."""
        job = self.jobs.pop(job_id, None)
        if job is not None and not job.finished():
            self.cancelled.append(job_id)
        return job
