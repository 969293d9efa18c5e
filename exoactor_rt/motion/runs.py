"""Runs of equal values in a boolean sequence."""

from __future__ import annotations

import numpy as np

from exoactor_rt.types import BoolArray


def true_runs(flags: BoolArray) -> list[tuple[int, int]]:
    """Half-open index ranges `(start, stop)` in which `flags [T]` is true."""
    edges = np.diff(np.concatenate(([0], np.asarray(flags, dtype=np.int8), [0])))
    starts, stops = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    return [(int(a), int(b)) for a, b in zip(starts, stops, strict=True)]
