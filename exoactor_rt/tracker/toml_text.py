"""Writing TOML: nested tables of numbers, strings, booleans and lists; None is left out."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

_BARE_KEY = re.compile(r"^[A-Za-z0-9_-]+$")


def _key(name: str) -> str:
    return name if _BARE_KEY.match(name) else json.dumps(name)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    raise TypeError(f"TOML: {type(value).__name__} cannot be written")


def _is_table_list(value: Any) -> bool:
    return isinstance(value, list | tuple) and bool(value) and isinstance(value[0], Mapping)


def to_toml(table: Mapping[str, Any], path: tuple[str, ...] = ()) -> str:
    """`table` as TOML; values first, then tables, then lists of tables.

    Raises:
        TypeError: a value is of another type.
    """
    lines: list[str] = []
    kept = {key: value for key, value in table.items() if value is not None}
    for key, value in kept.items():
        if not isinstance(value, Mapping) and not _is_table_list(value):
            lines.append(f"{_key(key)} = {_value(value)}")
    for key, value in kept.items():
        inner = (*path, _key(key))
        if isinstance(value, Mapping):
            lines += ["", f"[{'.'.join(inner)}]", to_toml(value, inner).rstrip("\n")]
        elif _is_table_list(value):
            for item in value:
                lines += ["", f"[[{'.'.join(inner)}]]", to_toml(item, inner).rstrip("\n")]
    return "\n".join(lines) + "\n"
