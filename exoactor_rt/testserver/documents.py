"""Job documents of the two dialects, and how each reads a request."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import BodyPartReader, web

from exoactor_rt.testserver.jobs import Job

MODEL = "test-clips"
_MAX_FIELD_BYTES = 64 << 20
_CHUNK_BYTES = 1 << 16


def job_document(job: Job, dialect: str) -> dict[str, Any]:
    """The job as the dialect tells it, and in both the rate and length of the clip to come."""
    status = job.status()
    document: dict[str, Any] = {
        "id": job.job_id,
        "object": "video",
        "model": job.model,
        "status": status,
        "progress": 100 if status == "completed" else 0,
        "created_at": int(job.made_unix_s),
        "completed_at": int(job.made_unix_s + job.queue_s + job.render_s)
        if status == "completed"
        else None,
        "size": job.size,
        "seconds": str(max(1, round(job.num_frames / job.fps))),
        "quality": "standard",
        "fps": job.fps,
        "num_frames": job.num_frames,
        "error": None,
    }
    if dialect == "sglang":
        document |= {"status": "queued" if status == "in_progress" else status}
        document |= {"file_path": f"outputs/{job.job_id}.mp4", "url": None}
    else:
        document |= {"prompt": job.prompt, "media_type": "video/mp4", "expires_at": None}
        document |= {"file_name": f"{job.job_id}.mp4", "peak_memory_mb": 0.0}
        if status == "completed":
            document |= {"inference_time_s": job.render_s}
            document |= {"stage_durations": {"diffuse": job.render_s}}
    if status == "failed":
        error = {"message": "CUDA out of memory"}
        document["error"] = error if dialect == "sglang" else {"code": 500, **error}
    return document


async def read_request(request: web.Request, dialect: str) -> dict[str, Any]:
    """The fields that the dialect reads of a request for a job.

    Raises:
        web.HTTPException: with the status and text of the dialect, if it does not take it.
    """
    if request.content_type == "multipart/form-data":
        fields = await read_form(request)
        if dialect == "sglang":
            if "input_reference" not in fields:
                raise refusal(400, "input_reference file is required")
            kept = ("prompt", "model", "seconds", "size", "fps", "num_frames", "input_reference")
            fields = {name: value for name, value in fields.items() if name in kept}
    elif dialect == "sglang":
        try:
            fields = await request.json()
        except ValueError:
            fields = {}
    else:
        raise refusal(422, "multipart/form-data is required")
    if not isinstance(fields, dict) or not fields.get("prompt"):
        raise refusal(400 if dialect == "sglang" else 422, "prompt is required")
    for name in ("num_frames", "fps", "seed"):
        value = fields.get(name)
        if value is not None and not str(value).isdigit():
            raise refusal(422, f"{name}: a number is required")
    return fields


async def read_form(request: web.Request) -> dict[str, Any]:
    """Fields of a form as text, files as bytes."""
    fields: dict[str, Any] = {}
    reader = await request.multipart()
    while (part := await reader.next()) is not None:
        if not isinstance(part, BodyPartReader) or part.name is None:
            continue
        content = bytearray()
        while chunk := await part.read_chunk(_CHUNK_BYTES):
            content += chunk
            if len(content) > _MAX_FIELD_BYTES:
                raise refusal(413, f"{part.name}: more than {_MAX_FIELD_BYTES} bytes")
        fields[part.name] = bytes(content) if part.filename else content.decode(errors="replace")
    return fields


def refusal(status: int, detail: str) -> web.HTTPException:
    """An error as FastAPI words it."""
    found = {400: web.HTTPBadRequest, 404: web.HTTPNotFound, 409: web.HTTPConflict}
    text = json.dumps({"detail": detail})
    if status == 413:
        return web.HTTPRequestEntityTooLarge(0, 0, text=text, content_type="application/json")
    kind = found.get(status, web.HTTPUnprocessableEntity)
    return kind(text=text, content_type="application/json")
