"""The cases of the benchmark: what is tried, under which name, and what is kept of it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cache
from typing import Protocol

from exoactor_rt.bench.control.bisection import bisect_impulse
from exoactor_rt.bench.control.task import Task
from exoactor_rt.bench.control.trial import Outcome, RunTrial
from exoactor_rt.sim import Push, SimOptions

PUSH_S = 0.1
HIGHEST_NS = 31
PUSHED_STEP = 4
PHASES = 8
DIRECTIONS_DEG = {
    "front": 0,
    "front-left": 45,
    "left": 90,
    "back-left": 135,
    "back": 180,
    "back-right": 225,
    "right": 270,
    "front-right": 315,
}
"""Where the force points, from the robot's x axis towards its y axis."""


@dataclass(frozen=True)
class TrialResult:
    """One trial."""

    name: str
    outcome: Outcome


@dataclass(frozen=True)
class PushResult:
    """One bisection.

    Attributes:
        name: of the case.
        largest_ns: N s, the largest impulse survived; 0 where not even the least was.
        probes: (impulse, survived) in the order tried.
        reason: how the smallest impulse that was not survived ended.
    """

    name: str
    largest_ns: int
    probes: tuple[tuple[int, bool], ...]
    reason: str


def impulse_words(largest_ns: int) -> str:
    """The largest impulse survived; a plus where no larger one was tried."""
    return f"{largest_ns}+" if largest_ns == HIGHEST_NS else str(largest_ns)


@dataclass(frozen=True)
class CaseError:
    """A case that could not be run."""

    name: str
    reason: str


Result = TrialResult | PushResult | CaseError


class Case(Protocol):
    """One unit of work; `name` is GROUP/MORE."""

    @property
    def name(self) -> str:
        """Unique."""

    def run(self, run_trial: RunTrial) -> Result:
        """Runs the trials that it takes."""


@dataclass(frozen=True)
class TrialCase:
    """A task under some conditions, once."""

    name: str
    task: Task
    sim: SimOptions

    def run(self, run_trial: RunTrial) -> TrialResult:
        """One trial."""
        return TrialResult(self.name, run_trial(self.task, self.sim))


@dataclass(frozen=True)
class PushCase:
    """The largest push on the pelvis in one direction that a task survives.

    Attributes:
        name: unique.
        task: a stance, or steps.
        sim: without pushes.
        direction_deg: of the force, from the robot's x towards its y axis.
        first_ns: tried first.
        start_s: of the push after the release, for a stance.
        phase: for steps, 0 to 1 of the step PUSHED_STEP, from its lift-off to the next one's, as
            timed in an undisturbed trial.
    """

    name: str
    task: Task
    sim: SimOptions
    direction_deg: float
    first_ns: int | None = None
    start_s: float = 0.0
    phase: float | None = None

    def run(self, run_trial: RunTrial) -> PushResult:
        """A bisection; nothing is survived where the task fails undisturbed."""
        start_s = self.start_s_of(run_trial)
        if start_s is None:
            reason = _undisturbed(self.task, self.sim, run_trial).reason
            return PushResult(self.name, 0, (), f"undisturbed: {reason}")
        reasons: dict[int, str] = {}

        def survives(impulse_ns: int) -> bool:
            push = self.push(impulse_ns, start_s)
            outcome = run_trial(self.task, replace(self.sim, pushes=(push,)))
            reasons[impulse_ns] = outcome.reason
            return outcome.survived

        found = bisect_impulse(survives, HIGHEST_NS, self.first_ns)
        return PushResult(
            self.name, found.largest_ns, found.probes, reasons.get(found.largest_ns + 1, "")
        )

    def push(self, impulse_ns: float, start_s: float) -> Push:
        """The force of an impulse."""
        angle_rad = math.radians(self.direction_deg)
        force_n = impulse_ns / PUSH_S
        return Push(
            start_s, PUSH_S, (force_n * math.cos(angle_rad), force_n * math.sin(angle_rad), 0.0)
        )

    def start_s_of(self, run_trial: RunTrial) -> float | None:
        """When the push begins, after the release; None where the task fails undisturbed."""
        if self.phase is None:
            return self.start_s
        undisturbed = _undisturbed(self.task, self.sim, run_trial)
        if not undisturbed.survived:
            return None
        begin_s, end_s = undisturbed.lift_offs_s[PUSHED_STEP : PUSHED_STEP + 2]
        return begin_s + self.phase * (end_s - begin_s)


@cache
def _undisturbed(task: Task, sim: SimOptions, run_trial: RunTrial) -> Outcome:
    """The same for every case of a map."""
    return run_trial(task, sim)
