"""HTTP over the service's Unix socket, with the standard library alone."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import IO

import msgspec

from exoactor_rt.api import Problem
from exoactor_rt.errors import ExoactorError, LinkError

DEFAULT_SOCKET = Path("/run/exoactor/service.sock")
_ERROR_FROM = 400
_BLOCK = 1 << 16


class ServiceError(ExoactorError):
    """The service has refused a request.

    Attributes:
        problem: why.
    """

    def __init__(self, problem: Problem):
        """From the service's own document."""
        super().__init__(f"service: {problem.title}: {problem.detail}")
        self.problem = problem


class UnixConnection(http.client.HTTPConnection):
    """One connection."""

    def __init__(self, path: Path, timeout_s: float):
        """`path` of the service's socket."""
        super().__init__("localhost", timeout=timeout_s)
        self._path = path

    def connect(self) -> None:
        """Connects; raises LinkError where nobody listens."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        try:
            self.sock.connect(str(self._path))
        except OSError as error:
            self.sock.close()
            raise LinkError(
                f"service: {self._path}: {error.strerror}; is the service running, and may this "
                "user use its socket?"
            ) from error


def ask(
    path: Path,
    method: str,
    target: str,
    *,
    body: bytes | IO[bytes] | None = None,
    headers: Mapping[str, str] | None = None,
    timeout_s: float = 30.0,
) -> Iterator[bytes]:
    """Asks, and yields the body of the answer in blocks as they come.

    Args:
        path: of the service's socket.
        method: of HTTP.
        target: path and query.
        body: what is sent.
        headers: beside those of HTTP itself.
        timeout_s: between two pieces of the answer.

    Raises:
        ServiceError: the service refuses.
        LinkError: it cannot be reached, or the connection broke.
    """
    connection = UnixConnection(path, timeout_s)
    with closing(connection):
        try:
            connection.request(method, target, body=body, headers=dict(headers or {}))
            answer = connection.getresponse()
            if answer.status >= _ERROR_FROM:
                raise ServiceError(_problem(answer.status, answer.read()))
            while block := answer.read1(_BLOCK):
                yield block
        except (OSError, http.client.HTTPException) as error:
            raise LinkError(f"service: {method} {target}: {error}; outcome unknown") from error


def _problem(status: int, body: bytes) -> Problem:
    try:
        return msgspec.json.decode(body, type=Problem)
    except msgspec.MsgspecError:
        text = body[:200].decode(errors="replace")
        return Problem(type="about:blank", title=f"status {status}", status=status, detail=text)
