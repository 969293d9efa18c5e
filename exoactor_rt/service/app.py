"""The interface composed: routes, rights, problems, metrics."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from weakref import WeakKeyDictionary

from aiohttp import web

from exoactor_rt.service.metrics import Metrics
from exoactor_rt.service.openapi import describe_interface
from exoactor_rt.service.problems import ApiError, from_http
from exoactor_rt.service.request import CALLER, reply, require
from exoactor_rt.service.rights import AccessList, Caller, Right
from exoactor_rt.service.routes import Handler, Route

_LOG = logging.getLogger(__name__)
_Next = Callable[[web.Request], Awaitable[web.StreamResponse]]


def build_app(
    routes: Sequence[Route], access: AccessList, metrics: Metrics, outermost: Sequence[object] = ()
) -> web.Application:
    """The application.

    Args:
        routes: what is served, beside the OpenAPI document itself.
        access: who may do what.
        metrics: counts.
        outermost: middlewares around everything else.
    """
    known = [*routes, _document_route(routes)]
    app = web.Application(
        middlewares=[*outermost, _counted(metrics), _answered, _admitted(access)],  # type: ignore[list-item]
        client_max_size=0,
    )
    for route in known:
        app.router.add_route(route.method, route.path, _needing(route))
    return app


def _document_route(routes: Sequence[Route]) -> Route:
    async def handler(_: web.Request) -> web.StreamResponse:
        return reply(describe_interface(routes))

    return Route("GET", "/v1/openapi.json", Right.OBSERVE, handler, "This document", answer="json")


def _needing(route: Route) -> Handler:
    async def handler(request: web.Request) -> web.StreamResponse:
        require(request, route.right)
        return await route.handler(request)

    return handler


def _admitted(access: AccessList) -> object:
    """Who asks is known once a connection: the kernel keeps who made it, whoever uses it."""
    callers: WeakKeyDictionary[asyncio.Transport, Caller] = WeakKeyDictionary()

    @web.middleware
    async def middleware(request: web.Request, handler: _Next) -> web.StreamResponse:
        transport = request.transport
        assert transport is not None
        caller = callers.get(transport)
        if caller is None:
            caller = callers[transport] = access.caller(transport.get_extra_info("socket"))
        request[CALLER] = caller
        return await handler(request)

    return middleware


@web.middleware
async def _answered(request: web.Request, handler: _Next) -> web.StreamResponse:
    """Every error leaves as a problem document."""
    try:
        return await handler(request)
    except ApiError as error:
        return error.response()
    except web.HTTPException as error:
        return from_http(error)
    except ConnectionError:
        raise
    except Exception as error:
        _LOG.exception("path=%r", request.path)
        return ApiError("internal", f"{type(error).__name__}; see the service's log").response()


def _counted(metrics: Metrics) -> object:
    @web.middleware
    async def middleware(request: web.Request, handler: _Next) -> web.StreamResponse:
        begin_s = time.perf_counter()
        response = await handler(request)
        resource = request.match_info.route.resource
        seconds = time.perf_counter() - begin_s
        if resource is None:  # callers must not name our counters
            metrics.count("any", "unknown", response.status, seconds)
        else:
            metrics.count(request.method, resource.canonical, response.status, seconds)
        return response

    return middleware
