"""What the owner of a tick called between two steps, called again."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt

RESET, ARM, DAMP, STOP_FOR_GOOD, CLEAR_EMERGENCY, POSE = 1, 2, 3, 4, 5, 6
"""As TickCall numbers them in the log; 0 is no call."""


class Called(Protocol):
    """A tick, or a guard alone."""

    def reset(self, now_ns: int) -> None:
        """One step down: damping, ready, silent."""

    def arm(self, now_ns: int) -> bool:
        """Whether it was granted."""

    def pose(self, now_ns: int) -> bool:
        """Whether it was granted."""

    def damp(self, now_ns: int) -> None:
        """A requested stop."""

    def stop_for_good(self, now_ns: int) -> None:
        """An emergency stop."""

    def clear_emergency(self) -> None:
        """Lets go of an emergency stop."""


def apply_calls(
    called: Called, calls: npt.NDArray[np.int64], stamps_ns: npt.NDArray[np.int64]
) -> None:
    """Repeats the calls of one tick.

    Args:
        called: what they went to.
        calls: [k] kinds in order, 0 behind the last.
        stamps_ns: [k] the time that each was given.
    """
    for call, now_ns in zip(calls.tolist(), stamps_ns.tolist(), strict=True):
        if call == RESET:
            called.reset(now_ns)
        elif call == ARM:
            called.arm(now_ns)
        elif call == POSE:
            called.pose(now_ns)
        elif call == DAMP:
            called.damp(now_ns)
        elif call == STOP_FOR_GOOD:
            called.stop_for_good(now_ns)
        elif call == CLEAR_EMERGENCY:
            called.clear_emergency()
