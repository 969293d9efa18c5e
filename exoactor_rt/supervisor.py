"""What systemd is told, and what it hands over (sd_notify(3), sd_listen_fds(3))."""

from __future__ import annotations

import contextlib
import os
import socket

_FIRST_DESCRIPTOR = 3


def notify(state: str) -> None:
    """Tells the supervisor, where there is one."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    with (
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel,
        contextlib.suppress(OSError),
    ):
        channel.connect("\0" + address[1:] if address.startswith("@") else address)
        channel.sendall(state.encode())


def watchdog_s() -> float | None:
    """How often the supervisor wants to be told at least; None where it does not."""
    microseconds = os.environ.get("WATCHDOG_USEC", "")
    for_us = os.environ.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
    return int(microseconds) * 1e-6 if microseconds.isdigit() and for_us else None


def handed_socket() -> socket.socket | None:
    """The listening socket that the supervisor has opened; None where it has not."""
    for_us = os.environ.get("LISTEN_PID") == str(os.getpid())
    if not for_us or os.environ.get("LISTEN_FDS") != "1":
        return None
    return socket.socket(fileno=_FIRST_DESCRIPTOR)
