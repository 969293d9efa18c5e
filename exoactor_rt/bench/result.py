"""What came of one motion of the benchmark, and all of them as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import Enum

from exoactor_rt.bench.canonical_json import canonical_json
from exoactor_rt.bench.conditions import Conditions
from exoactor_rt.bench.departure import Departure
from exoactor_rt.bench.measurement import Measurement

FORMAT = 1


class Outcome(str, Enum):
    """How a motion ended."""

    SURVIVED = "survived"
    FELL = "fell"
    UNFINISHED = "unfinished"
    REFUSED = "refused"
    ERROR = "error"


@dataclass(frozen=True)
class MotionResult:
    """One motion.

    Attributes:
        name: path below the benchmark's folder.
        outcome: survived: executed to the plan's end on its feet. Fell: the pelvis sank, tilted,
            or the guard stopped the robot. Unfinished: still standing at the time limit. Refused:
            neither tracker nor any level of a plan passed its rehearsal. Error: the file could not
            be used.
        reason: in words; empty when it survived.
        fall_time_s: of the fall or the guard's trip, since the run's begin.
        fall_reference_s: the same moment on the reference's clock.
        level: of the plan executed, or the tracker that executed; empty when there is none.
        attempts: what admission said of each level.
        reference_s: length of the reference.
        steps_asked: touch-downs of the reference.
        steps_planned: footsteps of the plan, inserted ones included.
        steps_executed: footsteps done.
        left_out: frames of the file that were not used, in words; empty when all were.
        missed_verdict: what a judged run (`exoactor run`) would have failed by.
        departure: the plan beside its reference; None without a plan.
        measurement: the execution; None without one.
    """

    name: str
    outcome: Outcome
    reason: str = ""
    fall_time_s: float | None = None
    fall_reference_s: float | None = None
    level: str = ""
    attempts: tuple[str, ...] = ()
    reference_s: float | None = None
    steps_asked: int | None = None
    steps_planned: int | None = None
    steps_executed: int | None = None
    left_out: str = ""
    missed_verdict: tuple[str, ...] = ()
    departure: Departure | None = None
    measurement: Measurement | None = None


def results_json(conditions: Conditions, results: Sequence[MotionResult]) -> str:
    """All as canonical JSON: keys sorted, six decimals, nothing of this machine or its clock.

    What is not finite is null. Two runs of the same motions under the same conditions give the
    same bytes.
    """
    outcomes = [result.outcome for result in results]
    document = {
        "format": FORMAT,
        "conditions": asdict(conditions),
        "counts": {outcome.value: outcomes.count(outcome) for outcome in Outcome},
        "motions": [asdict(result) for result in results],
    }
    return canonical_json(document)
