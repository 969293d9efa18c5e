"""The plan of a log, executed again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from exoactor_rt._core.types import Plan
from exoactor_rt.dds import DdsSettings
from exoactor_rt.errors import LogError
from exoactor_rt.pipeline.execution_log import write_execution_log
from exoactor_rt.planning import parse_plan
from exoactor_rt.progress import ReportProgress
from exoactor_rt.recorder import RunRecord
from exoactor_rt.recorder.tick_setup import plan_attachment
from exoactor_rt.replay import check_subject, robot_limits, subject_of_plan
from exoactor_rt.replay.check_record import reasons
from exoactor_rt.replay.outcome import Outcome, outcome_of
from exoactor_rt.sim import RunOptions, SimOptions, execute
from exoactor_rt.sim.dds_run import execute_on_dds

REHEARSAL_SEEDS = (1, 2, 3)
"""Of the sensors' noise in the rehearsals before a robot executes a logged plan."""

_APPROVAL_DIGITS = 12


@dataclass(frozen=True)
class LoggedPlan:
    """A plan out of a log.

    Attributes:
        plan: what to execute.
        number: which of the log's, from 1.
        sha256: of its file, the first digits; an approval names them.
        logged: how it ended in the log.
    """

    plan: Plan
    number: int
    sha256: str
    logged: Outcome


def logged_plan(run: RunRecord, number: int = 1) -> LoggedPlan:
    """Plan `number` of a log.

    Raises:
        LogError: the log does not hold it.
        PlanningError: it cannot be read.
    """
    name = plan_attachment(number)
    content = run.attachments.get(name)
    if content is None:
        held = sorted(found for found in run.attachments if found.endswith(".npz"))
        raise LogError(
            f"log {run.path}: no attachment {name}, it has {', '.join(held) or 'no plan'}; "
            "nothing executed"
        )
    digits = hashlib.sha256(content).hexdigest()[:_APPROVAL_DIGITS]
    plan = parse_plan(content, f"{run.path.name}:{name}")
    return LoggedPlan(plan, number, digits, outcome_of(run.ticks))


def simulate_again(logged: LoggedPlan, log: Path, seed: int, progress: ReportProgress) -> Outcome:
    """Executes the plan in simulation and writes what happened to `log`.

    What pushed the robot in the log, or was otherwise there beside the plan, is not repeated.

    Raises:
        ExoactorError: the simulation is missing, the plan is refused, or the log not written.
    """
    rollout = execute(logged.plan, RunOptions(sim=SimOptions(seed=seed)), progress)
    write_execution_log(log, rollout, logged.plan)
    return outcome_of(rollout.ticks)


def rehearse_again(logged: LoggedPlan, progress: ReportProgress) -> list[str]:
    """Why the plan may not go to a robot, one line each: its check, then its rehearsals."""
    lines = reasons(check_subject(subject_of_plan(logged.plan, "plan"), robot_limits()))
    if lines:
        return lines
    for seed in REHEARSAL_SEEDS:
        rollout = execute(logged.plan, RunOptions(sim=SimOptions(seed=seed)), progress)
        outcome = outcome_of(rollout.ticks)
        if rollout.execution.fallen or not outcome.done:
            why = rollout.execution.fall_reason or str(outcome)
            return [f"rehearsal with seed {seed}: {why}"]
    return []


def drive_again(
    logged: LoggedPlan, log: Path, robot: DdsSettings, progress: ReportProgress
) -> Outcome:
    """Executes the plan on the robot that is found at `robot`; writes what happened to `log`.

    Raises:
        ExoactorError: no usable robot, the guard or the controller refuses, or no log.
    """
    rollout = execute_on_dds(logged.plan, robot, None, progress)
    write_execution_log(log, rollout, logged.plan)
    return outcome_of(rollout.ticks)
