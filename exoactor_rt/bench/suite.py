"""Runs motions: admission, then execution in lock-step, each in a worker process."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from exoactor_rt.bench.conditions import Conditions
from exoactor_rt.bench.departure import departure_of, touch_downs
from exoactor_rt.bench.measurement import measure_rollout
from exoactor_rt.bench.motion_files import read_reference
from exoactor_rt.bench.result import MotionResult, Outcome
from exoactor_rt.bench.trimming import trim_jumps
from exoactor_rt.config import VerdictConfig
from exoactor_rt.errors import ExoactorError
from exoactor_rt.execution import Execution
from exoactor_rt.planning import Plan
from exoactor_rt.replay import Admission, Stage, admit_task, judge_task
from exoactor_rt.replay.rehearsal import Results
from exoactor_rt.replay.trials import Trial
from exoactor_rt.sim import DONE_EVENT, Rollout, execute
from exoactor_rt.tracker import Tracking
from exoactor_rt.tracker.store import choose_policy
from exoactor_rt.types import Reference
from exoactor_rt.workers import run_in_workers

_Item = tuple[Path, str, Conditions]

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
    items = [(path, path.relative_to(folder).as_posix(), conditions) for path in motions]

    def tell(done: int, newest: Ran) -> None:
        if on_result is not None:
            on_result(done, len(items), newest)

    return run_in_workers(_run_item, items, jobs, _died, tell)


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
    reference, left_out = trim_jumps(read_reference(path))
    policy = choose_policy(conditions.controller, conditions.policy)
    stage = Stage(reference, conditions.rehearsal(), VerdictConfig())

    def rehearse(task: Plan | Tracking, trials: Sequence[Trial]) -> Results:
        return stage.rehearse(task, conditions.trials(trials))

    admission = admit_task(reference, conditions.controller, policy, rehearse)
    attempts = tuple(str(attempt) for attempt in admission.attempts)
    if admission.task is None:
        refused = MotionResult(
            name,
            Outcome.REFUSED,
            " | ".join(attempts),
            attempts=attempts,
            reference_s=_length_s(reference),
            steps_asked=touch_downs(reference.contact),
            left_out=left_out,
        )
        return refused, None
    rollout = execute(admission.task, conditions.execution(admission.task, name))
    result = _executed(name, reference, admission, admission.task, rollout=rollout)
    return replace(result, left_out=left_out), rollout.execution


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
        corrected = "" if task.correction is None else ", corrected"
        return f"tracker {task.policy.bundle.name}{corrected}"
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


def _run_item(item: _Item) -> Ran:
    return run_motion(*item)


def _died(item: _Item) -> Ran:
    reason = "a worker process died; not run to its end"
    return Ran(MotionResult(item[1], Outcome.ERROR, reason), None, 0.0)
