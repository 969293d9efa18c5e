"""The control process's end of the link: accepts clients, passes their requests to the port."""

from __future__ import annotations

import contextlib
import logging
import os
import selectors
import socket
import time
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from exoactor_rt.errors import ExoactorError, LinkError
from exoactor_rt.link import messages
from exoactor_rt.link.channel import Channel, Packet, control_end
from exoactor_rt.link.messages import ControlState, Event, Message, Role, TaskKind, ToControl
from exoactor_rt.link.sealed_memory import unseal
from exoactor_rt.unix_socket import listen_at

_LOG = logging.getLogger(__name__)
OWNER_SILENT_S = 2.0
MAX_CLIENTS = 16
_PACKETS_A_TURN = 16


@dataclass(frozen=True)
class LoadedFile:
    """What a client has handed over; see messages.LoadPlan."""

    kind: TaskKind
    content: bytes
    sha256: str
    label: str
    provenance: Mapping[str, str]


class ControlPort(Protocol):
    """What the link drives. A refusal is raised as an ExoactorError; nothing has changed then."""

    def load(self, task: LoadedFile) -> None:
        """Takes a plan or tracking, checked but not started."""

    def arm(self) -> None:
        """Lets commands through the guard."""

    def pose(self) -> None:
        """Leads a hanging robot to the standing posture."""

    def start(self, sha256: str, stops: int | None) -> None:
        """Executes the loaded plan of that hash, once; see messages.Start."""

    def stop(self) -> None:
        """A controlled stop."""

    def damp(self) -> None:
        """Damping, at once."""

    def emergency_stop(self) -> None:
        """Damping, at once, until cleared."""

    def clear(self) -> None:
        """Lets go of an emergency stop."""

    def reset(self) -> None:
        """From damping to ready, from ready to silence."""

    def owner_lost(self, name: str) -> None:
        """The owner's process died or hung."""


@dataclass
class _Client:
    channel: Channel[ToControl]
    name: str = ""
    role: Role | None = None
    heard_s: float = field(default_factory=time.monotonic)


