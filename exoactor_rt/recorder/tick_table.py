"""Tick records as rows of fixed size: each row is a ROS 2 message as it stands.

The fields of a row lie one behind the other, larger ones first, so that CDR's alignment holds
without padding and a whole batch of messages is packed and unpacked by NumPy at once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from exoactor_rt.errors import LogError

Columns = Mapping[str, npt.NDArray[Any]]
"""Name -> [N] or [N, k], one row a control tick, or a tick with new inputs."""

STAMP = "now_ns"
"""The column that every tick has: its time, ns of the run's clock."""

_ROS_TYPES = {"f8": "float64", "i8": "int64", "f4": "float32", "i4": "int32", "u1": "uint8"}
_CODES = {name: code for code, name in _ROS_TYPES.items()}
_FIELD = re.compile(r"(\w+?)(?:\[(\d+)\])? ([a-z]\w*)")
_MAX_ROW_BYTES = 1 << 20
_HEADER = "# Of one control tick. SI units; joints in the SDK's order; left foot first."


def row_type(columns: Columns) -> np.dtype[Any]:
    """The type of one row of `columns`.

    Raises:
        LogError: no `now_ns`, or a column of another kind than numbers [N] or [N, k].
    """
    if STAMP not in columns:
        raise LogError(f"tick records: no column {STAMP}; not logged")
    fields = []
    for name, column in columns.items():
        code = "u1" if column.dtype.kind == "b" else column.dtype.str[1:]
        if code not in _ROS_TYPES or column.ndim not in (1, 2):
            raise LogError(
                f"tick records: column {name} is {column.dtype}{list(column.shape)}, allowed "
                f"{', '.join(_CODES)} of [N] or [N, k]; not logged"
            )
        fields.append((name, f"<{code}", column.shape[1:]))
    fields.sort(key=lambda field: -np.dtype(field[1]).itemsize)
    return np.dtype(fields)


def to_rows(columns: Columns, dtype: np.dtype[Any]) -> npt.NDArray[Any]:
    """`columns` as one structured array [N].

    Raises:
        LogError: a column is missing, or of another shape than the log's first batch had.
    """
    rows = np.empty(len(columns[STAMP]) if STAMP in columns else 0, dtype)
    for name in dtype.names or ():
        column = columns.get(name)
        if column is None or column.shape != rows[name].shape:
            got = "missing" if column is None else f"{list(column.shape)}"
            raise LogError(
                f"tick records: column {name} is {got}, expected {list(rows[name].shape)} as in "
                "the batches before; batch not logged"
            )
        rows[name] = column
    return rows


def definition_of(dtype: np.dtype[Any]) -> str:
    """The ROS 2 message definition of a row."""
    lines = [_HEADER]
    for name in dtype.names or ():
        field = dtype[name]
        count = f"[{field.shape[0]}]" if field.shape else ""
        lines.append(f"{_ROS_TYPES[field.base.str[1:]]}{count} {name}")
    return "\n".join(lines) + "\n"


def type_of(definition: str) -> np.dtype[Any]:
    """The row type that a definition tells, the inverse of `definition_of`.

    Raises:
        LogError: not a definition of fixed numbers with a stamp.
    """
    fields: list[tuple[str, str, tuple[int, ...]]] = []
    for line in definition.splitlines():
        if not line or line.startswith("#"):
            continue
        match = _FIELD.fullmatch(line)
        if match is None or match[1] not in _CODES:
            raise LogError(f"log: tick definition has the line {line[:60]!r}; ticks not read")
        fields.append((match[3], f"<{_CODES[match[1]]}", (int(match[2]),) if match[2] else ()))
    try:
        dtype = np.dtype(fields)
    except ValueError as error:
        raise LogError(f"log: tick definition: {error}; ticks not read") from error
    if dict(zip((f[0] for f in fields), (f[1:] for f in fields), strict=True)).get(STAMP) != (
        "<i8",
        (),
    ):
        raise LogError(f"log: tick definition without int64 {STAMP}; ticks not read")
    if dtype.itemsize > _MAX_ROW_BYTES:
        raise LogError(f"log: ticks of {dtype.itemsize} bytes > {_MAX_ROW_BYTES}; not read")
    return dtype


def take(columns: Columns, rows: slice | Sequence[int] | npt.NDArray[Any]) -> dict[str, Any]:
    """The same columns at some rows only."""
    return {name: column[rows] for name, column in columns.items()}
