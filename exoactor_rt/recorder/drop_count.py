"""Records that did not reach the log: counted by who loses them, told once by the writer."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Drop:
    """A run of lost records: ticks, their inputs, or the robot's messages as bytes."""

    records: int
    first_ns: int
    last_ns: int
    reason: str

    def __str__(self) -> str:
        """One line for the log."""
        return (
            f"log: {self.records} records from {self.first_ns * 1e-9:.3f} to "
            f"{self.last_ns * 1e-9:.3f} s dropped: {self.reason}"
        )


class DropCount:
    """The lost records of one log; used by producers and the writer at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._total = 0
        self._untold: Drop | None = None

    @property
    def total(self) -> int:
        """Since the log was begun."""
        return self._total

    def add(self, stamps_ns: npt.NDArray[np.int64], reason: str) -> None:
        """Counts the records of these stamps, which rise."""
        if not len(stamps_ns):
            return
        drop = Drop(len(stamps_ns), int(stamps_ns[0]), int(stamps_ns[-1]), reason)
        with self._lock:
            self._total += drop.records
            self._untold = _together(self._untold, drop)

    def take(self) -> Drop | None:
        """What was lost since the last call."""
        with self._lock:
            untold, self._untold = self._untold, None
            return untold

    def give_back(self, drop: Drop) -> None:
        """What was taken could not be told."""
        with self._lock:
            self._untold = _together(drop, self._untold)


def _together(first: Drop | None, second: Drop | None) -> Drop | None:
    if first is None or second is None:
        return first or second
    return Drop(
        first.records + second.records,
        min(first.first_ns, second.first_ns),
        max(first.last_ns, second.last_ns),
        first.reason,
    )
