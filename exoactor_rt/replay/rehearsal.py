"""Rehearsals: a task is executed in simulation, trial by trial, here or in processes beside."""

from __future__ import annotations

import gc
import os
import tempfile
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from exoactor_rt.config import VerdictConfig
from exoactor_rt.errors import HardwareError
from exoactor_rt.planning import Plan, load_plan, save_plan
from exoactor_rt.progress import ReportProgress
from exoactor_rt.replay.trial_verdict import TrialResult, judge_trial
from exoactor_rt.replay.trials import Trial, task_duration_s
from exoactor_rt.sim import RunOptions, execute
from exoactor_rt.sim.physics_model import load_physics
from exoactor_rt.sim.portable_limits import make_limits_portable
from exoactor_rt.tracker import Tracking
from exoactor_rt.types import Reference
from exoactor_rt.workers import interrupts_ignored, worker_pool

WORKERS = 2
_NICE = 5
"""Of the processes beside: the rehearsal here has a core, they share what is left."""

Results = Generator[TrialResult, None, None]
"""As they come, in any order; closed by who has seen enough."""


class Rehearse(Protocol):
    """Executes a task in simulation, from standing to standing, once for every trial."""

    def __call__(self, task: Plan | Tracking, trials: Sequence[Trial]) -> Results:
        """Yields what the trials showed, those that do not disturb first and in their order."""


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


class RehearsalPool:
    """Processes for the disturbed trials of one motion after the other; see `rehearsal_pool`."""

    def __init__(self, processes: ProcessPoolExecutor | None, folder: Path):
        self._processes = processes
        self._folder = folder
        self._plans = 0

    def rehearsing(self, stage: Stage, progress: ReportProgress | None = None) -> Rehearse:
        """Rehearsals of a motion: those that do not disturb here, the others beside meanwhile.

        What was rehearsed here comes first. A learned tracker is rehearsed here throughout, as its
        network cannot be handed over.
        """

        def rehearse(task: Plan | Tracking, trials: Sequence[Trial]) -> Results:
            if self._processes is None or isinstance(task, Tracking):
                return stage.rehearse(task, trials, progress)
            return self._rehearse(self._processes, stage, task, trials, progress)

        return rehearse

    def _rehearse(
        self,
        processes: ProcessPoolExecutor,
        stage: Stage,
        plan: Plan,
        trials: Sequence[Trial],
        progress: ReportProgress | None,
    ) -> Results:
        """A plan's file is what the processes read, and their leave to go on.

        Who has seen enough removes it, and the trials that still run end.
        """
        self._plans += 1
        path = save_plan(plan, self._folder / f"{self._plans}.npz")
        left = list(trials)
        beside: dict[Future[TrialResult], Trial] = {}
        try:
            with suppress(BrokenProcessPool):
                for trial in trials:
                    if trial.disturbs:
                        beside[processes.submit(_rehearse_file, stage, path, trial)] = trial
            for trial in trials:
                if trial not in beside.values():
                    left.remove(trial)
                    yield from stage.rehearse(plan, (trial,), progress)
            with suppress(BrokenProcessPool):
                for future in as_completed(beside):
                    result = future.result()
                    left.remove(beside[future])
                    if progress is not None:
                        progress(len(trials) - len(left), len(trials))
                    yield result
            yield from stage.rehearse(plan, left, progress)
        finally:
            for future in beside:
                future.cancel()
            path.unlink()


@contextmanager
def rehearsal_pool() -> Iterator[RehearsalPool]:
    """Processes for rehearsals, where there are two cores; without any all is rehearsed here.

    They take a second to start, so they are asked for before the motion is known.
    """
    make_limits_portable()
    if len(os.sched_getaffinity(0)) < WORKERS:
        yield RehearsalPool(None, Path())
        return
    with worker_pool(WORKERS, _warm_up) as processes, tempfile.TemporaryDirectory() as folder:
        with interrupts_ignored():
            for _ in range(WORKERS):
                processes.submit(_start)
        yield RehearsalPool(processes, Path(folder))


def _start() -> None:
    """Nothing to do yet."""


def _warm_up() -> None:
    """What takes a second in a fresh process, and gives way to the rehearsal that runs alone."""
    os.nice(_NICE)
    with suppress(HardwareError):
        load_physics()
    gc.freeze()


class _CalledOffError(Exception):
    """Nobody waits for this rehearsal any more."""


def _rehearse_file(stage: Stage, path: Path, trial: Trial) -> TrialResult:
    """One trial of the plan in a file, as long as the file is there."""

    def go_on(done: int, total: int) -> None:
        if not path.exists():
            raise _CalledOffError

    (result,) = stage.rehearse(load_plan(path), (trial,), go_on)
    return result
