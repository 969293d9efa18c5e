"""What a report tells of one run: plain frozen data, filled by whoever ran the chain."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from exoactor_rt.execution import Execution
from exoactor_rt.replay import Figures, Verdict
from exoactor_rt.report.margins import Margin

Image = npt.NDArray[np.uint8]
"""[height, width, 3] RGB."""


@dataclass(frozen=True)
class ClipSummary:
    """The input: a clip, or a motion file without pictures (width 0)."""

    name: str
    sha256: str = ""
    width_px: int = 0
    height_px: int = 0
    frame_count: int = 0
    rate_hz: float = 0.0
    duration_s: float = 0.0


@dataclass(frozen=True)
class PhaseSummary:
    """A stretch of the plan; `kind` is "stance" or "walk"."""

    kind: str
    reference_start_s: float
    reference_end_s: float
    duration_s: float
    step_count: int = 0


@dataclass(frozen=True)
class StepSize:
    """A foot's placement relative to the other foot, and how it gets there."""

    forward_m: float
    lateral_m: float
    yaw_rad: float = 0.0
    swing_s: float = 0.0
    lift_m: float = 0.0


@dataclass(frozen=True)
class StepSummary:
    """A footstep: `side` is "left" or "right"; `asked` is None where the plan inserted it."""

    side: str
    given: StepSize
    asked: StepSize | None = None
    reference_liftoff_s: float = 0.0
    reference_touchdown_s: float = 0.0


@dataclass(frozen=True)
class ChangeSummary:
    """Something of the reference that the plan changed or left out, and why."""

    what: str
    reference_start_s: float
    reference_end_s: float
    asked: float
    given: float
    unit: str
    why: str


REFUSED = "refused"


@dataclass(frozen=True)
class PlanSummary:
    """The plan that was executed, or the attempts at one.

    Attributes:
        level: rung of the ladder, or REFUSED.
        phases: in order.
        steps: in order.
        changes: what of the reference was changed or left out.
        reference_duration_s: length of the reference.
        attempts: the rungs tried, one line each.
        margins: the smallest of each kind over all rehearsals of the last rung, one line each.
        policy: of the learned tracker that executed in place of a plan, in words.
    """

    level: str
    phases: tuple[PhaseSummary, ...] = ()
    steps: tuple[StepSummary, ...] = ()
    changes: tuple[ChangeSummary, ...] = ()
    reference_duration_s: float = 0.0
    attempts: tuple[str, ...] = ()
    margins: tuple[str, ...] = ()
    policy: tuple[str, ...] = ()

    @property
    def refused(self) -> bool:
        """No rung of the ladder held; there is no plan."""
        return self.level == REFUSED


@dataclass(frozen=True)
class Picture:
    """A picture with its caption."""

    caption: str
    image: Image


@dataclass(frozen=True)
class RunSummary:
    """One run of the chain.

    Attributes:
        title: headline: the instruction, or the clip's name.
        verdict: pass or fail, with reasons.
        figures: what the execution amounts to; None when nothing was executed.
        clip: the input.
        stage_times_s: stage -> s, in order.
        plan: None when planning was not reached.
        execution: None when nothing was executed.
        robot: that executed it, in words.
        margins: `joint_margins` of every tick; of the execution's samples when empty.
        input_pictures: stills of the clip with what perception saw.
        execution_pictures: stills of input, reference and robot side by side.
        notes: what was trimmed, filled or assumed before planning, in words.
        ranking: of several candidate clips, one line each, the best first.
        environment: name -> value: versions, machine, model hashes.
        files: name -> path of what the run wrote beside the report.
    """

    title: str
    verdict: Verdict
    clip: ClipSummary
    stage_times_s: dict[str, float] = field(default_factory=dict)
    plan: PlanSummary | None = None
    execution: Execution | None = None
    robot: str = ""
    figures: Figures | None = None
    margins: tuple[Margin, ...] = ()
    input_pictures: tuple[Picture, ...] = ()
    execution_pictures: tuple[Picture, ...] = ()
    notes: tuple[str, ...] = ()
    ranking: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
