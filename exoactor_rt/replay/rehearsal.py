"""Rehearsals: a task is executed in simulation, trial by trial, here or in processes beside."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from exoactor_rt.config import VerdictConfig
from exoactor_rt.planning import Plan, load_plan, save_plan
from exoactor_rt.progress import ReportProgress
from exoactor_rt.replay.trial_verdict import TrialResult, judge_trial
from exoactor_rt.replay.trials import Trial, task_duration_s
from exoactor_rt.sim import RunOptions, execute
from exoactor_rt.sim.mujoco_import import load_mujoco
from exoactor_rt.sim.portable_limits import make_limits_portable
from exoactor_rt.tracker import Tracking
from exoactor_rt.types import Reference
from exoactor_rt.workers import interrupts_ignored, worker_pool

WORKERS = 2

Results = Generator[TrialResult, None, None]
"""As they come, in any order; closed by who has seen enough."""


class Rehearse(Protocol):
    """Executes a task in simulation, from standing to standing, once for every trial."""

    def __call__(self, task: Plan | Tracking, trials: Sequence[Trial]) -> Results:
        """Yields what the trials showed."""


@dataclass(frozen=True)
class Stage:
    """What all rehearsals of a motion have in common.

    Attributes:
        reference: what is to be done.
        options: of the nominal run, its seed the rehearsals': not that of the run to come.
        limits: what a rehearsal must keep.
    """

    reference: Reference
    options: RunOptions
    limits: VerdictConfig

    def rehearse(
        self, task: Plan | Tracking, trials: Sequence[Trial], progress: ReportProgress | None = None
    ) -> Results:
        """One trial after the other, in this process."""
        for trial in trials:
            options = trial.options(self.options, task_duration_s(task))
            rollout = execute(task, options, progress)
            yield judge_trial(trial, task, rollout, self.reference, self.limits)


@contextmanager
def rehearsing(stage: Stage, progress: ReportProgress | None = None) -> Iterator[Rehearse]:
    """Rehearsals whose disturbed trials run in processes of their own, where there are two cores.

    The processes start up while the nominal rehearsal runs here. A learned tracker is rehearsed
    here throughout, as its network cannot be handed over.
    """
    make_limits_portable()
    if len(os.sched_getaffinity(0)) < WORKERS:
        yield lambda task, trials: stage.rehearse(task, trials, progress)
        return
    with worker_pool(WORKERS) as pool, tempfile.TemporaryDirectory() as folder:
        with interrupts_ignored():
            for _ in range(WORKERS):
                pool.submit(_warm_up)
        yield _Pooled(stage, pool, Path(folder), progress)


class _Pooled:
    """Rehearsals spread over processes; a plan's file is what they read, and their leave to go on.

    Who has seen enough removes it, and the trials that still run end.
    """

    def __init__(
        self,
        stage: Stage,
        pool: ProcessPoolExecutor,
        folder: Path,
        progress: ReportProgress | None,
    ):
        self._stage = stage
        self._pool = pool
        self._folder = folder
        self._progress = progress
        self._plans = 0

    def __call__(self, task: Plan | Tracking, trials: Sequence[Trial]) -> Results:
        if isinstance(task, Tracking) or len(trials) < WORKERS:
            yield from self._stage.rehearse(task, trials, self._progress)
            return
        self._plans += 1
        path = save_plan(task, self._folder / f"{self._plans}.npz")
        try:
            futures = {self._pool.submit(_rehearse_file, self._stage, path, t): t for t in trials}
            left = set(trials)
            try:
                for future in as_completed(futures):
                    result = future.result()
                    left.remove(futures[future])
                    self._tell(len(trials) - len(left), len(trials))
                    yield result
            except BrokenProcessPool:
                yield from self._stage.rehearse(task, [t for t in trials if t in left])
            finally:
                for future in futures:
                    future.cancel()
        finally:
            path.unlink()

    def _tell(self, done: int, total: int) -> None:
        if self._progress is not None:
            self._progress(done, total)


def _warm_up() -> None:
    """What takes a second in a fresh process."""
    load_mujoco()


class _CalledOffError(Exception):
    """Nobody waits for this rehearsal any more."""


def _rehearse_file(stage: Stage, path: Path, trial: Trial) -> TrialResult:
    """One trial of the plan in a file, as long as the file is there."""

    def go_on(done: int, total: int) -> None:
        if not path.exists():
            raise _CalledOffError

    (result,) = stage.rehearse(load_plan(path), (trial,), go_on)
    return result
