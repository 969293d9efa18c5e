"""Bounds that the HTTP library does not have: connections at once, and the time for a head."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import cast

from aiohttp import web

from exoactor_rt.service.metrics import Metrics
from exoactor_rt.unix_socket import peer_of

_KEPT_FOR_OTHERS = 4
"""One user gets all connections but a quarter: a damp of another must get through."""

_READ_BYTES = 16 * 1024
"""At once, from a socket. asyncio reserves as much for every read, 256 KiB unless told otherwise:
with `memory.keep_memory_tight` that is a mapping of its own, made and given back."""

Factory = Callable[[], asyncio.Protocol]


def peer_uid(transport: asyncio.BaseTransport) -> int:
    """The user at the other end."""
    return peer_of(transport.get_extra_info("socket")).uid


class ConnectionBounds:
    """What all connections of one server share."""

    def __init__(
        self, connections_max: int, head_timeout_s: float, write_timeout_s: float, metrics: Metrics
    ):
        self._max = connections_max
        self._write_timeout_s = write_timeout_s
        self._head_timeout_s = head_timeout_s
        self._metrics = metrics
        self._open: dict[asyncio.BaseTransport, BoundedConnection] = {}

    def around(self, inner: Factory) -> Factory:
        """Protocols within the bounds, for asyncio; `inner` makes the HTTP library's."""
        return lambda: BoundedConnection(self, inner())

    def admit(self, transport: asyncio.BaseTransport, connection: BoundedConnection) -> bool:
        """Whether there is room for one more."""
        connection.uid = peer_uid(transport)
        share = sum(other.uid == connection.uid for other in self._open.values())
        if len(self._open) >= self._max or share >= self._max - self._max // _KEPT_FOR_OTHERS:
            self._metrics.refused_connections += 1
            return False
        self._open[transport] = connection
        return True

    def forget(self, transport: asyncio.BaseTransport | None) -> None:
        """A connection has ended."""
        if transport is not None:
            self._open.pop(transport, None)

    def head_timer(self, transport: asyncio.Transport) -> asyncio.TimerHandle:
        """Cuts the connection off unless it is cancelled in time."""
        return asyncio.get_running_loop().call_later(self._head_timeout_s, transport.abort)

    def write_timer(self, transport: asyncio.Transport) -> asyncio.TimerHandle:
        """Cuts a connection off whose other end does not read, unless it is cancelled in time."""
        return asyncio.get_running_loop().call_later(self._write_timeout_s, transport.abort)

    @web.middleware
    async def middleware(
        self, request: web.Request, handler: Callable[[web.Request], asyncio.Future[web.Response]]
    ) -> web.StreamResponse:
        """Tells the connection when a head has come whole, and when its answer is done."""
        transport = request.transport
        connection = self._open.get(transport) if transport is not None else None
        if connection is not None:
            connection.head_is_whole()
        try:
            return await handler(request)
        finally:
            if connection is not None:
                connection.answer_is_done()


class BoundedConnection(asyncio.Protocol):
    """Passes everything on to the HTTP library's protocol, as long as the bounds allow."""

    def __init__(self, bounds: ConnectionBounds, inner: asyncio.Protocol):
        self._bounds = bounds
        self._inner = inner
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._writing: asyncio.TimerHandle | None = None
        self._answering = False
        self.uid = -1

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Refuses what is too many; begins to wait for a head."""
        stream = cast("asyncio.Transport", transport)
        if not self._bounds.admit(stream, self):
            stream.abort()
            return
        stream.max_size = _READ_BYTES  # type: ignore[attr-defined]
        self._transport = stream
        self._timer = self._bounds.head_timer(stream)
        self._inner.connection_made(stream)

    def connection_lost(self, error: Exception | None) -> None:
        """The end."""
        self._stop_timer()
        self._stop_writing_timer()
        if self._transport is not None:
            self._bounds.forget(self._transport)
            self._inner.connection_lost(error)

    def data_received(self, data: bytes) -> None:
        """A first piece of a further head starts its time."""
        if self._transport is None:
            return
        if not self._answering and self._timer is None:
            self._timer = self._bounds.head_timer(self._transport)
        self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        """Nothing more will come."""
        return self._inner.eof_received() if self._transport is not None else None

    def pause_writing(self) -> None:
        """The other end reads too slowly; it has a time to go on."""
        if self._transport is not None and self._writing is None:
            self._writing = self._bounds.write_timer(self._transport)
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        """The other end reads again."""
        self._stop_writing_timer()
        self._inner.resume_writing()

    def head_is_whole(self) -> None:
        """A request has begun to be answered."""
        self._answering = True
        self._stop_timer()

    def answer_is_done(self) -> None:
        """The next head may come; until its first byte the HTTP library bounds the silence."""
        self._answering = False

    def _stop_writing_timer(self) -> None:
        if self._writing is not None:
            self._writing.cancel()
            self._writing = None

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
