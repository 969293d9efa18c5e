"""From a file to an executed motion, with log, film and report."""

from __future__ import annotations

from pathlib import Path

import msgspec

from exoactor_rt.config import Config
from exoactor_rt.dds import DdsSettings
from exoactor_rt.environment import describe_environment
from exoactor_rt.errors import HardwareError
from exoactor_rt.pipeline.chain import Planned, plan_source, run_options
from exoactor_rt.pipeline.evidence import summarise_run, write_film
from exoactor_rt.pipeline.execution_log import write_execution_log
from exoactor_rt.pipeline.outputs import OutputFolder
from exoactor_rt.pipeline.result import RunResult
from exoactor_rt.planning import Plan, save_plan
from exoactor_rt.progress import StageTimes
from exoactor_rt.replay import Verdict, judge_task
from exoactor_rt.report import write_report
from exoactor_rt.retarget import save_reference
from exoactor_rt.sim import execute
from exoactor_rt.sim.dds_run import execute_on_dds
from exoactor_rt.tracker import Tracking
from exoactor_rt.tracker.bundle import bundle_text


def run_chain(
    path: Path, folder: Path, config: Config, times: StageTimes, robot: DdsSettings | None = None
) -> RunResult:
    """The whole chain up to the robot; writes everything into `folder`.

    The robot is simulated here, or the one at `robot`.

    What an earlier run left there is replaced or removed, but not before the input has been read
    and planned. Where nothing can be rendered the run goes on without film and pictures.

    Raises:
        ExoactorError: the input cannot be used, or a result cannot be written; there is no report
            then.
    """
    outputs = OutputFolder(folder, path)
    planned = plan_source(path, config, times)
    outputs.clear()
    with outputs.writing("reference") as target:
        save_reference(planned.reference, target)
    files = {"reference": target}
    task = planned.admission.task
    if task is None:
        reasons = tuple(str(attempt) for attempt in planned.admission.attempts)
        result = RunResult(Verdict(False, (), reasons), planned, None, None, files)
    else:
        result = _execute(
            planned, task, config, robot=robot, outputs=outputs, files=files, times=times
        )
    with times.stage("report"), outputs.writing("report") as target:
        files["report"], files["data"] = target, outputs.file("data")
        write_report(target, summarise_run(result, times.seconds))
    return result


def _execute(
    planned: Planned,
    task: Plan | Tracking,
    config: Config,
    *,
    robot: DdsSettings | None,
    outputs: OutputFolder,
    files: dict[str, Path],
    times: StageTimes,
) -> RunResult:
    plan = task if isinstance(task, Plan) else None
    if plan is not None:
        files["plan"] = save_plan(plan, outputs.file("plan"))
    with times.stage("execution") as report:
        options = run_options(config, config.simulation.seed)
        if robot is None:
            rollout = execute(task, options, report)
        else:
            rollout = execute_on_dds(task, robot, options, report)
    figures, verdict = judge_task(task, rollout.execution, planned.reference, config.verdict)
    with times.stage("log"), outputs.writing("log") as target:
        described = describe_environment(planned.source.path)
        described |= _policy_facts(task)
        files_inside = {"config.json": msgspec.json.encode(config), **_policy_files(task)}
        write_execution_log(target, rollout, plan, described, files_inside)
        files["log"] = target
    missing_film = ""
    with times.stage("film") as report, outputs.writing("film") as target:
        try:
            write_film(target, planned, rollout.execution, report)
            files["film"] = target
        except HardwareError as error:
            missing_film = str(error)
    return RunResult(verdict, planned, rollout, figures, files, missing_film)


def _policy_facts(task: Plan | Tracking) -> dict[str, str]:
    if not isinstance(task, Tracking):
        return {}
    bundle = task.policy.bundle
    return {"policy": bundle.name, "policy_sha256": bundle.onnx_sha256}


def _policy_files(task: Plan | Tracking) -> dict[str, bytes]:
    """The bundle beside the run, as it says what the policy was told."""
    if not isinstance(task, Tracking):
        return {}
    return {"policy.toml": bundle_text(task.policy.bundle).encode()}
