"""`exoactor serve`: store, runner, robot and interface, from start to end."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from exoactor_rt.config import Config
from exoactor_rt.service.app import build_app
from exoactor_rt.service.connections import ConnectionBounds
from exoactor_rt.service.event_routes import EventRoutes
from exoactor_rt.service.files import ServiceFiles
from exoactor_rt.service.http_log import http_log
from exoactor_rt.service.hub import EventHub
from exoactor_rt.service.memory import keep_memory_tight, spare_what_stays
from exoactor_rt.service.metrics import Metrics
from exoactor_rt.service.rights import AccessList
from exoactor_rt.service.robot import Robot
from exoactor_rt.service.routes import Route
from exoactor_rt.service.runner import TaskRunner, Work
from exoactor_rt.service.store import TaskStore
from exoactor_rt.service.system_routes import SystemRoutes
from exoactor_rt.service.task_routes import TaskRoutes
from exoactor_rt.service.workbench import carry_out
from exoactor_rt.service_config import ServiceConfig
from exoactor_rt.supervisor import handed_socket, notify, watchdog_s
from exoactor_rt.unix_socket import listen_at

_LOG = logging.getLogger(__name__)
_KEEP_ALIVE_S = 15.0
_SHUTDOWN_S = 2.0


@dataclass(frozen=True)
class Running:
    """A running service.

    Attributes:
        path: where it listens.
        working: the runner; it ends by itself only where it breaks.
    """

    path: Path
    working: asyncio.Future[None]


@asynccontextmanager
async def running(config: Config, work: Work = carry_out) -> AsyncIterator[Running]:
    """The whole service, from here to the end of the body.

    Args:
        config: of everything.
        work: what carries out the chain's orders.

    Yields:
        Where it listens, and its runner.

    Raises:
        ConfigError, LogError, LinkError: it cannot be set up.
    """
    service = config.service
    access = AccessList(service.access)
    files = ServiceFiles(Path(service.data))
    store = TaskStore(files.folder / "tasks.sqlite")
    store.recover()
    files.sweep(store.tasks_and_uploads())
    hub, metrics, robot = EventHub(), Metrics(), Robot(service.control_socket)
    runner = TaskRunner(config, store, files, hub, robot=robot, work=work)
    routes = [
        *SystemRoutes(store, files, robot, metrics).routes(),
        *TaskRoutes(service, store, files, runner, robot).routes(),
        *EventRoutes(store, hub).routes(),
    ]
    async with _listening(service, routes, access, metrics) as where:
        robot.start()
        working = asyncio.ensure_future(runner.run())
        try:
            yield Running(where, working)
        finally:
            hub.close()
            working.cancel()
            try:
                await asyncio.wait([working])
            finally:
                await asyncio.to_thread(robot.close)
                store.close()


async def serve(config: Config, ready: Callable[[Path], None]) -> bool:
    """Serves until SIGTERM or SIGINT; `ready` hears where.

    Returns:
        False where the runner broke, so that no task would go on.
    """
    keep_memory_tight()
    end = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end.set)
    async with running(config) as service:
        spare_what_stays()
        ready(service.path)
        notify("READY=1")
        service.working.add_done_callback(lambda _: end.set())
        await _until(end)
        notify("STOPPING=1")
        broken = service.working.done()
    if broken:
        _LOG.error("runner=ended", exc_info=service.working.exception())
    return not broken


async def _until(end: asyncio.Event) -> None:
    """Waits; a supervisor's watchdog is fed from here, so only while the event loop turns."""
    every_s = watchdog_s()
    while not end.is_set():
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(end.wait(), every_s and every_s / 3)
        notify("WATCHDOG=1")


@asynccontextmanager
async def _listening(
    config: ServiceConfig, routes: Sequence[Route], access: AccessList, metrics: Metrics
) -> AsyncIterator[Path]:
    bounds = ConnectionBounds(
        config.connections_max, config.header_timeout_s, config.write_timeout_s, metrics
    )
    runner = web.AppRunner(
        build_app(routes, access, metrics, outermost=(bounds.middleware,)),
        access_log=None,
        logger=http_log(metrics),
        handler_cancellation=True,
        keepalive_timeout=_KEEP_ALIVE_S,
        shutdown_timeout=_SHUTDOWN_S,
    )
    await runner.setup()
    assert runner.server is not None
    handed = handed_socket()
    path = Path(config.socket)
    listener = handed or listen_at(path, socket.SOCK_STREAM, int(config.socket_mode, 8))
    try:
        server = await asyncio.get_running_loop().create_unix_server(
            bounds.around(runner.server), sock=listener
        )
        try:
            yield Path(listener.getsockname())
        finally:
            server.close()
            await runner.cleanup()
    finally:
        if handed is None:
            path.unlink(missing_ok=True)
        listener.close()
