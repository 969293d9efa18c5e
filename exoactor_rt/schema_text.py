"""JSON Schemas that do not depend on how a release of msgspec copies docstrings."""

from __future__ import annotations

import inspect
from typing import Any


def plain_descriptions(schema: Any) -> Any:
    """The schema with its descriptions as they are read, without their place in the source."""
    if isinstance(schema, dict):
        return {
            key: inspect.cleandoc(value)
            if key == "description" and isinstance(value, str)
            else plain_descriptions(value)
            for key, value in schema.items()
        }
    return [plain_descriptions(item) for item in schema] if isinstance(schema, list) else schema
