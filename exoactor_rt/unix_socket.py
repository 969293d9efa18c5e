"""Unix sockets: listening at a path, and who is at the other end."""

from __future__ import annotations

import errno
import fcntl
import os
import socket
import struct
from dataclasses import dataclass
from pathlib import Path

from exoactor_rt.errors import LinkError

_PATH_MAX_BYTES = 107
_BACKLOG = 16
_PROBE_WITHIN_S = 1.0
_CREDENTIALS = struct.Struct("3i")


@dataclass(frozen=True)
class Peer:
    """Who is at the other end, as the kernel says."""

    pid: int
    uid: int
    gid: int


def peer_of(connection: socket.socket) -> Peer:
    """The process that made the connection."""
    raw = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    return Peer(*_CREDENTIALS.unpack(raw))


class Listener(socket.socket):
    """A listening socket that keeps others from its path by a lock, until it is closed."""

    _lock = -1

    def hold(self, lock: int) -> None:
        """Takes over the lock's descriptor."""
        self._lock = lock

    def close(self) -> None:
        """Ends the listening, then the lock."""
        super().close()
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1


def listen_at(path: Path, kind: socket.SocketKind, mode: int) -> Listener:
    """Listens at `path`, without blocking; its folder is made where it is not there.

    A lock on `path` + ".lock" is held until the listener is closed, so that of two processes
    that start at once only one listens.

    Args:
        path: at most 107 bytes.
        kind: SOCK_STREAM or SOCK_SEQPACKET.
        mode: the socket's permissions.

    Raises:
        LinkError: another process listens there, or the path cannot be used.
    """
    if len(os.fsencode(path)) > _PATH_MAX_BYTES:
        raise LinkError(f"{path}: longer than {_PATH_MAX_BYTES} bytes; not listening")
    listener = Listener(socket.AF_UNIX, kind)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        listener.hold(_lock(path))
        _remove_dead(path, kind)
        before = os.umask(0o177)
        try:
            listener.bind(str(path))
        finally:
            os.umask(before)
        path.chmod(mode)
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise LinkError(f"{path}: {error.strerror}; not listening") from error
    except LinkError:
        listener.close()
        raise
    listener.setblocking(False)
    return listener


def _lock(path: Path) -> int:
    """A descriptor that holds the path's lock; the file stays, since removing it would race."""
    lock = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(lock)
        raise LinkError(f"{path}: another process listens there; not listening") from error
    except OSError:
        os.close(lock)
        raise
    return lock


def _remove_dead(path: Path, kind: socket.SocketKind) -> None:
    """Removes a socket that refuses connections; anything else at the path stays."""
    if not path.is_socket():
        return
    with socket.socket(socket.AF_UNIX, kind) as probe:
        probe.settimeout(_PROBE_WITHIN_S)
        found = probe.connect_ex(str(path))
    if found != errno.ECONNREFUSED:
        raise LinkError(f"{path}: another process listens there; not listening")
    path.unlink(missing_ok=True)
