"""Errors of the interface as RFC 9457 problem documents."""

from __future__ import annotations

import msgspec
from aiohttp import web

from exoactor_rt.api import Problem

MEDIA_TYPE = "application/problem+json"
_PREFIX = "urn:exoactor:problem:"

TITLES = {
    "bad-request": (400, "The request is malformed"),
    "forbidden": (403, "The caller may not do that"),
    "not-found": (404, "There is no such thing"),
    "method-not-allowed": (405, "The path has no such method"),
    "conflict": (409, "The state does not allow that now"),
    "too-large": (413, "The body is too large"),
    "unsupported-media-type": (415, "The body is of a kind that is not taken"),
    "unprocessable": (422, "The document is not acceptable"),
    "too-many": (429, "There are too many of these already"),
    "internal": (500, "A defect of the service"),
    "no-space": (507, "There is too little space left"),
    "unavailable": (503, "Something needed is not there now"),
}
"""Name of a problem's type -> status, title."""

_BY_STATUS = {status: name for name, (status, _) in TITLES.items()}


class ApiError(Exception):
    """A request that cannot be carried out; becomes a problem document."""

    def __init__(self, name: str, detail: str):
        """`name` is one of TITLES."""
        super().__init__(detail)
        self.name = name
        self.detail = detail

    def response(self) -> web.Response:
        """The answer to send."""
        status, title = TITLES[self.name]
        problem = Problem(type=_PREFIX + self.name, title=title, status=status, detail=self.detail)
        return web.Response(
            status=status, body=msgspec.json.encode(problem), content_type=MEDIA_TYPE
        )


def from_http(error: web.HTTPException) -> web.StreamResponse:
    """What aiohttp itself refuses, as a problem document, with its headers kept."""
    name = _BY_STATUS.get(error.status, "bad-request" if error.status < 500 else "internal")
    response = ApiError(name, error.text or error.reason).response()
    if "Allow" in error.headers:
        response.headers["Allow"] = error.headers["Allow"]
    return response
