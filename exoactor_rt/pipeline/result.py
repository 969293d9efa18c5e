"""What a run of the chain leaves to its caller."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from exoactor_rt.pipeline.chain import Planned
from exoactor_rt.replay import Figures, Verdict
from exoactor_rt.sim import Rollout


@dataclass(frozen=True)
class RunResult:
    """A whole run.

    Attributes:
        verdict: on the execution; failed when the motion was refused.
        planned: how it was planned.
        rollout: None when the motion was refused.
        figures: None when the motion was refused.
        files: name -> path of everything written.
        missing_film: why there is no film of the execution; empty when there is one.
        override: by whom and why a refused plan was executed; empty where it was admitted.
        provenance: name -> value: what made this run, see `environment`, `recorder.tick_setup`.
        ranking: of several candidates, one line each, the one executed first.
    """

    verdict: Verdict
    planned: Planned
    rollout: Rollout | None
    figures: Figures | None
    files: dict[str, Path]
    missing_film: str = ""
    override: str = ""
    ranking: tuple[str, ...] = ()
    provenance: dict[str, str] = field(default_factory=dict)

    @property
    def refused(self) -> bool:
        """Nothing passed its rehearsals, and nothing was executed."""
        return self.rollout is None
