"""A client's end of the link: requests with answers, the newest state, events."""

from __future__ import annotations

import contextlib
import hashlib
import os
import select
import socket
import struct
import time
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType

from exoactor_rt.errors import LinkError
from exoactor_rt.link import messages
from exoactor_rt.link.channel import client_end
from exoactor_rt.link.messages import VALUE_MAX, ControlState, Event, Message, Role, TaskKind
from exoactor_rt.link.sealed_memory import seal

_ANSWER_WITHIN_S = 5.0
_SEND_WITHIN = struct.pack("ll", int(_ANSWER_WITHIN_S), 0)  # of connecting, too
_HEARTBEAT_EVERY_S = 0.5
_EVENTS_KEPT = 256


class RefusedError(LinkError):
    """The control process has refused a request; nothing has changed."""


class ControlLink:
    """A connection to the control process; one thread at a time.

    An owner must call `poll` (or any request) at least every two seconds: it carries the heartbeat.

    Attributes:
        robot: what the control process drives, in words.
        state: the newest state, None before the first.
        events: the newest events, oldest first.
    """

    def __init__(self, path: Path, *, role: Role = Role.OBSERVER, name: str = "client"):
        """Connects and says hello.

        Raises:
            LinkError: nobody listens there, or the hello is refused.
        """
        self.state: ControlState | None = None
        self.events: deque[Event] = deque(maxlen=_EVENTS_KEPT)
        self._next_id = 1
        self._beat_s = time.monotonic()
        self._answers: dict[int, messages.ToClient] = {}
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, _SEND_WITHIN)
        try:
            connection.connect(str(path))
        except OSError as error:
            connection.close()
            raise LinkError(
                f"link: {path}: {error.strerror}; is `exoactor control` running, and may "
                "this user use its socket?"
            ) from error
        self._channel = client_end(connection)
        self._role = role
        try:
            answer = self._ask(lambda number: messages.Hello(id=number, role=role, name=name))
        except LinkError:
            self.close()
            raise
        self.robot = answer.robot if isinstance(answer, messages.Welcome) else ""

    def __enter__(self) -> ControlLink:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the connection. An owner's robot goes on as the control process is configured."""
        self._channel.close()

    def load(
        self,
        content: bytes,
        label: str = "",
        provenance: Mapping[str, str] | None = None,
        kind: TaskKind = TaskKind.PLAN,
    ) -> str:
        """Hands over the bytes of a plan or tracking, without starting it; returns their sha256.

        Args:
            content: of the file.
            label: how people call it.
            provenance: name -> value: what made it; a value that is too long for a packet is cut.
            kind: of the file.
        """
        made = {
            name: value if len(value) <= VALUE_MAX else value[: VALUE_MAX - 3] + "..."
            for name, value in (provenance or {}).items()
        }
        sha256 = hashlib.sha256(content).hexdigest()
        descriptor = seal("plan", content)
        try:
            self._ask(
                lambda number: messages.LoadPlan(
                    id=number,
                    kind=kind,
                    sha256=sha256,
                    size=len(content),
                    label=label,
                    provenance=made,
                ),
                descriptor,
            )
        finally:
            os.close(descriptor)
        return sha256

    def arm(self) -> None:
        """Lets commands through the guard; the robot stands under control."""
        self._ask(lambda number: messages.Arm(id=number))

    def pose(self) -> None:
        """Leads a robot that hangs to the standing posture; returns when that has begun."""
        self._ask(lambda number: messages.Pose(id=number))

    def start(self, sha256: str, stops: int | None = None) -> None:
        """Executes the loaded plan of that hash, once, unless there were more stops than `stops`.

        Raises:
            RefusedError: not started.
            LinkError: the answer is lost; it may have been started.
        """
        self._ask(lambda number: messages.Start(id=number, sha256=sha256, stops=stops))

    def stop(self) -> None:
        """A controlled stop: the plan ends at the next stand, the robot holds."""
        self._ask(lambda number: messages.Stop(id=number))

    def damp(self) -> None:
        """Damping of every joint, at once."""
        self._ask(lambda number: messages.Damp(id=number))

    def emergency_stop(self) -> None:
        """Damping of every joint, at once, until cleared by hand."""
        self._ask(lambda number: messages.EmergencyStop(id=number))

    def clear(self) -> None:
        """Lets go of an emergency stop, by hand; damping goes on until reset."""
        self._ask(lambda number: messages.Clear(id=number))

    def reset(self) -> None:
        """From damping to ready, from ready to silence."""
        self._ask(lambda number: messages.Reset(id=number))

    def poll(self, timeout_s: float = 0.0) -> None:
        """Takes what has arrived, for at least `timeout_s`; sends the heartbeat when it is due.

        Raises:
            LinkError: the connection broke.
        """
        until_s = time.monotonic() + timeout_s
        while True:
            self._beat()
            left_s = max(0.0, until_s - time.monotonic())
            ready, _, _ = select.select([self._channel.socket], [], [], min(left_s, 0.1))
            if ready:
                self._take_one()
            elif left_s <= 0.0:
                return

    def take_next(self, timeout_s: float) -> None:
        """Takes the next message when it comes, within `timeout_s`; for observers: no heartbeat.

        Raises:
            LinkError: the connection broke.
        """
        ready, _, _ = select.select([self._channel.socket], [], [], timeout_s)
        if ready:
            self._take_one()

    def wait_for(self, wanted: Callable[[ControlState], bool], timeout_s: float) -> ControlState:
        """Polls until a state is as wanted.

        Raises:
            LinkError: it did not come in time, or the connection broke.
        """
        until_s = time.monotonic() + timeout_s
        while time.monotonic() < until_s:
            self.poll(0.02)
            if self.state is not None and wanted(self.state):
                return self.state
        raise LinkError(f"link: no such state within {timeout_s:g} s; the last was {self.state}")

    def _ask(
        self, make: Callable[[int], Message], descriptor: int | None = None
    ) -> messages.ToClient:
        number = self._next_id
        self._next_id += 1
        try:
            self._channel.send(make(number), descriptor)
        except OSError as error:
            raise LinkError(f"link: broken: {error.strerror}; nothing asked") from error
        until_s = time.monotonic() + _ANSWER_WITHIN_S
        while number not in self._answers and 0 not in self._answers:
            if time.monotonic() > until_s:
                raise LinkError(f"link: no answer within {_ANSWER_WITHIN_S:g} s; outcome unknown")
            ready, _, _ = select.select([self._channel.socket], [], [], 0.1)
            self._beat()
            if ready:
                self._take_one()
        answer = self._answers.pop(number, None) or self._answers.pop(0)
        if isinstance(answer, messages.Refused):
            raise RefusedError(answer.reason)
        return answer

    def _beat(self) -> None:
        now_s = time.monotonic()
        if self._role is Role.OWNER and now_s - self._beat_s >= _HEARTBEAT_EVERY_S:
            self._beat_s = now_s
            with contextlib.suppress(OSError):
                self._channel.send(messages.Heartbeat())

    def _take_one(self) -> None:
        try:
            packet = self._channel.receive()
        except OSError as error:
            raise LinkError(f"link: broken: {error.strerror}") from error
        if packet is None:
            raise LinkError("link: the control process has closed the connection")
        message = packet.message
        if isinstance(message, ControlState):
            self.state = message
        elif isinstance(message, Event):
            self.events.append(message)
        else:
            self._answers[message.id] = message
