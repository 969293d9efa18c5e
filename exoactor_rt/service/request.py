"""One request, as handlers take it: the caller, decoded documents, bounded bodies."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any, TypeVar

import msgspec
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from exoactor_rt.service.problems import ApiError
from exoactor_rt.service.rights import Caller, Right

DOCUMENT_MAX_BYTES = 64 * 1024
_CHUNK = 64 * 1024
CALLER = web.RequestKey("caller", Caller)

Document = TypeVar("Document")


def caller_of(request: web.Request) -> Caller:
    """Who asks."""
    return request[CALLER]


def require(request: web.Request, right: Right) -> None:
    """Raises a problem where the caller has less than `right`."""
    caller = caller_of(request)
    if caller.right < right:
        raise ApiError(
            "forbidden",
            f"user {caller.uid} has the right {caller.right.name.lower()}, "
            f"needed {right.name.lower()}; see [service.access] of the configuration",
        )


async def document(request: web.Request, kind: type[Document], timeout_s: float) -> Document:
    """The body as a document of `kind`."""
    media_type = request.content_type
    if media_type != "application/json":
        raise ApiError("unsupported-media-type", f"body is {media_type}, allowed application/json")
    body = b""
    async for chunk in chunks(request, timeout_s):
        body += chunk
        if len(body) > DOCUMENT_MAX_BYTES:
            raise ApiError("too-large", f"document > {DOCUMENT_MAX_BYTES} bytes")
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        raise ApiError("unprocessable", str(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ApiError("bad-request", f"not JSON: {error}") from error


async def chunks(request: web.Request, timeout_s: float) -> AsyncIterator[bytes]:
    """The body piece by piece, each within `timeout_s`."""
    while True:
        try:
            chunk = await asyncio.wait_for(request.content.read(_CHUNK), timeout_s)
        except asyncio.TimeoutError as error:
            raise ApiError("bad-request", f"no further bytes within {timeout_s:g} s") from error
        except (HttpProcessingError, web.RequestPayloadError) as error:
            raise ApiError("bad-request", "the body is not encoded as its head says") from error
        if not chunk:
            return
        yield chunk


def reply(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """A document as the answer."""
    return web.Response(
        status=status,
        body=msgspec.json.encode(value),
        content_type="application/json",
        headers=headers,
    )


def number(request: web.Request, name: str, default: int, low: int, high: int) -> int:
    """An integer of the query."""
    text = request.query.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 10 and low <= int(text) <= high):
        raise ApiError("unprocessable", f"{name} {text[:40]!r}, allowed {low} to {high}")
    return int(text)
