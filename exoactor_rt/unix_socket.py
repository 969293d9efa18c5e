"""A listening Unix socket at a path, in place of one that a dead process has left."""

from __future__ import annotations

import os
import socket
from pathlib import Path

from exoactor_rt.errors import LinkError

_PATH_MAX_BYTES = 107
_BACKLOG = 16


def listen_at(path: Path, kind: socket.SocketKind, mode: int) -> socket.socket:
    """Listens at `path`, without blocking; its folder is made where it is not there.

    Args:
        path: at most 107 bytes.
        kind: SOCK_STREAM or SOCK_SEQPACKET.
        mode: the socket's permissions.

    Raises:
        LinkError: another process listens there, or the path cannot be used.
    """
    if len(os.fsencode(path)) > _PATH_MAX_BYTES:
        raise LinkError(f"{path}: longer than {_PATH_MAX_BYTES} bytes; not listening")
    if path.is_socket():
        with socket.socket(socket.AF_UNIX, kind) as probe:
            if probe.connect_ex(str(path)) == 0:
                raise LinkError(f"{path}: another process listens there; not listening")
        path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, kind)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        before = os.umask(0o177)
        try:
            listener.bind(str(path))
        finally:
            os.umask(before)
        path.chmod(mode)
    except OSError as error:
        listener.close()
        raise LinkError(f"{path}: {error.strerror}; not listening") from error
    listener.listen(_BACKLOG)
    listener.setblocking(False)
    return listener
