"""What was handed over and may be started: a plan for the tick, or a tracking with its policy."""

from __future__ import annotations

from typing import Protocol

from exoactor_rt import _core
from exoactor_rt._core.runtime import ControlTick
from exoactor_rt._core.types import Plan
from exoactor_rt.link import LoadedFile, TaskKind
from exoactor_rt.link.messages import PLAN_MAX_BYTES
from exoactor_rt.planning import parse_plan
from exoactor_rt.sim.policy_thread import PolicyThread
from exoactor_rt.tracker import Policy, Tracking, parse_tracking

_NAME_DIGITS = 12


class LoadedTask(Protocol):
    """One task, executed at most once.

    Attributes:
        file: that it came in.
        reference_end_s: where its reference ends.
    """

    file: LoadedFile
    reference_end_s: float

    @property
    def failure(self) -> str:
        """What went wrong in what leads it; empty while nothing has."""

    def begin(self, tick: ControlTick) -> str:
        """Gives it to the tick; why that is refused."""

    def end(self) -> None:
        """It is over, however it ended."""


class LoadedPlan:
    """A plan: the tick has all of it from the start on."""

    failure = ""

    def __init__(self, file: LoadedFile, plan: Plan):
        self.file = file
        self.reference_end_s = max((phase.reference_end_s for phase in plan.phases), default=0.0)
        self._plan = plan

    def begin(self, tick: ControlTick) -> str:
        """Hands over a copy."""
        return tick.offer_plan(self._plan)

    def end(self) -> None:
        """Nothing is left to be ended."""


class LoadedTracking:
    """A tracking: its policy answers the tick's states from a thread of its own."""

    def __init__(self, file: LoadedFile, tracking: Tracking):
        self.file = file
        self.reference_end_s = tracking.motion.reference_s
        self._tracking = tracking
        self._thread: PolicyThread | None = None

    @property
    def failure(self) -> str:
        """What the policy died of; the tick then holds its last target, and damps."""
        return self._thread.failure if self._thread is not None else ""

    @property
    def is_led(self) -> bool:
        """Whether the policy's thread has not ended."""
        return self._thread is not None and self._thread.is_alive

    def begin(self, tick: ControlTick) -> str:
        """Starts the thread where the tick lets a tracker in."""
        self._thread = PolicyThread(self._tracking, tick, _core.runtime.RealClock())
        return self._thread.begin()

    def end(self) -> None:
        """The thread ends after its present step; nobody waits for it."""
        if self._thread is not None:
            self._thread.request_stop()


def parse_task(file: LoadedFile, policy: Policy | None) -> LoadedPlan | LoadedTracking:
    """Checks what was handed over; raises PlanningError or PolicyError.

    Args:
        file: of either kind.
        policy: that trackings may use; one at a time.
    """
    name = file.label or file.sha256[:_NAME_DIGITS]
    if file.kind is TaskKind.PLAN:
        return LoadedPlan(file, parse_plan(file.content, name, PLAN_MAX_BYTES))
    return LoadedTracking(file, parse_tracking(file.content, name, policy, PLAN_MAX_BYTES))
