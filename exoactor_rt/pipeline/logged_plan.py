"""The plan of a log, executed again."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path

from exoactor_rt._core.types import Plan
from exoactor_rt.config import VerdictConfig
from exoactor_rt.dds import DdsSettings
from exoactor_rt.errors import LogError
from exoactor_rt.guard_config import GuardConfig
from exoactor_rt.pipeline.chain import REHEARSAL_SEED_OFFSET
from exoactor_rt.pipeline.execution_log import REFERENCE_ATTACHMENT, write_execution_log
from exoactor_rt.planning import parse_plan
from exoactor_rt.progress import ReportProgress
from exoactor_rt.recorder import RunRecord
from exoactor_rt.recorder.tick_setup import plan_attachment
from exoactor_rt.replay.admission import plan_violations, rehearse_task
from exoactor_rt.replay.outcome import Outcome, outcome_of
from exoactor_rt.replay.rehearsal import Stage, rehearsal_pool
from exoactor_rt.retarget import load_reference
from exoactor_rt.robots.g1.guard_limits import guard_limits
from exoactor_rt.sim import RunOptions, SimOptions, execute
from exoactor_rt.sim.dds_run import execute_on_dds
from exoactor_rt.types import Reference

_APPROVAL_DIGITS = 12


@dataclass(frozen=True)
class LoggedPlan:
    """A plan out of a log.

    Attributes:
        plan: what to execute.
        number: which of the log's, from 1.
        sha256: of its file, the first digits; an approval names them.
        logged: how it ended in the log.
        reference: what the plan was made of; None where the log does not hold it.
    """

    plan: Plan
    number: int
    sha256: str
    logged: Outcome
    reference: Reference | None


def logged_plan(run: RunRecord, number: int = 1) -> LoggedPlan:
    """Plan `number` of a log.

    Raises:
        LogError: the log does not hold it.
        PlanningError: it cannot be read.
    """
    name = plan_attachment(number)
    content = run.attachments.get(name)
    if content is None:
        held = sorted(found for found in run.attachments if found.startswith("plan"))
        raise LogError(
            f"log {run.path}: no attachment {name}, it has {', '.join(held) or 'no plan'}; "
            "nothing executed"
        )
    digits = hashlib.sha256(content).hexdigest()[:_APPROVAL_DIGITS]
    plan = parse_plan(content, f"{run.path.name}:{name}")
    return LoggedPlan(plan, number, digits, outcome_of(run.ticks), _reference_of(run))


def _reference_of(run: RunRecord) -> Reference | None:
    content = run.attachments.get(REFERENCE_ATTACHMENT)
    if content is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / REFERENCE_ATTACHMENT
        path.write_bytes(content)
        return load_reference(path)


def simulate_again(
    logged: LoggedPlan, log: Path, seed: int, guard: GuardConfig, progress: ReportProgress
) -> Outcome:
    """Executes the plan in simulation, its guard with the site's limits; writes a log of it.

    What pushed the robot in the log, or was otherwise there beside the plan, is not repeated.

    Raises:
        ExoactorError: the simulation is missing, the plan is refused, or the log not written.
    """
    options = RunOptions(sim=SimOptions(seed=seed), guard_limits=guard_limits(guard))
    rollout = execute(logged.plan, options, progress)
    write_execution_log(log, rollout, logged.plan)
    return outcome_of(rollout.ticks)


def rehearse_again(
    logged: LoggedPlan,
    seed: int,
    limits: VerdictConfig,
    guard: GuardConfig,
    progress: ReportProgress,
) -> tuple[str, ...]:
    """Why the plan may not go to a robot, by the rules of admission; empty when it may.

    Args:
        logged: the plan, and what it was made of.
        seed: of the run to come; the rehearsals have other noise.
        limits: what a rehearsal must keep.
        guard: the site's limits, which the rehearsals' guard has as well.
        progress: of each rehearsal.

    Raises:
        LogError: the log does not hold the reference that the rehearsals are judged by.
    """
    if logged.reference is None:
        raise LogError(
            f"log: no attachment {REFERENCE_ATTACHMENT}: nothing to judge a rehearsal by; "
            "nothing executed"
        )
    refused = plan_violations(logged.plan)
    if refused:
        return refused
    options = RunOptions(
        sim=SimOptions(seed=seed + REHEARSAL_SEED_OFFSET), guard_limits=guard_limits(guard)
    )
    with rehearsal_pool() as pool:
        rehearse = pool.rehearsing(Stage(logged.reference, options, limits), progress)
        return rehearse_task(logged.plan, rehearse).reasons


def drive_again(
    logged: LoggedPlan,
    log: Path,
    robot: DdsSettings,
    guard: GuardConfig,
    progress: ReportProgress,
) -> Outcome:
    """Executes the plan on the robot that is found at `robot`; writes what happened to `log`.

    The guard has the site's limits, `guard`.

    Raises:
        ExoactorError: no usable robot, the guard or the controller refuses, or no log.
    """
    options = RunOptions(guard_limits=guard_limits(guard))
    rollout = execute_on_dds(logged.plan, robot, options, progress)
    write_execution_log(log, rollout, logged.plan)
    return outcome_of(rollout.ticks)
