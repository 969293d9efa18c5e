"""The guard alone run again, on the commands that the log's controller wanted."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from exoactor_rt._core.control import Driver
from exoactor_rt._core.safety import Guard, TripCause, is_driven
from exoactor_rt.recorder.tick_table import Columns
from exoactor_rt.replay.rerun.calls import ARM, POSE, apply_calls
from exoactor_rt.replay.rerun.recorded_run import RecordedRun
from exoactor_rt.types import FloatArray

_BATCH_ROWS = 1000
_STAND_REFUSED = 3
"""Refusals to arm or pose from here on are the tick's own: they never reached the guard."""


class GuardRerun:
    """One pass over a log."""

    def __init__(self, run: RecordedRun, guard: Guard | None = None):
        """Prepares a pass.

        Args:
            run: the log.
            guard: another than today's with the log's limits.
        """
        self._run = run
        self._guard = guard or Guard(run.limits)
        self._rows = _rows_to_stop_at(run)

    def batches(self) -> Iterator[tuple[int, Columns]]:
        """(first row, what the guard made of the commands) of each stretch of the log."""
        ticks = self._run.ticks
        count = len(ticks["now_ns"])
        stops = sorted({*range(0, count, _BATCH_ROWS), *self._rows})
        for begin, end in zip(stops, [*stops[1:], count], strict=True):
            self._prepare(begin)
            yield begin, self._guard.enforce_recorded(ticks, begin, end)

    def _prepare(self, row: int) -> None:
        """What the tick tells its guard before a row: calls, the driver's speed, a failure."""
        ticks = self._run.ticks
        place = self._rows.get(row)
        if place is not None and place >= 0:
            self._call(row, place)
        if is_driven(int(self._guard.status.state)):
            if ticks["driver"][row] == int(Driver.WHOLE_BODY):
                self._guard.restore_speed()
            elif row and ticks["driver"][row - 1] == int(Driver.WHOLE_BODY):
                self._guard.raise_speed(self._declared_speed(row))
        if ticks["controller_failed"][row]:
            self._guard.damp(int(ticks["now_ns"][row]), TripCause.CONTROLLER)

    def _call(self, row: int, place: int) -> None:
        inputs = self._run.inputs
        calls = inputs["call"][place].copy()
        if self._run.ticks["arm_refusal"][row] >= _STAND_REFUSED:
            calls[np.isin(calls, (ARM, POSE))] = 0
        apply_calls(self._guard, calls, inputs["call_ns"][place])

    def _declared_speed(self, row: int) -> FloatArray:
        inputs = self._run.inputs
        place = int(np.searchsorted(inputs["tick_index"], row, side="right")) - 1
        return np.asarray(inputs["tracking_speed"][place])


def _rows_to_stop_at(run: RecordedRun) -> dict[int, int]:
    """Row -> place in the inputs, -1 for none, of rows before which the guard is told something."""
    ticks, inputs = run.ticks, run.inputs
    changed = np.flatnonzero(np.diff(ticks["driver"])) + 1
    failed = np.flatnonzero(ticks["controller_failed"])
    rows = dict.fromkeys([*changed.tolist(), *failed.tolist()], -1)
    if inputs:
        called = np.flatnonzero(inputs["call"].any(axis=1))
        rows |= {int(inputs["tick_index"][place]): int(place) for place in called}
    return rows
