"""One plan on the robot, from the hand-over to its end, over a link that may be lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from exoactor_rt.errors import LinkError
from exoactor_rt.link import ControlLink, ControlState, LoadedFile, RefusedError, Role

SERVICE_NAME = "service"
_POLL_S = 0.1
_STATE_WITHIN_S = 1.0
_OWNER_GONE_WITHIN_S = 3.0


class NotStartedError(LinkError):
    """A plan was refused before anything moved."""


class WatchedRobot(Protocol):
    """What a run needs of the robot."""

    @property
    def path(self) -> Path:
        """Of the control process's socket."""

    @property
    def stops(self) -> int:
        """Rises with every stop or damp."""

    def see(self, robot: str, state: ControlState) -> None:
        """Takes a state."""

    def wait_until_left(self, name: str, stamp_ns: int) -> None:
        """Until control tells that the owner of this name is gone."""


class PlanRun:
    """Executes one plan as the robot's owner, in a thread that may wait."""

    def __init__(
        self,
        robot: WatchedRobot,
        file: LoadedFile,
        stops: int,
        *,
        tell: Callable[[ControlState], None],
        stop: threading.Event,
    ):
        """A run that has not begun.

        Args:
            robot: whose.
            file: the plan or tracking, labelled, with what made it.
            stops: not started where `robot.stops` has become another.
            tell: hears of progress.
            stop: asks for a controlled stop.
        """
        self._robot = robot
        self._file = file
        self._stops = stops
        self._tell = tell
        self._stop = stop
        self._name = f"{SERVICE_NAME}: {file.label}"[:64]

    def run(self) -> ControlState:
        """To the end; the state after it. Raises NotStartedError, LinkError."""
        try:
            link = ControlLink(self._robot.path, role=Role.OWNER, name=self._name)
        except LinkError as error:
            raise NotStartedError(str(error)) from error
        lost = None
        with link:
            sha256, before = self._load(link)
            if self._robot.stops != self._stops or self._stop.is_set():
                raise NotStartedError("robot: stopped since the approval")
            try:
                link.start(sha256, before.stops)
                after = self._follow(link)
            except RefusedError as error:
                raise NotStartedError(str(error)) from error
            except LinkError as error:
                lost = error
        if lost is not None:
            after = self._find_out(sha256, before, lost)
        self._robot.wait_until_left(self._name, after.stamp_ns)
        return after

    def _load(self, link: ControlLink) -> tuple[str, ControlState]:
        """Hands the plan over; its hash, and the state after it."""
        try:
            file = self._file
            sha256 = link.load(file.content, file.label[:200], file.provenance, file.kind)
            state = newer_state(link)
        except LinkError as error:
            raise NotStartedError(str(error)) from error
        self._robot.see(link.robot, state)
        return sha256, state

    def _follow(self, link: ControlLink) -> ControlState:
        """Until no plan runs."""
        since_ns = time.monotonic_ns()
        asked = False
        while True:
            if self._stop.is_set() and not asked:
                link.stop()
                asked = True
            link.poll(_POLL_S)
            state = link.state
            if state is None or state.stamp_ns < since_ns:
                continue
            self._robot.see(link.robot, state)
            if not state.running:
                return state
            self._tell(state)

    def _find_out(self, sha256: str, before: ControlState, lost: LinkError) -> ControlState:
        """What became of the plan whose owner's link was lost, in the start or later.

        Once control tells that the owner is gone, it has taken all that the owner had sent.
        """
        try:
            with ControlLink(self._robot.path, name=SERVICE_NAME) as link:
                state = link.wait_for(lambda s: s.owner != self._name, _OWNER_GONE_WITHIN_S)
                if state.running and state.loaded_sha256 == sha256:
                    return self._follow(link)
        except LinkError as error:
            told = f"{lost}; then {error}; what the robot did is not known"
            raise LinkError(told) from error
        if _end(state) == _end(before) and state.guard == before.guard:
            raise NotStartedError(str(lost)) from lost
        return state


def newer_state(link: ControlLink) -> ControlState:
    """The first state of after this call; raises LinkError."""
    now_ns = time.monotonic_ns()
    return link.wait_for(lambda state: state.stamp_ns >= now_ns, _STATE_WITHIN_S)


def _end(state: ControlState) -> tuple[int, str, str]:
    """Changes with every plan that ends."""
    return state.plans_ended, state.last_end, state.last_end_sha256
