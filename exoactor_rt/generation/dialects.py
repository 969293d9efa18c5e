"""The two kinds of video server: what they are sent, and how their job documents read.

Both speak `/v1/videos`, a convention whose shape comes from OpenAI's closed Videos API: POST makes
a job, GET asks for it, GET `/content` fetches the clip, DELETE ends it. vLLM-Omni is the reference.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import aiohttp

from exoactor_rt.errors import GenerationError
from exoactor_rt.generation.answer import one_line, said_in
from exoactor_rt.generation.server import Form
from exoactor_rt.generation.task import Image
from exoactor_rt.generation_config import RenderConfig

_JOB_ID = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._:-]{0,199}")


class JobStatus(Enum):
    """Where a job stands."""

    QUEUED = "queued"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    FAILED = "failed"


_ENDED_WORDS = ("cancelled", "canceled", "deleted", "expired")
_STATUSES = {status.value: status for status in JobStatus} | dict.fromkeys(
    _ENDED_WORDS, JobStatus.FAILED
)


@dataclass(frozen=True)
class JobState:
    """A job document.

    Attributes:
        job_id: the server's name of it.
        status: where it stands.
        progress: percent done, as far as the server knows.
        error: why it failed; empty if it did not.
        model: the model's name; empty if the server does not say.
        fps: frames a second that the server says it renders; None where it does not say.
        num_frames: likewise.
        stage_s: stage -> s, what the server says its stages took.
    """

    job_id: str
    status: JobStatus
    progress: float = 0.0
    error: str = ""
    model: str = ""
    fps: float | None = None
    num_frames: int | None = None
    stage_s: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class VideoRequest:
    """One clip to render.

    Attributes:
        prompt: the five parts as text.
        first_frame: the picture it starts from; None for text alone.
        seed: of the model's noise.
        model: the model's name; empty for the server's own.
        render: size, frames, rate and so on.
    """

    prompt: str
    first_frame: Image | None
    seed: int
    model: str
    render: RenderConfig


@dataclass(frozen=True)
class Submission:
    """Body of the POST: a form or a JSON document, and what the server will not honour."""

    form: Form | None = None
    document: Mapping[str, Any] | None = None
    notes: tuple[str, ...] = ()


class Dialect:
    """vLLM-Omni: a multipart form with every field."""

    name = "vllm_omni"
    cancels = True

    def submission(self, request: VideoRequest) -> Submission:
        """Body of the POST that makes a job."""
        render = request.render
        fields = {
            **_common_fields(request),
            "width": render.width_px,
            "height": render.height_px,
            "seed": request.seed,
            "negative_prompt": render.negative_prompt or None,
            "num_inference_steps": render.num_inference_steps,
            "guidance_scale": render.guidance_scale,
        }
        return Submission(form=_form(fields, request.first_frame))


class SglangDialect(Dialect):
    """SGLang diffusion: JSON, or a form where a picture is sent, which loses most fields.

    Its DELETE forgets the job and lets it run to its end.
    """

    name = "sglang"
    cancels = False

    def submission(self, request: VideoRequest) -> Submission:
        """Body of the POST that makes a job."""
        render = request.render
        fields = _common_fields(request)
        extra: dict[str, Any] = {
            "seed": request.seed,
            "negative_prompt": render.negative_prompt or None,
            "num_inference_steps": render.num_inference_steps,
            "guidance_scale": render.guidance_scale,
        }
        extra = {name: value for name, value in extra.items() if value is not None}
        if request.first_frame is None:
            return Submission(document={**fields, **extra})
        note = (
            "sglang reads no seed from a form with a picture: "
            f"seed {request.seed} may not have been used"
        )
        fields["extra_body"] = json.dumps(extra)
        return Submission(form=_form(fields, request.first_frame), notes=(note,))


DIALECTS: Mapping[str, Dialect] = {
    dialect.name: dialect for dialect in (Dialect(), SglangDialect())
}


def read_job(document: Mapping[str, Any]) -> JobState:
    """A job document of either dialect.

    Raises:
        GenerationError: it is not one.
    """
    job_id, word = document.get("id"), document.get("status")
    if not isinstance(job_id, str) or not _JOB_ID.fullmatch(job_id):
        raise GenerationError(f"job id {one_line(repr(job_id))}: not one that can be asked for")
    status = _STATUSES.get(word) if isinstance(word, str) else None
    if status is None:
        known = ", ".join(_STATUSES)
        raise GenerationError(f"job {job_id}: status {one_line(repr(word))}; known: {known}")
    error = one_line(said_in(dict(document)))
    if status is JobStatus.FAILED and not error:
        error = f"the server says {word!r} and no reason"
    fps, frames, model = (document.get(name) for name in ("fps", "num_frames", "model"))
    stages = document.get("stage_durations")
    return JobState(
        job_id=job_id,
        status=status,
        progress=min(100.0, max(0.0, _number(document.get("progress")) or 0.0)),
        error=error if status is JobStatus.FAILED else "",
        model=one_line(model) if isinstance(model, str) else "",
        fps=_number(fps),
        num_frames=frames if isinstance(frames, int) else None,
        stage_s=_stage_s(stages) if isinstance(stages, dict) else {},
    )


def is_job(document: Mapping[str, Any] | None) -> bool:
    """Whether a document, of whatever HTTP status, is about a job.

    vLLM-Omni answers for a failed job with its document and an error status.
    """
    return document is not None and "id" in document and "status" in document


def _common_fields(request: VideoRequest) -> dict[str, Any]:
    """Fields that both dialects read; rate and number of frames are always sent."""
    render = request.render
    fields: dict[str, Any] = {
        "prompt": request.prompt,
        "size": f"{render.width_px}x{render.height_px}",
        "seconds": max(1, round(render.num_frames / render.fps)),
        "num_frames": render.num_frames,
        "fps": render.fps,
    }
    if request.model:
        fields["model"] = request.model
    return fields


def _form(fields: Mapping[str, Any], first_frame: Image | None) -> Form:
    def make() -> aiohttp.FormData:
        form = aiohttp.FormData(default_to_multipart=True)
        for name, value in fields.items():
            if value is not None:
                form.add_field(name, str(value))
        if first_frame is not None:
            form.add_field(
                "input_reference",
                first_frame.content,
                filename=first_frame.file_name,
                content_type=first_frame.media_type,
            )
        return form

    return make


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None


def _stage_s(stages: Mapping[str, Any]) -> dict[str, float]:
    numbers = {one_line(str(name)): _number(value) for name, value in stages.items()}
    return {name: value for name, value in numbers.items() if value is not None}
