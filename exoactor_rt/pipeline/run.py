"""From a file to an executed motion, with log, film and report."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import msgspec

from exoactor_rt.assets.fetch import sha256_of
from exoactor_rt.config import Config
from exoactor_rt.dds import DdsSettings
from exoactor_rt.environment import describe_environment
from exoactor_rt.errors import HardwareError
from exoactor_rt.pipeline.candidates import choose_candidate
from exoactor_rt.pipeline.chain import Planned, run_options
from exoactor_rt.pipeline.evidence import summarise_run, write_film
from exoactor_rt.pipeline.execution_log import REFERENCE_ATTACHMENT, write_execution_log
from exoactor_rt.pipeline.outputs import OutputFolder
from exoactor_rt.pipeline.result import RunResult
from exoactor_rt.planning import Plan, check_plan, save_plan
from exoactor_rt.progress import StageTimes
from exoactor_rt.recorder.tick_setup import setup_metadata, tracking_attachments
from exoactor_rt.replay import Verdict, judge_task
from exoactor_rt.replay.clip_view import CLIP_VIEW_ATTACHMENT, clip_view, pack_clip_view
from exoactor_rt.report import write_report
from exoactor_rt.retarget import save_reference
from exoactor_rt.sim import execute
from exoactor_rt.sim.dds_run import execute_on_dds
from exoactor_rt.sim.rollout import Event, Rollout
from exoactor_rt.tracker import Tracking, describe_correction, save_tracking
from exoactor_rt.tracker.bundle import bundle_text


def run_chain(
    path: Path | Sequence[Path],
    folder: Path,
    config: Config,
    times: StageTimes,
    robot: DdsSettings | None = None,
    *,
    override: str = "",
) -> RunResult:
    """The whole chain up to the robot; writes everything into `folder`.

    What an earlier run left there is replaced or removed, but not before the input has been read
    and planned. Where nothing can be rendered the run goes on without film and pictures.

    Args:
        path: a video or motion capture file, or several of one task, of which the best admissible
            one is executed; see `choose_candidate`.
        folder: for the results.
        config: of the chain.
        times: of the stages.
        robot: where it is on DDS; simulated here when None.
        override: why a refused plan shall be executed all the same, with who says so; it is
            executed only then, and log and report tell it.

    Raises:
        ExoactorError: the input cannot be used, or a result cannot be written; there is no report
            then.
    """
    paths = [path] if isinstance(path, Path) else list(path)
    outputs = OutputFolder(folder, paths)
    planned, ranking = choose_candidate(paths, config, times)
    outputs.clear()
    with outputs.writing("reference") as target:
        save_reference(planned.reference, target)
    files = {"reference": target}
    refused = planned.admission.refused_plan
    if refused is None:
        override = ""
    elif override:
        planned = replace(planned, admission=replace(planned.admission, plan=refused))
    task = planned.admission.task
    if task is None:
        files |= _save_refused(outputs, refused)
        reasons = tuple(str(attempt) for attempt in planned.admission.attempts)
        result = RunResult(Verdict(False, (), reasons), planned, None, None, files)
    else:
        result = _execute(
            planned, task, config, override, robot=robot, outputs=outputs, files=files, times=times
        )
    result = replace(result, ranking=ranking)
    with times.stage("report"), outputs.writing("report") as target:
        files["report"], files["data"] = target, outputs.file("data")
        write_report(target, summarise_run(result, times.seconds))
    return result


def _save_refused(outputs: OutputFolder, plan: Plan | None) -> dict[str, Path]:
    """Keeps a refused plan beside the report, for who may override; not where it is malformed."""
    if plan is None or check_plan(plan):
        return {}
    return {"refused_plan": save_plan(plan, outputs.file("refused_plan"))}


def _execute(
    planned: Planned,
    task: Plan | Tracking,
    config: Config,
    override: str,
    *,
    robot: DdsSettings | None,
    outputs: OutputFolder,
    files: dict[str, Path],
    times: StageTimes,
) -> RunResult:
    plan = task if isinstance(task, Plan) else None
    if plan is not None:
        files["plan"] = save_plan(plan, outputs.file("plan"))
    elif isinstance(task, Tracking):
        with outputs.writing("tracking") as target:
            files["tracking"] = save_tracking(
                planned.reference, task.policy, target, task.correction
            )
    provenance = _provenance(planned, task, config, files, override)
    with outputs.writing("provenance") as target:
        target.write_bytes(msgspec.json.format(msgspec.json.encode(provenance)) + b"\n")
        files["provenance"] = target
    with times.stage("execution") as report:
        options = run_options(config, config.simulation.seed)
        if robot is None:
            rollout = execute(task, options, report)
        else:
            rollout = execute_on_dds(task, robot, options, report)
    if override:
        rollout = replace(rollout, events=(_override_event(rollout, override), *rollout.events))
    figures, verdict = judge_task(task, rollout.execution, planned.reference, config.verdict)
    with times.stage("log"), outputs.writing("log") as target:
        files_inside = {
            "config.json": msgspec.json.encode(config),
            REFERENCE_ATTACHMENT: files["reference"].read_bytes(),
            **_tracking_files(task, files),
            **_clip_files(planned),
        }
        write_execution_log(target, rollout, plan, provenance, files_inside)
        files["log"] = target
    missing_film = ""
    with times.stage("film") as report, outputs.writing("film") as target:
        try:
            write_film(target, planned, rollout.execution, report)
            files["film"] = target
        except HardwareError as error:
            missing_film = str(error)
    return RunResult(
        verdict, planned, rollout, figures, files, missing_film, override, provenance=provenance
    )


def _provenance(
    planned: Planned,
    task: Plan | Tracking,
    config: Config,
    files: dict[str, Path],
    override: str,
) -> dict[str, str]:
    """What made this run: name -> value."""
    made = describe_environment(planned.source.path) | setup_metadata() | _policy_facts(task)
    made["config sha256"] = hashlib.sha256(msgspec.json.encode(config)).hexdigest()
    for name in ("plan", "tracking"):
        if name in files:
            made[f"{name} sha256"] = sha256_of(files[name])
    if override:
        made["admission_override"] = override
    return made


def _override_event(rollout: Rollout, override: str) -> Event:
    stamp_ns = int(rollout.ticks["now_ns"][0])
    return Event(stamp_ns, "warning", f"admission refused this plan and was overridden {override}")


def _policy_facts(task: Plan | Tracking) -> dict[str, str]:
    if not isinstance(task, Tracking):
        return {}
    bundle = task.policy.bundle
    return {
        "policy": bundle.name,
        "policy_sha256": bundle.onnx_sha256,
        "policy shown": describe_correction(task.correction),
    }


def _clip_files(planned: Planned) -> dict[str, bytes]:
    """How well the person was seen, where the motion came from a clip."""
    source = planned.source
    if source.track is None:
        return {}
    view = clip_view(source.track, source.motion.source_start_s)
    return {CLIP_VIEW_ATTACHMENT: pack_clip_view(view)}


def _tracking_files(task: Plan | Tracking, files: dict[str, Path]) -> dict[str, bytes]:
    """The tracking, with what was learned, and the bundle, as it says what the policy was told."""
    if not isinstance(task, Tracking):
        return {}
    name, _ = tracking_attachments(1)
    return {
        name: files["tracking"].read_bytes(),
        "policy.toml": bundle_text(task.policy.bundle).encode(),
    }
