"""A route: what is served, who may, what goes in and out. Application and OpenAPI read it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal

from aiohttp import web

from exoactor_rt.service.rights import Right

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Parameter:
    """An optional parameter with its JSON schema."""

    name: str
    place: Literal["query", "header"]
    schema: dict[str, Any]


@dataclass(frozen=True)
class Route:
    """One method of one path.

    Attributes:
        method: of HTTP.
        path: with {names}.
        right: the least that a caller needs.
        handler: answers.
        summary: in a few words.
        body: type of the document that is taken, or "binary".
        body_optional: whether it may be left out.
        answer: type of the document that comes back, or "json", "artifact", "events", "text".
        status: of the answer.
        also: further statuses of the same answer.
        parameters: beside those of the path.
        problems: names of problems beside those that every route has.
    """

    method: str
    path: str
    right: Right
    handler: Handler
    summary: str
    body: Any = None
    body_optional: bool = False
    answer: Any = None
    status: int = 200
    also: tuple[int, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    problems: tuple[str, ...] = ()
