"""Of several clips of one task the one to execute: the best that is admitted, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from exoactor_rt.config import Config
from exoactor_rt.errors import ExoactorError, VideoError
from exoactor_rt.pipeline.chain import Planned, plan_source, plan_source_with
from exoactor_rt.progress import StageTimes
from exoactor_rt.replay import Attempt, RehearsalPool, rehearsal_pool
from exoactor_rt.replay.admission import LADDER
from exoactor_rt.types import Reference

_MARGIN_STEPS = 10
_LEAST_WAY_M = 0.1


@dataclass(frozen=True)
class Candidate:
    """A clip and what came of it.

    Attributes:
        path: of the clip.
        planned: None where the clip could not be used.
        failure: why not.
    """

    path: Path
    planned: Planned | None
    failure: str = ""

    @property
    def rank(self) -> tuple[float, ...]:
        """Smaller is better: admitted, boldest rung, least margin in tenths, what was kept."""
        if self.planned is None:
            return (2.0,)
        if self.planned.admission.task is None:
            return (1.0,)
        margin = int(_MARGIN_STEPS * _least_margin(self.planned))
        return (0.0, float(_rung(self.planned)), float(-margin), -kept_share(self.planned))

    def __str__(self) -> str:
        """One line for reports and terminals."""
        if self.planned is None:
            return f"{self.path.name}: not usable: {self.failure}"
        admission = self.planned.admission
        if admission.task is None:
            return f"{self.path.name}: refused: {admission.attempts[-1]}"
        kept = f"{100 * kept_share(self.planned):.0f} % of way and pace kept"
        return f"{self.path.name}: {admission.attempts[-1]}; {kept}"


def choose_candidate(
    paths: Sequence[Path], config: Config, times: StageTimes
) -> tuple[Planned, tuple[str, ...]]:
    """Plans and rehearses every clip and takes the best.

    Those admitted come before those refused; then the rung of the ladder counts, then the least
    margin of all rehearsals in steps of a tenth, then how much of way and pace was kept. Where all
    that is equal the order of `paths` decides.

    Args:
        paths: videos or motion capture files of one task, at least one.
        config: of the chain.
        times: of the stages.

    Returns:
        The best, admitted or not, and a line on each, the best first; no line where there was no
        choice.

    Raises:
        ExoactorError: no clip can be used; of several the message names each.
    """
    if len(paths) == 1:
        return plan_source(paths[0], config, times), ()
    with rehearsal_pool() as pool:
        ranked = rank([_try_candidate(pool, path, config, times) for path in paths])
    lines = tuple(map(str, ranked))
    if ranked[0].planned is None:
        raise VideoError(" | ".join(lines))
    return ranked[0].planned, lines


def rank(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The best first."""
    return sorted(candidates, key=lambda one: one.rank)


def kept_share(planned: Planned) -> float:
    """The smaller of the shares of the reference's way and pace that the robot kept, 0 .. 1."""
    figures = planned.admission.attempts[-1].rehearsed.trials[0].figures
    asked_m = _way_m(planned.reference)
    way = min(1.0, (figures.travel_m + _LEAST_WAY_M) / (asked_m + _LEAST_WAY_M))
    return float(min(way, 1.0 / max(1.0, figures.duration_ratio)))


def _try_candidate(pool: RehearsalPool, path: Path, config: Config, times: StageTimes) -> Candidate:
    try:
        return Candidate(path, plan_source_with(pool, path, config, times))
    except ExoactorError as error:
        return Candidate(path, None, str(error))


def _rung(planned: Planned) -> int:
    attempt = planned.admission.attempts[-1]
    return LADDER.index((attempt.level, attempt.stride)) if isinstance(attempt, Attempt) else 0


def _least_margin(planned: Planned) -> float:
    margins = planned.admission.attempts[-1].rehearsed.margins
    return min((margin.share for margin in margins), default=0.0)


def _way_m(reference: Reference) -> float:
    root = reference.root_position_in_world
    return float(np.linalg.norm(root[-1, :2] - root[0, :2]))
