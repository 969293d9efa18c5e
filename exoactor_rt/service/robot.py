"""The robot as the service has it: through the control process, or not at all."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from pathlib import Path

from exoactor_rt.api import RobotDocument
from exoactor_rt.errors import LinkError
from exoactor_rt.link import ControlLink, ControlState, Role, default_socket_path

_POLL_S = 0.1
_RECONNECT_S = 1.0
_NAME = "service"


class Robot:
    """Watches the control process from a thread, and asks things of it.

    Every request makes a connection of its own: the service owns the robot only while a plan that
    somebody approved is being executed.
    """

    def __init__(self, socket: str):
        """`socket` of the control process; empty for its default."""
        self._path = Path(socket) if socket else default_socket_path()
        self._seen: tuple[str, ControlState] | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="robot watch", daemon=True)

    def start(self) -> None:
        """Begins to watch."""
        self._thread.start()

    def close(self) -> None:
        """Stops watching; the robot goes on."""
        self._ended.set()
        self._thread.join()

    @property
    def document(self) -> RobotDocument:
        """The robot now."""
        seen = self._seen
        if seen is None:
            return RobotDocument(connected=False)
        robot, state = seen
        return RobotDocument(
            connected=True,
            robot=robot,
            guard=state.guard,
            trip=state.trip,
            owner=state.owner,
            running=state.running,
            reference_time_s=state.reference_time_s,
            reference_end_s=state.reference_end_s,
            late_ticks=state.late_ticks,
        )

    @property
    def refusal(self) -> str:
        """Why no plan can be started now; empty where one can."""
        robot = self.document
        if not robot.connected:
            return "robot: the control process is not connected"
        if robot.guard != "active":
            return f"robot: guard is {robot.guard}, must be active: arm the robot first"
        if robot.owner or robot.running:
            return f"robot: in use by {robot.owner or 'a plan'}"
        return ""

    async def stop(self) -> None:
        """Controlled stop; raises LinkError."""
        await asyncio.to_thread(self._ask, ControlLink.stop, Role.OBSERVER)

    async def damp(self) -> None:
        """Damping; raises LinkError."""
        await asyncio.to_thread(self._ask, ControlLink.damp, Role.OBSERVER)

    async def arm(self) -> None:
        """Arms; raises LinkError."""
        await asyncio.to_thread(self._ask, ControlLink.arm, Role.OWNER)

    async def reset(self) -> None:
        """From damping to silence; raises LinkError."""
        await asyncio.to_thread(self._ask, ControlLink.reset, Role.OWNER)

    async def execute(
        self, plan: bytes, label: str, told: Callable[[ControlState], None]
    ) -> ControlState:
        """Executes a plan as the robot's owner; returns the state after it.

        A cancellation asks for a controlled stop and waits for the robot to stand.

        Args:
            plan: the file's bytes.
            label: how people call it.
            told: hears of progress, in the event loop.

        Raises:
            LinkError: refused, before anything moved; or the link broke.
        """
        loop = asyncio.get_running_loop()
        stop = threading.Event()

        def tell(state: ControlState) -> None:
            loop.call_soon_threadsafe(told, state)

        run = asyncio.ensure_future(asyncio.to_thread(self._execute, plan, label, tell, stop))
        try:
            return await asyncio.shield(run)
        except asyncio.CancelledError:
            stop.set()
            await asyncio.wait([run])
            raise

    def _execute(
        self,
        plan: bytes,
        label: str,
        tell: Callable[[ControlState], None],
        stop: threading.Event,
    ) -> ControlState:
        with ControlLink(self._path, role=Role.OWNER, name=f"{_NAME}: {label}"[:64]) as link:
            link.start(link.load(plan, label[:200]))
            started_ns = time.monotonic_ns()
            asked = False
            while True:
                if stop.is_set() and not asked:
                    link.stop()
                    asked = True
                link.poll(_POLL_S)
                state = link.state
                if state is None or state.stamp_ns < started_ns:
                    continue
                if not state.running:
                    return state
                tell(state)

    def _ask(self, ask: Callable[[ControlLink], None], role: Role) -> None:
        with ControlLink(self._path, role=role, name=_NAME) as link:
            ask(link)

    def _watch(self) -> None:
        while not self._ended.is_set():
            try:
                with ControlLink(self._path, name=_NAME) as link:
                    while not self._ended.is_set():
                        link.poll(_POLL_S)
                        if link.state is not None:
                            self._seen = (link.robot, link.state)
            except LinkError:
                self._seen = None
                self._ended.wait(_RECONNECT_S)
        self._seen = None
