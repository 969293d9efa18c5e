"""What a report tells of one run: plain frozen data, filled by whoever ran the chain."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from exoactor_rt.execution import Execution

Image = npt.NDArray[np.uint8]
"""[height, width, 3] RGB."""


@dataclass(frozen=True)
class Criterion:
    """One thing a run must keep.

    Attributes:
        name: what is judged, e.g. "wrist error, rms".
        got: the value.
        allowed: the limit.
        unit: unit of both.
        passed: the outcome; stated, as some limits are upper and some lower ones.
    """

    name: str
    got: float
    allowed: float
    unit: str
    passed: bool


@dataclass(frozen=True)
class Verdict:
    """Whether the run passed, the criteria, and in words why not."""

    passed: bool
    criteria: tuple[Criterion, ...] = ()
    reasons: tuple[str, ...] = ()


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


@dataclass(frozen=True)
class PlanSummary:
    """The plan: its level on the ladder, its phases, steps and changes."""

    level: str
    phases: tuple[PhaseSummary, ...] = ()
    steps: tuple[StepSummary, ...] = ()
    changes: tuple[ChangeSummary, ...] = ()
    reference_duration_s: float = 0.0
    attempts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Picture:
    """A picture with its caption, of one of the kinds "input" and "execution"."""

    caption: str
    image: Image
    kind: str = "execution"


@dataclass(frozen=True)
class RunSummary:
    """One run of the chain.

    Attributes:
        title: headline, usually the clip's name.
        verdict: pass or fail, with reasons.
        clip: the input.
        stage_times_s: stage -> s, in order.
        plan: None when planning was not reached.
        execution: None when nothing was executed.
        pictures: stills of the input with overlay and of the execution.
        notes: what was trimmed, filled or assumed before planning, in words.
        environment: name -> value: versions, machine, model hashes.
        files: name -> path of what the run wrote beside the report.
    """

    title: str
    verdict: Verdict
    clip: ClipSummary
    stage_times_s: dict[str, float] = field(default_factory=dict)
    plan: PlanSummary | None = None
    execution: Execution | None = None
    pictures: tuple[Picture, ...] = ()
    notes: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
