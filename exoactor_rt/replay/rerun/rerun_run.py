"""Runs a log again and compares."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum

import numpy as np

from exoactor_rt.progress import ReportProgress
from exoactor_rt.recorder.tick_table import Columns
from exoactor_rt.replay.rerun.comparison import (
    STAGES,
    Stage,
    differs,
    in_order_of_cause,
    stage_of,
    tolerance_of,
)
from exoactor_rt.replay.rerun.divergence import Divergence, divergence_at
from exoactor_rt.replay.rerun.guard_rerun import GuardRerun
from exoactor_rt.replay.rerun.recorded_run import RecordedRun
from exoactor_rt.replay.rerun.tick_rerun import TickRerun


class RerunMode(str, Enum):
    """What is run again: the guard on the log's commands, the controller, or the whole tick."""

    GUARD = "guard"
    CONTROLLER = "controller"
    ALL = "all"


_STAGES = {
    RerunMode.GUARD: (Stage.GUARD,),
    RerunMode.CONTROLLER: (Stage.ESTIMATE, Stage.CONTROL),
    RerunMode.ALL: STAGES,
}


@dataclass(frozen=True)
class Rerun:
    """What came of it.

    Attributes:
        run: the log.
        mode: what was run again.
        columns: compared.
        first: the first divergence; None when there is none.
        differing_ticks: ticks in which anything differs.
        refusals: (row, words) of what the log's tick took and today's refuses.
    """

    run: RecordedRun
    mode: RerunMode
    columns: tuple[str, ...]
    first: Divergence | None
    differing_ticks: int
    refusals: tuple[tuple[int, str], ...] = ()

    @property
    def same(self) -> bool:
        """Whether today's code decides as the log's did."""
        return self.first is None and not self.refusals


def rerun(
    run: RecordedRun,
    mode: RerunMode,
    progress: ReportProgress | None = None,
    *,
    tick: TickRerun | None = None,
    guard: GuardRerun | None = None,
    watch: Callable[[int, Columns], None] = lambda row, made: None,
) -> Rerun:
    """Feeds a log's inputs through today's code.

    Args:
        run: the log.
        mode: what to run again.
        progress: called now and then with (done, total) in ticks.
        tick: another pass than that of today's tick with the log's limits.
        guard: the same for the guard alone.
        watch: gets (first row, columns) of everything that was made, in order.
    """
    ticks = run.ticks
    tick_pass = tick or (None if mode is RerunMode.GUARD else TickRerun(run))
    batches: Iterator[tuple[int, Columns]]
    if tick_pass is None or mode is RerunMode.GUARD:
        batches = (guard or GuardRerun(run)).batches()
    else:
        batches = tick_pass.batches()
    columns: list[str] = []
    first: Divergence | None = None
    differing = 0
    for row, made in batches:
        if not columns:
            columns = [
                name
                for name in in_order_of_cause(made)
                if name in ticks and stage_of(name) in _STAGES[mode]
            ]
        count, found = _compare(run, made, row, columns, wanted=first is None)
        differing += count
        first = first or found
        watch(row, made)
        if progress is not None:
            progress(row, len(ticks["now_ns"]))
    refusals = tuple(tick_pass.refusals) if tick_pass is not None else ()
    return Rerun(run, mode, tuple(columns), first, differing, refusals)


def _compare(
    run: RecordedRun, made: Columns, row: int, columns: list[str], *, wanted: bool
) -> tuple[int, Divergence | None]:
    """(ticks that differ, the first divergence if it is `wanted`) of one stretch."""
    count = len(made[columns[0]])
    anywhere = np.zeros(count, bool)
    places = {}
    for name in columns:
        where = differs(
            run.ticks[name][row : row + count], made[name], tolerance_of(name, run.same_machine)
        )
        if where.any():
            places[name] = where
            anywhere |= where if where.ndim == 1 else where.any(axis=1)
    if not places or not wanted:
        return int(anywhere.sum()), None
    first = int(np.argmax(anywhere))
    there = {name: where[first] for name, where in places.items() if where[first].any()}
    return int(anywhere.sum()), divergence_at(run.ticks, made, row + first, first, there)
