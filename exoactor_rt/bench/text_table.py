"""Rows of cells as aligned text."""

from __future__ import annotations

from collections.abc import Sequence

NOTHING = "-"


def align(rows: Sequence[Sequence[str]]) -> list[str]:
    """One line a row, columns aligned, a rule below the first row, which has the headings."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    padded = [[cell.ljust(w) for cell, w in zip(row, widths, strict=True)] for row in rows]
    padded.insert(1, ["-" * width for width in widths])
    return ["  ".join(cells).rstrip() for cells in padded]


def number(value: float | None, decimals: int) -> str:
    """A figure, or a dash where there is none."""
    return NOTHING if value is None else f"{value:.{decimals}f}"
