"""One end of a link: packets of a Unix SOCK_SEQPACKET socket, bounded and checked.

A packet is the magic `XRTL`, the protocol's version as little-endian u16, and one message in
MessagePack. A file descriptor may come along.
"""

from __future__ import annotations

import os
import socket
import struct
from dataclasses import dataclass
from typing import Generic, TypeVar

import msgspec

from exoactor_rt.errors import LinkError
from exoactor_rt.link.messages import PROTOCOL_VERSION, Message, ToClient, ToControl
from exoactor_rt.unix_socket import Peer, peer_of

PACKET_MAX_BYTES = 16 * 1024
_HEADER = struct.Struct("<4sH")
_MAGIC = b"XRTL"
_MAX_DESCRIPTORS = 4

Incoming = TypeVar("Incoming")


@dataclass(frozen=True)
class Packet(Generic[Incoming]):
    """A message and the descriptor that came with it; the taker closes it."""

    message: Incoming
    descriptor: int | None = None


class Channel(Generic[Incoming]):
    """Sends and receives whole messages over a connected socket, which it owns."""

    def __init__(self, connection: socket.socket, incoming: object):
        self.socket = connection
        self._decoder: msgspec.msgpack.Decoder[Incoming] = msgspec.msgpack.Decoder(incoming)
        self._encoder = msgspec.msgpack.Encoder()

    @property
    def peer(self) -> Peer:
        """The process that made the connection."""
        return peer_of(self.socket)

    def send(self, message: Message, descriptor: int | None = None) -> None:
        """Sends one message.

        Raises:
            LinkError: it is too long.
            OSError: the other end is gone, or (non-blocking) does not read.
        """
        packet = _HEADER.pack(_MAGIC, PROTOCOL_VERSION) + self._encoder.encode(message)
        if len(packet) > PACKET_MAX_BYTES:
            raise LinkError(
                f"link: {type(message).__name__} of {len(packet)} bytes > "
                f"{PACKET_MAX_BYTES} bytes; not sent"
            )
        descriptors = [] if descriptor is None else [descriptor]
        socket.send_fds(self.socket, [packet], descriptors)

    def receive(self) -> Packet[Incoming] | None:
        """The next message, or None when the other end has closed.

        Raises:
            LinkError: what came is no message of this protocol.
            OSError: the connection broke, or (non-blocking) nothing is there.
        """
        packet, descriptors, flags, _ = socket.recv_fds(
            self.socket, PACKET_MAX_BYTES, _MAX_DESCRIPTORS, socket.MSG_CMSG_CLOEXEC
        )
        if not packet and not descriptors:
            return None
        try:
            truncated = flags & (socket.MSG_TRUNC | socket.MSG_CTRUNC)
            if truncated or len(descriptors) > 1:
                raise LinkError("link: packet too long, or with more than one descriptor; refused")
            message = self._decode(packet)
        except LinkError:
            for descriptor in descriptors:
                os.close(descriptor)
            raise
        return Packet(message, descriptors[0] if descriptors else None)

    def close(self) -> None:
        """Ends the connection."""
        self.socket.close()

    def _decode(self, packet: bytes) -> Incoming:
        if len(packet) < _HEADER.size:
            raise LinkError(f"link: packet of {len(packet)} bytes is no message; refused")
        magic, version = _HEADER.unpack_from(packet)
        if magic != _MAGIC:
            raise LinkError("link: packet does not begin with the protocol's mark; refused")
        if version != PROTOCOL_VERSION:
            raise LinkError(
                f"link: protocol version {version}, allowed {PROTOCOL_VERSION}; both ends must be "
                "of the same release; refused"
            )
        try:
            return self._decoder.decode(packet[_HEADER.size :])
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise LinkError(f"link: {error}; refused") from error


def control_end(connection: socket.socket) -> Channel[ToControl]:
    """The control process's end."""
    return Channel(connection, ToControl)


def client_end(connection: socket.socket) -> Channel[ToClient]:
    """A client's end."""
    return Channel(connection, ToClient)
