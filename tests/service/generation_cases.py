"""A task given to the generation room against a test server of this process, with a quick clock."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec

from exoactor_rt.demo import clip_path
from exoactor_rt.errors import ExoactorError
from exoactor_rt.generation import ClipTiming, Clock, Generated, Generator, Task
from exoactor_rt.generation.clip_folder import ClipFolder
from exoactor_rt.generation_config import GenerationConfig
from exoactor_rt.testserver import VideoServer, parse_faults, running
from exoactor_rt.video import open_clip

DIALECTS = ("vllm_omni", "sglang")
WAVE = Task("wave to the visitor")
LIMITS = {"request_s": 2.0, "connect_s": 1.0, "cancel_s": 2.0, "max_bytes": 2_000_000}


class QuickClock(Clock):
    """Waiting takes next to no time, yet the clock goes on as if it did."""

    def __init__(self):
        self.waited_s = []
        self._ahead_s = 0.0

    def now_s(self):
        return super().now_s() + self._ahead_s

    def today(self):
        return super().today() + timedelta(seconds=self._ahead_s)

    async def sleep(self, duration_s):
        self.waited_s.append(duration_s)
        self._ahead_s += duration_s
        await asyncio.sleep(0.01)

    def random(self):
        return 0.5


def make_config(**values: Any) -> GenerationConfig:
    limits = {**LIMITS, **values.pop("limits", {})}
    return msgspec.convert({**values, "limits": limits}, GenerationConfig)


def make_server(dialect: str, *faults: str, **values: Any) -> VideoServer:
    values = {"queue_s": 0.02, "render_s": 0.02, **values}
    clips = values.pop("clips", clip_path())
    return VideoServer(ClipFolder(clips), dialect, parse_faults(faults), **values)


_PORTS: dict[int, int] = {}


@asynccontextmanager
async def running_again(server: VideoServer) -> AsyncIterator[str]:
    """The server, at the same address each time."""
    async with running(server, port=_PORTS.get(id(server), 0)) as address:
        _PORTS[id(server)] = int(address.rpartition(":")[2])
        yield address


class ServerThread(threading.Thread):
    """A test server that lives beside a subprocess, or a service in a thread."""

    def __init__(self, server):
        super().__init__(daemon=True)
        self._server = server
        self._ready = threading.Event()
        self.address = ""

    def run(self):
        asyncio.run(self._serve())

    async def _serve(self):
        self._loop = asyncio.get_running_loop()
        self._ended = asyncio.Event()
        async with running(self._server) as self.address:
            self._ready.set()
            await self._ended.wait()

    def __enter__(self):
        self.start()
        assert self._ready.wait(10.0)
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._ended.set)
        self.join(10.0)
        assert not self.is_alive()


def read_timing(path: Path) -> ClipTiming:
    with open_clip(path) as clip:
        return ClipTiming(
            frame_count=clip.info.frame_count,
            rate_hz=clip.info.rate_hz,
            duration_s=clip.info.duration_s,
        )


@dataclass
class Attempt:
    """What came of one task; exactly one of `generated` and `error` is there."""

    server: VideoServer
    folder: Path
    clock: QuickClock = field(default_factory=QuickClock)
    generated: Generated | None = None
    error: ExoactorError | None = None

    @property
    def posts(self) -> int:
        return sum(call.method == "POST" for call in self.server.calls)

    @property
    def left(self) -> set[str]:
        return {path.name for path in self.folder.iterdir()}


def attempt(
    server: VideoServer, folder: Path, task: Task = WAVE, inspect: Any = None, **config: Any
) -> Attempt:
    """Runs the server for as long as the task takes, 30 s at most."""
    result = Attempt(server, folder)

    async def go() -> None:
        async with running_again(server) as address:
            video = {"url": address, **config.pop("video", {})}
            settings = make_config(**{"dialect": server.dialect, **config}, video=video)
            generator = Generator(settings, inspect=inspect, clock=result.clock)
            try:
                result.generated = await asyncio.wait_for(generator.run(task, folder), 30.0)
            except ExoactorError as error:
                result.error = error

    asyncio.run(go())
    return result