class LinkServer:
    """Listens on a Unix socket; everything happens in `poll`, in the caller's thread."""

    def __init__(
        self,
        path: Path,
        port: ControlPort,
        robot: str,
        *,
        mode: int = 0o660,
        owner_uids: Set[int] = frozenset(),
    ):
        """Takes the socket.

        Args:
            path: of the socket.
            port: what the link drives.
            robot: what it is, in words.
            mode: the socket's permissions: who may stop, damp and observe.
            owner_uids: users that may own the robot, besides root and this process's own.

        Raises:
            LinkError: another control process listens there, or the path cannot be used.
        """
        self.path = path
        self._port = port
        self._robot = robot
        self._owner_uids = {0, os.geteuid(), *owner_uids}
        self._selector = selectors.DefaultSelector()
        self._clients: dict[socket.socket, _Client] = {}
        self._listener = listen_at(path, socket.SOCK_SEQPACKET, mode)
        self._selector.register(self._listener, selectors.EVENT_READ)

    @property
    def owner(self) -> str:
        """Name of the client that owns the robot; empty when there is none."""
        return next((c.name for c in self._clients.values() if c.role is Role.OWNER), "")

    def poll(self, timeout_s: float) -> None:
        """Serves what has arrived, waiting at most `timeout_s` for something to come."""
        for key, _ in self._selector.select(timeout_s):
            if key.fileobj is self._listener:
                self._accept()
            else:
                self._serve(self._clients.get(key.fileobj))  # type: ignore[call-overload]
        self._drop_silent_owner()

    def tell_state(self, state: ControlState) -> None:
        """Sends the state to every client; one that does not read misses it."""
        for client in list(self._clients.values()):
            if client.role is not None:
                self._send(client, state, must_arrive=False)

    def tell_event(self, event: Event) -> None:
        """Sends an event to every client; one that does not read is cut off."""
        for client in list(self._clients.values()):
            if client.role is not None:
                self._send(client, event)

    def close(self) -> None:
        """Cuts all clients off and removes the socket."""
        for client in list(self._clients.values()):
            self._drop(client, owner_matters=False)
        self._selector.close()
        self._listener.close()
        self.path.unlink(missing_ok=True)

    def _accept(self) -> None:
        with contextlib.suppress(BlockingIOError):
            connection, _ = self._listener.accept()
            connection.setblocking(False)
            if len(self._clients) >= MAX_CLIENTS:
                self._make_room()
            self._clients[connection] = _Client(control_end(connection))
            self._selector.register(connection, selectors.EVENT_READ)

    def _make_room(self) -> None:
        """Cuts off whoever has been silent longest, never the owner: a damp must get through."""
        others = [c for c in self._clients.values() if c.role is not Role.OWNER]
        self._drop(min(others, key=lambda client: client.heard_s))

    def _serve(self, client: _Client | None) -> None:
        """A bounded number of one client's packets, so that nobody starves the others.

        At most one request that may take long is among them: a damp of another waits for no more.
        """
        for _ in range(_PACKETS_A_TURN):
            if client is None or client.channel.socket not in self._clients:
                return
            try:
                packet = client.channel.receive()
            except BlockingIOError:
                return
            except (OSError, LinkError) as error:
                self._send(client, messages.Refused(id=0, reason=str(error)[:2000]))
                self._drop(client)
                return
            except Exception:
                self._drop_for_failure(client)
                return
            if packet is None:
                self._drop(client)
                return
            client.heard_s = time.monotonic()
            self._take(client, packet)
            if not isinstance(
                packet.message, messages.Heartbeat | messages.Damp | messages.EmergencyStop
            ):
                return

    def _take(self, client: _Client, packet: Packet[ToControl]) -> None:
        try:
            if not isinstance(packet.message, messages.Heartbeat):
                self._send(client, self._answer(client, packet.message, packet.descriptor))
        except Exception:
            self._drop_for_failure(client)
        finally:
            if packet.descriptor is not None:
                os.close(packet.descriptor)

    def _answer(
        self, client: _Client, asked: messages.Hello | messages.Request, descriptor: int | None
    ) -> Message:
        try:
            if isinstance(asked, messages.Hello):
                return self._welcome(client, asked)
            self._carry_out(client, asked, descriptor)
            return messages.Done(id=asked.id)
        except ExoactorError as error:
            return messages.Refused(id=asked.id, reason=str(error)[:2000])

    def _welcome(self, client: _Client, hello: messages.Hello) -> Message:
        if client.role is not None:
            raise LinkError("link: second hello; refused")
        if hello.role is Role.OWNER and self.owner:
            raise LinkError(f"link: the robot is owned by {self.owner!r}; refused")
        uid = client.channel.peer.uid
        if hello.role is Role.OWNER and uid not in self._owner_uids:
            raise LinkError(
                f"link: user {uid} may stop, damp and observe, not own the robot (users allowed: "
                f"{sorted(self._owner_uids)}); refused"
            )
        client.name, client.role = hello.name, hello.role
        return messages.Welcome(
            id=hello.id, version=messages.PROTOCOL_VERSION, robot=self._robot, role=hello.role
        )

    def _carry_out(
        self, client: _Client, request: messages.Request, descriptor: int | None
    ) -> None:
        if client.role is None:
            raise LinkError("link: the first message must be a hello; refused")
        for_all: dict[type, Callable[[], None]] = {
            messages.Stop: self._port.stop,
            messages.Damp: self._port.damp,
            messages.EmergencyStop: self._port.emergency_stop,
        }
        if type(request) in for_all:
            for_all[type(request)]()
            return
        if client.role is not Role.OWNER:
            raise LinkError("link: only the robot's owner may ask for that; refused")
        if isinstance(request, messages.LoadPlan):
            if descriptor is None:
                raise LinkError("link: a plan comes with a memory file; refused")
            content = unseal(descriptor, request.size, request.sha256)
            self._port.load(
                LoadedFile(request.kind, content, request.sha256, request.label, request.provenance)
            )
        elif isinstance(request, messages.Start):
            self._port.start(request.sha256, request.stops)
        elif isinstance(request, messages.Arm):
            self._port.arm()
        elif isinstance(request, messages.Pose):
            self._port.pose()
        elif isinstance(request, messages.Clear):
            self._port.clear()
        else:
            self._port.reset()

    def _drop_silent_owner(self) -> None:
        before_s = time.monotonic() - OWNER_SILENT_S
        for client in list(self._clients.values()):
            if client.role is Role.OWNER and client.heard_s < before_s:
                self._drop(client)

    def _send(self, client: _Client, message: Message, *, must_arrive: bool = True) -> None:
        try:
            client.channel.send(message)
        except BlockingIOError:
            if must_arrive:
                self._drop(client)
        except OSError:
            self._drop(client)
        except Exception:
            self._drop_for_failure(client)

    def _drop_for_failure(self, client: _Client) -> None:
        """Whatever a client made fail ends that client only; called where the error is caught."""
        _LOG.exception("client=%r cut off", client.name)
        self._drop(client)

    def _drop(self, client: _Client, *, owner_matters: bool = True) -> None:
        connection = client.channel.socket
        if self._clients.pop(connection, None) is None:
            return
        self._selector.unregister(connection)
        client.channel.close()
        if owner_matters and client.role is Role.OWNER:
            self._port.owner_lost(client.name)
