"""The whole control tick run again: estimate, control and guard, on a log's inputs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from exoactor_rt import _core
from exoactor_rt._core.runtime import ControlTick
from exoactor_rt._core.types import TrackerTarget
from exoactor_rt.recorder.tick_table import Columns
from exoactor_rt.replay.rerun.calls import apply_calls
from exoactor_rt.replay.rerun.recorded_run import RecordedRun
from exoactor_rt.robots import g1

_BATCH_ROWS = 1000
_TARGET_FIELDS = (
    "position",
    "stiffness",
    "damping",
    "reference_position",
    "reference_velocity",
    "reference_time_s",
    "reference_rate",
    "blend",
)


class TickRerun:
    """One pass over a log.

    Attributes:
        refusals: (row, words) of what the tick took in the log and refuses today.
    """

    def __init__(self, run: RecordedRun, tick: ControlTick | None = None):
        """Prepares a pass.

        Args:
            run: the log.
            tick: another than the one of today's code with the log's limits.
        """
        self.refusals: list[tuple[int, str]] = []
        self._run = run
        self._tick = tick or ControlTick(str(g1.model_path()), run.limits)
        self._ring = _core.runtime.RecordRing(_BATCH_ROWS)
        self._stops = 0
        self._plans = 0
        self._trackings = 0
        self._targets = 0

    def batches(self) -> Iterator[tuple[int, Columns]]:
        """(first row, columns of the tick) of each stretch of the log, in order."""
        ticks, inputs = self._run.ticks, self._run.inputs
        count = len(ticks["now_ns"])
        due = inputs["tick_index"].tolist() if inputs else []
        place = 0
        for begin in range(0, count, _BATCH_ROWS):
            end = min(begin + _BATCH_ROWS, count)
            row = begin
            while row < end:
                if place < len(due) and due[place] == row:
                    self._give(place, row)
                    place += 1
                until = min(end, due[place]) if place < len(due) else end
                self._tick.step_recorded(ticks, row, until, self._ring)
                row = until
            yield begin, self._ring.drain()

    def _give(self, place: int, row: int) -> None:
        """Hands over what reached the tick before this row, in TickInputs' order."""
        inputs = self._run.inputs

        def number(name: str) -> int:
            return int(inputs[name][place])

        self._stop(number("stops_forgotten"))
        apply_calls(self._tick, inputs["call"][place], inputs["call_ns"][place])
        if number("plans") > self._plans:
            self._plans = number("plans")
            self._note(row, self._tick.offer_plan(self._run.plans[self._plans]))
        if number("trackings") > self._trackings:
            self._trackings = number("trackings")
            self._stop(number("stops_before_tracking"))
            self._note(row, self._tick.begin_tracking(inputs["tracking_speed"][place]))
        self._stop(number("stops"))
        if number("targets") > self._targets:
            self._targets = number("targets")
            self._tick.offer_target(_target(inputs, place))

    def _stop(self, asked: int) -> None:
        for _ in range(self._stops, asked):
            self._tick.request_stop()
        self._stops = max(self._stops, asked)

    def _note(self, row: int, refusal: str) -> None:
        if refusal:
            self.refusals.append((row, refusal))


def _target(inputs: Columns, place: int) -> TrackerTarget:
    target = TrackerTarget()
    target.stamp_ns = int(inputs["target_stamp_ns"][place])
    for name in _TARGET_FIELDS:
        setattr(target, name, inputs[f"target_{name}"][place])
    target.ended = bool(np.any(inputs["target_ended"][place]))
    return target
