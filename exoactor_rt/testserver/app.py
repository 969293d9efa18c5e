"""The test server: `/v1/videos` of both dialects over a folder of clips, and stubs of the steps.

It renders nothing: a clip of the folder is every job's result, chosen by the words of the prompt.
The job's document therefore says which frame rate and length the clip has, whatever was asked.
"""

from __future__ import annotations

import asyncio
import base64
import functools
import json
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

from exoactor_rt.generation.clip_folder import ClipFolder
from exoactor_rt.generation.decomposition import TemplateDecomposition
from exoactor_rt.generation.task import Task
from exoactor_rt.testserver.content import send_clip
from exoactor_rt.testserver.documents import (
    MODEL,
    job_document,
    read_form,
    read_request,
    refusal,
)
from exoactor_rt.testserver.faults import Fault, Faults
from exoactor_rt.testserver.jobs import Job, JobTable
from exoactor_rt.video import ClipInfo, open_clip

_KEPT_CALLS = 10_000
_HOUR_S = 3600.0
_MAX_BODY_BYTES = 64 << 20
_PLAIN_FAULTS = {
    Fault.UNAUTHORIZED: web.HTTPUnauthorized,
    Fault.FORBIDDEN: web.HTTPForbidden,
    Fault.SERVER_ERROR: web.HTTPInternalServerError,
    Fault.UNAVAILABLE: web.HTTPServiceUnavailable,
}


@dataclass(frozen=True)
class Call:
    """A request that came.

    Attributes:
        method: of HTTP.
        path: without query.
        authorised: whether it bore a token.
        key: our client's name of the job; empty without.
        ranged: whether it asked for a part.
    """

    method: str
    path: str
    authorised: bool
    key: str
    ranged: bool


