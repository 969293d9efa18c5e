"""Runs the test server on a port of the loopback interface, or on a Unix socket."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

from exoactor_rt.errors import ConfigError
from exoactor_rt.testserver.app import VideoServer

HOST = "127.0.0.1"
_SHUTDOWN_S = 1.0


@asynccontextmanager
async def running(
    server: VideoServer, *, port: int = 0, socket: Path | None = None
) -> AsyncIterator[str]:
    """The server, from here to the end of the body.

    Args:
        server: what answers.
        port: on the loopback interface; 0 for any free one.
        socket: path of a Unix socket, in place of a port.

    Yields:
        Its address.

    Raises:
        ConfigError: the port or socket cannot be used.
    """
    runner = web.AppRunner(
        server.application(),
        access_log=None,
        handler_cancellation=True,
        shutdown_timeout=_SHUTDOWN_S,
    )
    await runner.setup()
    where = str(socket) if socket is not None else f"{HOST}:{port}"
    site: web.BaseSite = (
        web.UnixSite(runner, str(socket)) if socket is not None else web.TCPSite(runner, HOST, port)
    )
    try:
        try:
            await site.start()
        except OSError as error:
            raise ConfigError(f"{where}: cannot listen there: {error.strerror}") from error
        if socket is None:
            port = runner.addresses[0][1]
        yield str(socket) if socket is not None else f"http://{HOST}:{port}"
    finally:
        await runner.cleanup()


async def serve(
    server: VideoServer,
    *,
    port: int,
    socket: Path | None,
    ready: Callable[[str], None],
) -> None:
    """Serves until SIGINT or SIGTERM; `ready` hears the address.

    Raises:
        ConfigError: the port or socket cannot be used.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with running(server, port=port, socket=socket) as address:
        ready(address)
        await stop.wait()
