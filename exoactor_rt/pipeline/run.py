"""From a file to an executed motion, with log, film and report."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from exoactor_rt.config import Config
from exoactor_rt.environment import describe_environment
from exoactor_rt.errors import LogError
from exoactor_rt.pipeline.chain import Planned, plan_source, run_options
from exoactor_rt.pipeline.evidence import summarise_run, write_film
from exoactor_rt.planning import Plan, save_plan
from exoactor_rt.progress import StageTimes
from exoactor_rt.recorder import write_execution_log
from exoactor_rt.replay import Figures, Verdict, judge, measure
from exoactor_rt.report import write_report
from exoactor_rt.retarget import save_reference
from exoactor_rt.sim import Rollout, execute


@dataclass(frozen=True)
class RunResult:
    """A whole run.

    Attributes:
        verdict: on the execution; failed when the motion was refused.
        planned: how it was planned.
        rollout: None when the motion was refused.
        figures: None when the motion was refused.
        files: name -> path of everything written.
    """

    verdict: Verdict
    planned: Planned
    rollout: Rollout | None
    figures: Figures | None
    files: dict[str, Path]

    @property
    def refused(self) -> bool:
        """No rung of the ladder passed its rehearsal; nothing was executed."""
        return self.rollout is None


def run_chain(path: Path, folder: Path, config: Config, times: StageTimes) -> RunResult:
    """The whole chain up to the simulated robot; writes everything into `folder`.

    Raises:
        ExoactorError: the input cannot be used, or a result cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LogError(f"{folder}: cannot be made: {error.strerror}; nothing started") from error
    planned = plan_source(path, config, times)
    files = {"reference": folder / "reference.npz"}
    save_reference(planned.reference, files["reference"])
    plan = planned.admission.plan
    if plan is None:
        reasons = tuple(str(attempt) for attempt in planned.admission.attempts)
        result = RunResult(Verdict(False, (), reasons), planned, None, None, files)
    else:
        result = _execute(planned, plan, folder, config, times, files)
    with times.stage("report"):
        files["report"] = folder / "report.html"
        write_report(files["report"], summarise_run(result, times.seconds))
    return result


def _execute(
    planned: Planned,
    plan: Plan,
    folder: Path,
    config: Config,
    times: StageTimes,
    files: dict[str, Path],
) -> RunResult:
    files["plan"] = save_plan(plan, folder / "plan.npz")
    with times.stage("execution") as report:
        rollout = execute(plan, run_options(config, config.simulation.seed), report)
    figures = measure(rollout.execution, planned.reference)
    with times.stage("log"):
        files["log"] = folder / "run.mcap"
        write_execution_log(files["log"], rollout, plan, describe_environment(planned.source.path))
    with times.stage("film") as report:
        files["film"] = folder / "run.mp4"
        write_film(files["film"], planned, rollout.execution, report)
    return RunResult(judge(figures, config.verdict), planned, rollout, figures, files)
