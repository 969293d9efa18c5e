"""The robot as the service has it: through the control process, or not at all."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from exoactor_rt.api import LatenessBin, RobotDocument
from exoactor_rt.errors import LinkError
from exoactor_rt.link import ControlLink, ControlState, LoadedFile, Role, default_socket_path
from exoactor_rt.service.plan_run import SERVICE_NAME, PlanRun, newer_state

_LOOK_AT_END_S = 0.5
_LOOK_AGAIN_S = 0.01
_RECONNECT_S = 1.0
_FRESH_S = 1.0


class Robot:
    """Watches the control process from a thread, and asks things of it.

    Every request makes a connection of its own: the service owns the robot only while a plan that
    somebody approved is being executed.
    """

    def __init__(self, socket: str):
        """`socket` of the control process; empty for its default."""
        self.path = Path(socket) if socket else default_socket_path()
        self._seen: tuple[str, ControlState] | None = None
        self._stops = 0
        self._lock = threading.Lock()
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
        if seen is None or time.monotonic_ns() - seen[1].stamp_ns > _FRESH_S * 1e9:
            return RobotDocument(connected=False)
        return _document(*seen)

    @property
    def stops(self) -> int:
        """Rises with every stop or damp, whoever asked, and where one could go unseen."""
        return self._stops

    @property
    def refusal(self) -> str:
        """Why no plan can be started now; empty where one can."""
        robot = self.document
        if not robot.connected:
            return "robot: the control process is not connected"
        if not robot.driven:
            return f"robot: guard is {robot.guard}, must be in hold: arm the robot first"
        if robot.concern:
            return f"robot: {robot.concern}"
        if robot.owner or robot.running:
            return f"robot: in use by {robot.owner or 'a plan'}"
        return ""

    async def stop(self) -> RobotDocument:
        """Controlled stop; returns the robot after it; raises LinkError."""
        return await asyncio.to_thread(self._ask, ControlLink.stop, Role.OBSERVER)

    async def damp(self) -> RobotDocument:
        """Damping; returns the robot after it; raises LinkError."""
        return await asyncio.to_thread(self._ask, ControlLink.damp, Role.OBSERVER)

    async def arm(self) -> RobotDocument:
        """Arms; returns the robot after it; raises LinkError."""
        return await asyncio.to_thread(self._ask, ControlLink.arm, Role.OWNER)

    async def reset(self) -> RobotDocument:
        """One step down: damping, ready, silence; returns the robot after it; raises LinkError."""
        return await asyncio.to_thread(self._ask, ControlLink.reset, Role.OWNER)

    async def execute(
        self,
        file: LoadedFile,
        stops: int,
        told: Callable[[ControlState], None],
    ) -> ControlState:
        """Executes a plan or tracking as the robot's owner; returns the state after it.

        A cancellation asks for a controlled stop; how the plan ended is in the state returned.

        Args:
            file: what to execute, with what made it for control's log.
            stops: not started where `self.stops` has become another.
            told: hears of progress, in the event loop.

        Raises:
            NotStartedError: refused, before anything moved.
            LinkError: the link broke and could not be made again; the outcome is not known.
        """
        loop = asyncio.get_running_loop()
        stop = threading.Event()

        def tell(state: ControlState) -> None:
            loop.call_soon_threadsafe(told, state)

        plan_run = PlanRun(self, file, stops, tell=tell, stop=stop)
        run = asyncio.ensure_future(asyncio.to_thread(plan_run.run))
        while not run.done():
            try:
                await asyncio.wait([run])
            except asyncio.CancelledError:
                stop.set()
        return run.result()

    def wait_until_left(self, name: str, stamp_ns: int) -> None:
        """Until the control process tells that we own the robot no longer; 1 s at most."""
        until_s = time.monotonic() + _FRESH_S
        while time.monotonic() < until_s and (seen := self._seen) is not None:
            if seen[1].stamp_ns > stamp_ns and seen[1].owner != name:
                return
            time.sleep(_LOOK_AGAIN_S)

    def _ask(self, ask: Callable[[ControlLink], None], role: Role) -> RobotDocument:
        with ControlLink(self.path, role=role, name=SERVICE_NAME) as link:
            ask(link)
            state = newer_state(link)
            self.see(link.robot, state)
        if role is Role.OWNER:
            self.wait_until_left(SERVICE_NAME, state.stamp_ns)
            state = msgspec.structs.replace(state, owner="")
        return _document(link.robot, state)

    def see(self, robot: str, state: ControlState) -> None:
        """Takes a state, unless a newer one is known."""
        with self._lock:
            seen = self._seen
            if seen is not None and seen[1].stamp_ns >= state.stamp_ns:
                return
            if state.stops != (seen[1].stops if seen else 0):
                self._stops += 1
            self._seen = (robot, state)

    def _lose_sight(self) -> None:
        with self._lock:
            if self._seen is not None:
                self._stops += 1
            self._seen = None

    def _watch(self) -> None:
        while not self._ended.is_set():
            try:
                with ControlLink(self.path, name=SERVICE_NAME) as link:
                    while not self._ended.is_set():
                        link.take_next(_LOOK_AT_END_S)
                        if link.state is not None:
                            self.see(link.robot, link.state)
            except LinkError:
                self._lose_sight()
                self._ended.wait(_RECONNECT_S)
        self._lose_sight()


def _document(robot: str, state: ControlState) -> RobotDocument:
    return RobotDocument(
        connected=True,
        robot=robot,
        guard=state.guard,
        trip=state.trip,
        concern=state.concern,
        emergency=state.emergency,
        owner=state.owner,
        running=state.running,
        reference_time_s=state.reference_time_s,
        reference_end_s=state.reference_end_s,
        late_ticks=state.late_ticks,
        lateness=tuple(LatenessBin(to_us=edge, ticks=ticks) for edge, ticks in state.lateness),
    )
