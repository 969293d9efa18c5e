"""How a run ended, as its ticks tell it: what two executions of one plan can be compared by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from exoactor_rt._core.safety import GuardState, TripCause
from exoactor_rt.errors import LogError
from exoactor_rt.recorder.tick_table import Columns

OUTCOME_COLUMNS = ("guard_state", "trip_cause", "done", "steps_done")


@dataclass(frozen=True)
class Outcome:
    """Whether the plan came to its end, its steps done, and what the guard damped for, if it did.

    A stop that was asked for is no trip; `trip` is empty then.
    """

    done: bool
    steps: int
    trip: str

    def __str__(self) -> str:
        """In a few words."""
        end = "done" if self.done else "not done"
        return f"{end}, {self.steps} steps" + (f", guard tripped: {self.trip}" if self.trip else "")


def outcome_of(ticks: Columns) -> Outcome:
    """The outcome of a run.

    Raises:
        LogError: a column of OUTCOME_COLUMNS is missing.
    """
    missing = [name for name in OUTCOME_COLUMNS if name not in ticks]
    if missing:
        raise LogError(f"log: it has no column {missing[0]}; outcome unknown")
    damping = np.flatnonzero(ticks["guard_state"] == int(GuardState.DAMPING))
    causes = ticks["trip_cause"][damping]
    own = causes[(causes != int(TripCause.NONE)) & (causes != int(TripCause.REQUESTED))]
    return Outcome(
        bool(ticks["done"].any()),
        int(ticks["steps_done"].max(initial=0)),
        TripCause(int(own[0])).name.lower() if len(own) else "",
    )
