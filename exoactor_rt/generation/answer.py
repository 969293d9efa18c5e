"""What a server answered to one request, and what that means for us."""

from __future__ import annotations

import email.utils
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from exoactor_rt.errors import GenerationError

_MAX_WORDS = 200
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})


class NoAnswerError(GenerationError):
    """No whole answer came: the connection could not be made, broke or took too long.

    The message says what, and not of which server: whoever catches it does.

    Attributes:
        received: whether the server may have got the request.
    """

    def __init__(self, message: str, *, received: bool) -> None:
        super().__init__(message)
        self.received = received


class JobEndedError(GenerationError):
    """A job of which nothing can come any more: failed, unknown to its server, or refused by us."""


@dataclass(frozen=True)
class Answer:
    """A complete answer.

    Attributes:
        status: HTTP status.
        body: at most as long as was allowed.
        retry_after_s: how long the server asks to wait; None where it does not say.
    """

    status: int
    body: bytes
    retry_after_s: float | None = None

    @property
    def ok(self) -> bool:
        """A status of success."""
        return 200 <= self.status < 300

    @property
    def passing(self) -> bool:
        """An error that may be gone when the request is made again."""
        return self.status in _PASSING

    def document(self) -> dict[str, Any] | None:
        """The body as a JSON object; None if it is none."""
        try:
            document = json.loads(self.body)
        except (ValueError, RecursionError):
            return None
        return document if isinstance(document, dict) else None

    def words(self) -> str:
        """One line: the status, and what the server says about it."""
        document = self.document()
        said = self.body.decode(errors="replace") if document is None else said_in(document)
        said = one_line(said)
        return f"status {self.status}: {said}" if said else f"status {self.status}"


def said_in(document: dict[str, Any]) -> str:
    """The message in an error document of vLLM-Omni, SGLang, FastAPI or OpenAI."""
    for key in ("error", "detail", "message"):
        value = document.get(key)
        if isinstance(value, dict):
            value = value.get("message")
        if value:
            return value if isinstance(value, str) else json.dumps(value)
    return ""


def one_line(text: str) -> str:
    """Text of a stranger, made fit for a log: printable, one line, short."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= _MAX_WORDS else f"{line[: _MAX_WORDS - 3]}..."


def retry_after_s(value: str | None, today: datetime) -> float | None:
    """A `Retry-After` header in seconds, given as such or as a date; None if it is unreadable."""
    if value is None:
        return None
    if value.strip().isdigit():
        return float(value)
    try:
        when = email.utils.parsedate_to_datetime(value)
        return max(0.0, (when - today).total_seconds())
    except (TypeError, ValueError):
        return None
