"""The largest impulse that is survived, by bisection."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Bisection:
    """What a bisection found.

    Attributes:
        largest_ns: the largest impulse survived, N s; 0 where the least one was not.
        probes: (impulse, survived) in the order tried.
    """

    largest_ns: int
    probes: tuple[tuple[int, bool], ...]


def bisect_impulse(
    survives: Callable[[int], bool], highest_ns: int, first_ns: int | None = None
) -> Bisection:
    """Bisects whole N s from 0, taken as survived, to `highest_ns`.

    Survival need not be monotonic in the impulse: a smaller one than the answer may topple.

    Args:
        survives: tries one impulse.
        highest_ns: no larger one is tried.
        first_ns: tried first, so that the answer for this impulse is never inferred; the middle
            when None.
    """
    low_ns, high_ns = 0, highest_ns + 1
    probes = []
    impulse_ns = first_ns
    while high_ns - low_ns > 1:
        if impulse_ns is None or not low_ns < impulse_ns < high_ns:
            impulse_ns = (low_ns + high_ns) // 2
        survived = survives(impulse_ns)
        probes.append((impulse_ns, survived))
        if survived:
            low_ns = impulse_ns
        else:
            high_ns = impulse_ns
        impulse_ns = None
    return Bisection(low_ns, tuple(probes))
