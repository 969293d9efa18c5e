"""Opens the source of clips that a configuration names, with its servers and steps."""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from exoactor_rt.errors import ConfigError
from exoactor_rt.generation.clip_folder import ClipFolder
from exoactor_rt.generation.clock import Clock
from exoactor_rt.generation.decomposition import ChatDecomposition, TemplateDecomposition
from exoactor_rt.generation.first_frame import ImagesEdit
from exoactor_rt.generation.patience import Patience
from exoactor_rt.generation.server import Server
from exoactor_rt.generation.server_source import ServerSource
from exoactor_rt.generation.source import ClipSource, FolderSource, UrlSource
from exoactor_rt.generation.steps import Decomposition, FirstFrameEdit, prepare
from exoactor_rt.generation_config import GenerationConfig, ServerConfig


@asynccontextmanager
async def open_source(
    config: GenerationConfig, folder: Path, embedded_clip: Path | None, clock: Clock
) -> AsyncIterator[ClipSource]:
    """The source, with connections that are closed in the end.

    Args:
        config: where clips come from.
        folder: keeps the records of jobs under way.
        embedded_clip: the clip of the dialect `folder` where no folder is configured.
        clock: time and chance.

    Raises:
        ConfigError: a folder, server, token or certificate cannot be used.
    """
    async with AsyncExitStack() as stack:
        if config.dialect == "folder":
            clips = _clip_folder(config, embedded_clip)
            if clips.path.resolve() == folder.resolve():
                raise ConfigError(f"{folder}: clips would be written over those that are read")
            yield FolderSource(clips)
            return
        if config.video is None:
            raise ConfigError(f"generation.video: missing; dialect {config.dialect} needs its url")
        video = await _open(stack, config, config.video, clock, "video server")
        if config.dialect == "http":
            yield UrlSource(video, config.limits, clock)
            return
        edit, decomposition = await _open_steps(stack, config, clock)
        steps = functools.partial(prepare, edit=edit, decomposition=decomposition, clock=clock)
        yield ServerSource(video, config, folder, steps, clock)


def _clip_folder(config: GenerationConfig, embedded_clip: Path | None) -> ClipFolder:
    if config.clips:
        return ClipFolder(Path(config.clips))
    if embedded_clip is None:
        raise ConfigError("generation.clips: missing; dialect folder needs a folder of clips")
    return ClipFolder(embedded_clip)


async def _open_steps(
    stack: AsyncExitStack, config: GenerationConfig, clock: Clock
) -> tuple[FirstFrameEdit | None, Decomposition]:
    limit_s = config.limits.step_s
    edit: FirstFrameEdit | None = None
    decomposition: Decomposition = TemplateDecomposition()
    if config.edit is not None:
        server = await _open(stack, config, config.edit, clock, "image server")
        edit = ImagesEdit(server, _patience(config, server, clock), config.seed, limit_s)
    if config.chat is not None:
        server = await _open(stack, config, config.chat, clock, "chat server")
        decomposition = ChatDecomposition(server, _patience(config, server, clock), limit_s)
    return edit, decomposition


def _patience(config: GenerationConfig, server: Server, clock: Clock) -> Patience:
    return Patience(
        clock,
        server.what,
        failures=config.limits.failures,
        deadline_s=clock.now_s() + 2.0 * config.limits.step_s,
    )


async def _open(
    stack: AsyncExitStack,
    config: GenerationConfig,
    server: ServerConfig,
    clock: Clock,
    what: str,
) -> Server:
    return await stack.enter_async_context(Server(server, config.limits, clock, what))
