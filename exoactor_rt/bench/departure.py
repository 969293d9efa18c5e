"""How far a plan departs from the reference that it was made of."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from exoactor_rt.planning import Plan, plan_duration_s, plan_stretch
from exoactor_rt.types import BoolArray

LEAST_FORWARD_M = 0.05


@dataclass(frozen=True)
class Departure:
    """The plan beside its reference.

    Attributes:
        steps_kept: footsteps that stand for one of the reference's.
        steps_inserted: footsteps that the reference does not have.
        steps_dropped: the reference's touch-downs less the steps kept, at least 0.
        forward_scale: length of the kept steps over what the reference did, forward or backward,
            both summed over steps of at least 0.05 m in the reference; None without any.
        stretch: nominal duration between the blends over the reference's.
        duration_s: nominal, blends included.
        changes: kind -> how often planning changed it or left it out.
    """

    steps_kept: int
    steps_inserted: int
    steps_dropped: int
    forward_scale: float | None
    stretch: float
    duration_s: float
    changes: dict[str, int]


def touch_downs(contact: BoolArray) -> int:
    """Steps that a reference asks for: how often a foot comes down.

    Args:
        contact: [T, 2] the left, right foot stands on the ground.
    """
    return int(np.count_nonzero(contact[1:] & ~contact[:-1]))


def departure_of(plan: Plan, steps_asked: int) -> Departure:
    """What `plan` made of a reference that asks for that many steps."""
    steps = plan.steps
    kept = [step for step in steps if not step.inserted]
    forward = [
        (abs(step.forward_m), abs(step.asked.forward_m))
        for step in kept
        if abs(step.asked.forward_m) >= LEAST_FORWARD_M
    ]
    asked_m = sum(asked for _, asked in forward)
    return Departure(
        steps_kept=len(kept),
        steps_inserted=len(steps) - len(kept),
        steps_dropped=max(0, steps_asked - len(kept)),
        forward_scale=sum(given for given, _ in forward) / asked_m if forward else None,
        stretch=plan_stretch(plan),
        duration_s=plan_duration_s(plan),
        changes=dict(sorted(Counter(change.what for change in plan.changes).items())),
    )
