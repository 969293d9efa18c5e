"""The robot, the service's health and its metrics over the interface."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from importlib.metadata import version

from aiohttp import web

from exoactor_rt.api import Health, RobotDocument
from exoactor_rt.errors import LinkError
from exoactor_rt.service.files import ServiceFiles
from exoactor_rt.service.metrics import Metrics
from exoactor_rt.service.problems import ApiError
from exoactor_rt.service.request import reply
from exoactor_rt.service.rights import Right
from exoactor_rt.service.robot import Robot
from exoactor_rt.service.routes import Handler, Route
from exoactor_rt.service.store import TaskStore

_LEAST_FREE_BYTES = 1 << 30
_VERSION = version("exoactor_rt")


class SystemRoutes:
    """Handlers of `/v1/robot`, `/v1/health` and `/metrics`."""

    def __init__(self, store: TaskStore, files: ServiceFiles, robot: Robot, metrics: Metrics):
        self._store = store
        self._files = files
        self._robot = robot
        self._metrics = metrics

    def routes(self) -> list[Route]:
        """What is served."""
        robot = self._robot
        refusals = ("conflict", "unavailable")
        asks = (
            ("stop", Right.SUBMIT, robot.stop, "Controlled stop: the robot comes to stand"),
            ("damp", Right.SUBMIT, robot.damp, "Damp every joint at once"),
            ("arm", Right.EXECUTE, robot.arm, "Let commands through the guard"),
            ("reset", Right.EXECUTE, robot.reset, "From damping to ready, from ready to silence"),
        )
        return [
            Route("GET", "/v1/health", Right.OBSERVE, self.health, "Whether the service is well",
                  answer=Health),
            Route("GET", "/metrics", Right.OBSERVE, self.metrics, "Metrics for Prometheus",
                  answer="text"),
            Route("GET", "/v1/robot", Right.OBSERVE, self.robot, "The robot now",
                  answer=RobotDocument),
            *(
                Route("POST", f"/v1/robot/{name}", right, self._asking(ask), summary,
                      answer=RobotDocument, problems=refusals)
                for name, right, ask, summary in asks
            ),
        ]  # fmt: skip

    async def health(self, _: web.Request) -> web.StreamResponse:
        """Health, always with status 200: that the answer comes is what watchers ask."""
        free = self._files.free_bytes
        well = self._robot.document.connected and free > _LEAST_FREE_BYTES
        tasks = {state.value: count for state, count in self._store.counts().items()}
        return reply(
            Health(
                status="ok" if well else "degraded",
                version=_VERSION,
                tasks=tasks,
                free_bytes=free,
            )
        )

    async def metrics(self, _: web.Request) -> web.StreamResponse:
        """Prometheus' text format."""
        text = self._metrics.text(self._store.counts(), self._robot.document)
        return web.Response(text=text, headers={"Content-Type": "text/plain; version=0.0.4"})

    async def robot(self, _: web.Request) -> web.StreamResponse:
        """The robot."""
        return reply(self._robot.document)

    def _asking(self, ask: Callable[[], Awaitable[RobotDocument]]) -> Handler:
        async def handler(_: web.Request) -> web.StreamResponse:
            try:
                return reply(await ask())
            except LinkError as error:
                connected = self._robot.document.connected
                raise ApiError("conflict" if connected else "unavailable", str(error)) from error

        return handler
