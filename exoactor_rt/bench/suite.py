"""Runs motions: admission, then execution in lock-step, each in a worker process."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from exoactor_rt.bench.conditions import Conditions
from exoactor_rt.bench.departure import departure_of, touch_downs
from exoactor_rt.bench.measurement import measure_rollout
from exoactor_rt.bench.motion_files import read_reference
from exoactor_rt.bench.result import MotionResult, Outcome
from exoactor_rt.config import VerdictConfig
from exoactor_rt.errors import ExoactorError
from exoactor_rt.execution import Execution
from exoactor_rt.planning import Plan
from exoactor_rt.replay import Admission, admit_task, judge_task
from exoactor_rt.sim import DONE_EVENT, Rollout, execute
from exoactor_rt.tracker import Tracking
from exoactor_rt.tracker.store import choose_policy
from exoactor_rt.types import Reference

_THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")

OnResult = Callable[[int, int, "Ran"], None]
"""Called with (done, total, the newest) whenever a motion has ended."""


@dataclass(frozen=True)
class Ran:
    """One motion run: what came of it, what the robot did, and what it cost here.

    Attributes:
        result: all that is deterministic.
        execution: None when nothing was executed.
        wall_s: reading, rehearsals and execution.
    """

    result: MotionResult
    execution: Execution | None
    wall_s: float


def run_suite(
    folder: Path,
    motions: Sequence[Path],
    conditions: Conditions,
    *,
    jobs: int = 2,
    on_result: OnResult | None = None,
) -> list[Ran]:
    """Runs all motions, `jobs` at a time, in processes with one thread each.

    Args:
        folder: the motions are named by their path below it.
        motions: files, see `find_motions`.
        conditions: of the executions.
        jobs: number of processes, at least 1.
        on_result: told of every motion as it ends.

    Returns:
        In the order of `motions`. A motion whose process died is an error.
    """
    ran: dict[int, Ran] = {}
    with _workers(jobs) as pool:
        names = [path.relative_to(folder).as_posix() for path in motions]
        with _interrupts_ignored():
            futures = {
                pool.submit(run_motion, path, name, conditions): index
                for index, (path, name) in enumerate(zip(motions, names, strict=True))
            }
        for future in as_completed(futures):
            index = futures[future]
            ran[index] = _taken(future, names[index])
            if on_result is not None:
                on_result(len(ran), len(motions), ran[index])
    return [ran[index] for index in range(len(motions))]


def run_motion(path: Path, name: str, conditions: Conditions) -> Ran:
    """Reads, admits and executes one motion; what goes wrong becomes an outcome."""
    begin_s = time.perf_counter()
    try:
        result, execution = _run(path, name, conditions)
    except ExoactorError as error:
        result, execution = MotionResult(name, Outcome.ERROR, str(error)), None
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        result, execution = MotionResult(name, Outcome.ERROR, reason), None
    return Ran(result, execution, time.perf_counter() - begin_s)


def _run(path: Path, name: str, conditions: Conditions) -> tuple[MotionResult, Execution | None]:
    reference = read_reference(path)
    limits = VerdictConfig()

    policy = choose_policy(conditions.controller, conditions.policy)

    def rehearse(task: Plan | Tracking, trial: int = 0) -> Execution:
        return execute(task, conditions.rehearsal(task, trial)).execution

    admission = admit_task(reference, conditions.controller, policy, rehearse, limits)
    attempts = tuple(str(attempt) for attempt in admission.attempts)
    if admission.task is None:
        refused = MotionResult(
            name,
            Outcome.REFUSED,
            " | ".join(attempts),
            attempts=attempts,
            reference_s=_length_s(reference),
            steps_asked=touch_downs(reference.contact),
        )
        return refused, None
    rollout = execute(admission.task, conditions.execution(admission.task, name))
    result = _executed(name, reference, admission, admission.task, rollout=rollout)
    return result, rollout.execution


def _executed(
    name: str,
    reference: Reference,
    admission: Admission,
    task: Plan | Tracking,
    *,
    rollout: Rollout,
) -> MotionResult:
    execution = rollout.execution
    steps_asked = touch_downs(reference.contact)
    outcome, reason = _outcome(rollout)
    fall_ns = next((e.stamp_ns for e in rollout.events if e.severity == "error"), None)
    return MotionResult(
        name,
        outcome,
        reason,
        fall_time_s=None if fall_ns is None else 1e-9 * fall_ns,
        fall_reference_s=float(execution.reference_time_s[-1]) if execution.fallen else None,
        level=_level(task),
        attempts=tuple(str(attempt) for attempt in admission.attempts),
        reference_s=_length_s(reference),
        steps_asked=steps_asked,
        steps_planned=execution.steps_planned,
        steps_executed=execution.steps_executed,
        missed_verdict=judge_task(task, execution, reference, VerdictConfig())[1].reasons,
        departure=departure_of(task, steps_asked) if isinstance(task, Plan) else None,
        measurement=measure_rollout(rollout, task, reference),
    )


def _level(task: Plan | Tracking) -> str:
    if isinstance(task, Tracking):
        return f"tracker {task.policy.bundle.name}"
    return task.level.name.lower().replace("_", " ")


def _outcome(rollout: Rollout) -> tuple[Outcome, str]:
    if rollout.execution.fallen:
        return Outcome.FELL, rollout.execution.fall_reason
    if not any(event.text == DONE_EVENT for event in rollout.events):
        done_s = rollout.execution.duration_s
        return Outcome.UNFINISHED, f"still standing after {done_s:.1f} s, not done"
    return Outcome.SURVIVED, ""


def _length_s(reference: Reference) -> float:
    return (len(reference.joint_position) - 1) / reference.rate_hz


def _taken(future: Future[Ran], name: str) -> Ran:
    try:
        return future.result()
    except BrokenProcessPool:
        died = MotionResult(name, Outcome.ERROR, "a worker process died; not run to its end")
        return Ran(died, None, 0.0)


@contextmanager
def _workers(jobs: int) -> Iterator[ProcessPoolExecutor]:
    """Fresh processes with one thread each; ended at once when the body is interrupted."""
    before = {name: os.environ.get(name) for name in _THREAD_VARIABLES}
    os.environ.update(dict.fromkeys(_THREAD_VARIABLES, "1"))
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(jobs, mp_context=context)
    others = set(multiprocessing.active_children())
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        for process in set(multiprocessing.active_children()) - others:
            process.terminate()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        for name, value in before.items():
            if value is None:
                os.environ.pop(name)
            else:
                os.environ[name] = value


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """Processes started inside ignore Ctrl-C for life: the parent alone acts on it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
