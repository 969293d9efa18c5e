"""The OpenAPI 3.1 document, made of the routes and the documents' types."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from typing import Any

import msgspec

from exoactor_rt.api import Problem, ProgressEvent, StateEvent
from exoactor_rt.schema_text import plain_descriptions
from exoactor_rt.service.files import ARTIFACT_TYPES
from exoactor_rt.service.problems import MEDIA_TYPE, TITLES
from exoactor_rt.service.routes import Route

_TEMPLATE = "#/components/schemas/{name}"
_COMMON = ("bad-request", "forbidden", "internal")
_WITH_BODY = ("unprocessable", "unsupported-media-type", "too-large")

_EVENT = {
    "description": "of each event in the stream; a state's id continues it",
    "type": "object",
    "required": ["event", "data"],
    "properties": {
        "id": {"type": "string", "pattern": "^[0-9]+$"},
        "event": {"enum": ["state", "progress"]},
        "data": {
            "type": "string",
            "contentMediaType": "application/json",
            "contentSchema": {
                "oneOf": [
                    {"$ref": _TEMPLATE.format(name=kind.__name__)}
                    for kind in (StateEvent, ProgressEvent)
                ]
            },
        },
    },
}


def describe_interface(routes: Sequence[Route]) -> dict[str, Any]:
    """The whole document, ready for JSON."""
    types = [Problem, StateEvent, ProgressEvent]
    types += [kind for route in routes for kind in (route.body, route.answer) if _is_type(kind)]
    _, made = msgspec.json.schema_components(list(dict.fromkeys(types)), ref_template=_TEMPLATE)
    schemas = plain_descriptions(made)
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "exoactor_rt",
            "version": version("exoactor_rt"),
            "description": "Tasks for a robot, over a local Unix socket. Callers are known by "
            "their user; there is nothing to log in to.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "http://localhost", "description": "over the Unix socket"}],
        "paths": paths,
        "components": {"schemas": {name: _unindented(s) for name, s in schemas.items()}},
    }


def _operation(route: Route) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "summary": route.summary,
        "operationId": _name(route),
        "x-right": route.right.name.lower(),
        "responses": _responses(route),
    }
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)}", route.path)
    ]
    parameters += [
        {"name": p.name, "in": p.place, "required": False, "schema": p.schema}
        for p in route.parameters
    ]
    if parameters:
        operation["parameters"] = parameters
    if route.body is not None:
        operation["requestBody"] = {
            "required": not route.body_optional,
            "content": _content(route.body),
        }
    return operation


def _responses(route: Route) -> dict[str, Any]:
    answer = {"description": "done", "content": _content(route.answer)}
    responses = {str(status): answer for status in (route.status, *route.also)}
    names = {*_COMMON, *route.problems}
    if _is_type(route.body):
        names.update(_WITH_BODY)
    if route.parameters:
        names.add("unprocessable")
    for status, titles in _by_status(names).items():
        responses[str(status)] = {
            "description": "; ".join(titles),
            "content": {MEDIA_TYPE: {"schema": {"$ref": _TEMPLATE.format(name="Problem")}}},
        }
    return responses


def _by_status(names: Iterable[str]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for status, title in sorted(TITLES[name] for name in names):
        found.setdefault(status, []).append(title)
    return found


def _content(kind: Any) -> dict[str, Any]:
    if kind == "binary":
        return {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    if kind == "artifact":
        schema = {"schema": {"type": "string", "format": "binary"}}
        return dict.fromkeys(sorted(ARTIFACT_TYPES), schema)
    if kind == "json":
        return {"application/json": {"schema": {"type": "object"}}}
    if kind == "text":
        return {"text/plain": {"schema": {"type": "string"}}}
    if kind == "events":
        return {"text/event-stream": {"schema": _EVENT}}
    return {"application/json": {"schema": {"$ref": _TEMPLATE.format(name=kind.__name__)}}}


def _unindented(schema: dict[str, Any]) -> dict[str, Any]:
    """With a docstring as msgspec gives it since 0.23, whichever is installed."""
    return {
        key: inspect.cleandoc(value) if key == "description" else value
        for key, value in schema.items()
    }


def _is_type(kind: Any) -> bool:
    return isinstance(kind, type)


def _name(route: Route) -> str:
    words = re.findall(r"\w+", route.path.replace("/v1/", "/"))
    return "_".join([route.method.lower(), *words])
