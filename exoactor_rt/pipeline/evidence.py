"""What a run shows for itself: film, pictures and the summary behind the report."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from exoactor_rt.environment import describe_environment
from exoactor_rt.execution import Execution
from exoactor_rt.pipeline.chain import Planned, Source
from exoactor_rt.pipeline.result import RunResult
from exoactor_rt.progress import ReportProgress
from exoactor_rt.report import ClipSummary, Picture, RunSummary, summarise_plan
from exoactor_rt.video import open_clip
from exoactor_rt.viz import Footage, draw_pictures, draw_pose, write_video

INPUT_PICTURES = 4
EXECUTION_PICTURES = 6


def write_film(
    path: Path, planned: Planned, execution: Execution, progress: ReportProgress
) -> None:
    """Input with overlay, reference and executed robot side by side."""
    with _footage(planned, execution) as footage:
        write_video(path, footage, progress=progress)


def summarise_run(result: RunResult, seconds: dict[str, float]) -> RunSummary:
    """Everything the report tells, pictures included."""
    planned = result.planned
    execution = None if result.rollout is None else result.rollout.execution
    film_notes = (f"no film: {result.missing_film}",) if result.missing_film else ()
    override = f"admission refused this plan and was overridden {result.override}"
    override_notes = (override,) if result.override else ()
    environment = result.provenance or describe_environment(planned.source.path)
    on_dds = result.rollout is not None and bool(result.rollout.raw[0])
    return RunSummary(
        title=environment.get("instruction") or planned.source.path.name,
        verdict=result.verdict,
        clip=_summarise_clip(planned.source),
        stage_times_s=dict(seconds),
        plan=summarise_plan(planned.admission, planned.reference),
        execution=execution,
        robot="the robot on DDS" if on_dds else "the simulated robot",
        figures=result.figures,
        input_pictures=_input_pictures(planned.source),
        execution_pictures=() if result.missing_film else _execution_pictures(planned, execution),
        notes=planned.source.motion.notes + film_notes + override_notes,
        ranking=result.ranking,
        environment=environment,
        files={name: str(path) for name, path in result.files.items()},
    )


@contextmanager
def _footage(planned: Planned, execution: Execution) -> Iterator[Footage]:
    source = planned.source
    if source.clip is None:
        yield Footage(planned.reference, execution, human_motion=source.motion)
        return
    with open_clip(source.path) as clip:
        yield Footage(
            planned.reference,
            execution,
            frames=((frame.time_s, frame.rgb) for frame in clip),
            pose_track=source.track,
            source_start_s=source.motion.source_start_s,
        )


def _input_pictures(source: Source) -> tuple[Picture, ...]:
    if source.clip is None or source.track is None:
        return ()
    count = source.clip.frame_count
    wanted = set(np.linspace(0, count - 1, INPUT_PICTURES + 2).astype(int)[1:-1].tolist())
    pictures = []
    with open_clip(source.path) as clip:
        for frame in clip:
            if frame.index in wanted:
                drawn = draw_pose(frame.rgb, source.track, frame.index)
                pictures.append(Picture(f"{frame.time_s:.1f} s", drawn))
    return tuple(pictures)


def _execution_pictures(planned: Planned, execution: Execution | None) -> tuple[Picture, ...]:
    if execution is None:
        return ()
    with _footage(planned, execution) as footage:
        stills = draw_pictures(footage, count=EXECUTION_PICTURES)
    return tuple(Picture(f"{time_s:.1f} s", image) for time_s, image in stills)


def _summarise_clip(source: Source) -> ClipSummary:
    if source.clip is None:
        motion = source.motion
        frames = len(motion.keypoints_in_world)
        return ClipSummary(
            name=source.path.name,
            frame_count=frames,
            rate_hz=motion.rate_hz,
            duration_s=(frames - 1) / motion.rate_hz,
        )
    clip = source.clip
    return ClipSummary(
        name=source.path.name,
        sha256=clip.sha256,
        width_px=clip.width,
        height_px=clip.height,
        frame_count=clip.frame_count,
        rate_hz=clip.rate_hz,
        duration_s=clip.duration_s,
    )