@dataclass
class VideoServer:
    """A server's settings and state.

    Attributes:
        clips: what it serves.
        dialect: vllm_omni or sglang.
        faults: what it does wrong.
        queue_s: how long a job is queued.
        render_s: how long a job is in progress.
        token: that every request must bear; empty for none.
        seed: of job names, and of the choice of a clip where a request has no seed.
        calls: the latest requests.
        table: its jobs.
    """

    clips: ClipFolder
    dialect: str = "vllm_omni"
    faults: Faults = field(default_factory=Faults)
    queue_s: float = 0.5
    render_s: float = 2.0
    token: str = ""
    seed: int = 0
    calls: deque[Call] = field(default_factory=lambda: deque(maxlen=_KEPT_CALLS))
    table: JobTable = field(init=False)

    def __post_init__(self) -> None:
        self.table = JobTable(self.seed)

    def application(self) -> web.Application:
        """The routes, for one run of a server."""
        application = web.Application(middlewares=[self._before], client_max_size=_MAX_BODY_BYTES)
        application.add_routes(
            [
                web.get("/health", self._health),
                web.get("/v1/models", self._models),
                web.post("/v1/videos", self._create),
                web.get("/v1/videos", self._list),
                web.get("/v1/videos/{job_id}", self._show),
                web.delete("/v1/videos/{job_id}", self._delete),
                web.get("/v1/videos/{job_id}/content", self._content),
                web.get("/elsewhere/{job_id}", self._elsewhere),
                web.post("/v1/images/edits", self._edit),
                web.post("/v1/chat/completions", self._chat),
            ]
        )
        return application

    @web.middleware
    async def _before(
        self,
        request: web.Request,
        handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
    ) -> web.StreamResponse:
        """Notes the request, asks for the token, and does what is wrong with every request."""
        given = request.headers.get("Authorization", "")
        key, ranged = request.headers.get("X-Job-Key", ""), "Range" in request.headers
        self.calls.append(Call(request.method, request.path, bool(given), key, ranged))
        elsewhere = request.path.startswith("/elsewhere/")
        if self.token and given != f"Bearer {self.token}" and not elsewhere:
            raise web.HTTPUnauthorized(text=json.dumps({"error": f"Unauthorized: {given}"}))
        for fault, kind in _PLAIN_FAULTS.items():
            if self.faults.strikes(fault):
                raise kind(text=json.dumps({"error": {"message": f"{fault.value}: {given}"}}))
        if self.faults.strikes(Fault.RATE_LIMIT):
            raise web.HTTPTooManyRequests(headers={"Retry-After": "1"})
        if self.faults.strikes(Fault.SLOW_ANSWER):
            await asyncio.sleep(_HOUR_S)
        return await handler(request)

    async def _health(self, _: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def _models(self, _: web.Request) -> web.Response:
        return web.json_response({"object": "list", "data": [{"id": MODEL, "object": "model"}]})

    async def _create(self, request: web.Request) -> web.StreamResponse:
        fields = await read_request(request, self.dialect)
        if self.faults.strikes(Fault.UNPROCESSABLE):
            raise refusal(422, "num_frames: must be 4 k + 1")
        seed = int(fields["seed"]) if fields.get("seed") is not None else None
        clip = self.clips.find(fields["prompt"], self.seed if seed is None else seed).path
        info = await asyncio.to_thread(_clip_info, clip)
        job = Job(
            job_id=self.table.next_id(),
            prompt=fields["prompt"],
            model=fields.get("model") or MODEL,
            seed=seed,
            clip=clip,
            fps=info.rate_hz,
            num_frames=info.frame_count,
            size=str(fields.get("size") or f"{info.width}x{info.height}"),
            made_unix_s=time.time(),
            queue_s=self.queue_s,
            render_s=self.render_s,
            fails=self.faults.strikes(Fault.JOB_FAILED),
            stuck=self.faults.strikes(Fault.STUCK),
        )
        self.table.jobs[job.job_id] = job
        if self.faults.strikes(Fault.SUBMIT_RESET) and request.transport is not None:
            request.transport.abort()
        return self._told(job)

    async def _list(self, _: web.Request) -> web.Response:
        jobs = [job_document(job, self.dialect) for job in self.table.jobs.values()]
        return web.json_response({"object": "list", "data": jobs, "has_more": False})

    async def _show(self, request: web.Request) -> web.Response:
        if self.faults.strikes(Fault.JOB_LOST):
            raise refusal(404, "Video not found")
        job = self._job(request)
        failed = job.status() == "failed" and self.dialect == "vllm_omni"
        return self._told(job, 500 if failed else 200)

    async def _delete(self, request: web.Request) -> web.Response:
        if self.faults.strikes(Fault.CANCEL_BUSY):
            raise refusal(409, "the job is being cancelled")
        job = self._job(request)
        document = job_document(job, self.dialect)
        self.table.delete(job.job_id)
        if self.dialect == "sglang":
            return web.json_response({**document, "status": "deleted"})
        deleted = {"id": job.job_id, "deleted": True, "object": "video.deleted"}
        return web.json_response(deleted)

    async def _content(self, request: web.Request) -> web.StreamResponse:
        job = self._job(request)
        status = job.status()
        if status == "failed" and self.dialect == "vllm_omni":
            raise refusal(422, "the job failed: CUDA out of memory")
        if status != "completed" or self.faults.strikes(Fault.NOT_READY):
            raise refusal(404, "Generation is still in-progress")
        if self.faults.strikes(Fault.CONTENT_FAILED):
            raise refusal(422, "the job failed: its file cannot be read")
        if self.faults.strikes(Fault.REDIRECT):
            other = "localhost" if request.url.host != "localhost" else "127.0.0.1"
            raise web.HTTPFound(request.url.with_host(other).with_path(f"/elsewhere/{job.job_id}"))
        return await send_clip(request, job.clip, self.faults, len(self.calls))

    async def _elsewhere(self, request: web.Request) -> web.StreamResponse:
        """Where redirected downloads end: a store that needs no token."""
        return await send_clip(request, self._job(request).clip, self.faults, len(self.calls))

    async def _edit(self, request: web.Request) -> web.Response:
        """The picture that came, unchanged."""
        fields = await read_form(request)
        if not isinstance(fields.get("image"), bytes):
            raise refusal(422, "Field 'image' or 'url' is required")
        encoded = base64.b64encode(fields["image"]).decode()
        return web.json_response({"created": int(time.time()), "data": [{"b64_json": encoded}]})

    async def _chat(self, request: web.Request) -> web.Response:
        """The user's message, split as the built-in template does it."""
        try:
            content = (await request.json())["messages"][-1]["content"]
        except (ValueError, KeyError, IndexError, TypeError):
            raise refusal(422, "messages: required") from None
        actions = await TemplateDecomposition().split(Task(str(content)))
        message = {"role": "assistant", "content": json.dumps({"actions": actions})}
        return web.json_response({"object": "chat.completion", "choices": [{"message": message}]})

    def _job(self, request: web.Request) -> Job:
        job = self.table.jobs.get(request.match_info["job_id"])
        if job is None:
            raise refusal(404, "Video not found")
        return job

    def _told(self, job: Job, status: int = 200) -> web.Response:
        if self.faults.strikes(Fault.NO_JSON):
            return web.Response(text="<html>It works!</html>", content_type="text/html")
        document = job_document(job, self.dialect)
        if self.faults.strikes(Fault.UNKNOWN_STATUS):
            document["status"] = "dreaming"
        return web.json_response(document, status=status)


@functools.lru_cache(maxsize=256)
def _clip_info(path: Path) -> ClipInfo:
    """What the clip is; raises VideoError if it is none."""
    with open_clip(path) as clip:
        return clip.info
