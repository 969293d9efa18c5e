"""An admission as the report tells it."""

from __future__ import annotations

from exoactor_rt.planning import Footstep, PhaseKind, Side
from exoactor_rt.replay import Admission
from exoactor_rt.report.summary import (
    REFUSED,
    ChangeSummary,
    PhaseSummary,
    PlanSummary,
    StepSize,
    StepSummary,
)
from exoactor_rt.tracker import describe_correction, describe_speeds
from exoactor_rt.types import Reference


def summarise_plan(admission: Admission, reference: Reference) -> PlanSummary:
    """Level, phases, steps and changes of a plan; a tracker's policy; a refusal's attempts."""
    attempts = tuple(str(attempt) for attempt in admission.attempts)
    last = admission.attempts[-1:]
    margins = tuple(str(margin) for attempt in last for margin in attempt.rehearsed.margins)
    duration_s = (len(reference.joint_position) - 1) / reference.rate_hz
    plan = admission.plan
    if admission.tracking is not None:
        bundle = admission.tracking.policy.bundle
        policy = (
            f"{bundle.name}, {bundle.licence}, {bundle.source}",
            f"network sha256 {bundle.onnx_sha256}",
            describe_speeds(bundle),
            describe_correction(admission.tracking.correction),
        )
        return PlanSummary(
            "tracker",
            reference_duration_s=duration_s,
            attempts=attempts,
            margins=margins,
            policy=policy,
        )
    if plan is None:
        return PlanSummary(
            REFUSED, reference_duration_s=duration_s, attempts=attempts, margins=margins
        )
    return PlanSummary(
        level=plan.level.name.lower().replace("_", " "),
        phases=tuple(
            PhaseSummary(
                kind="walk" if phase.kind == PhaseKind.WALK else "stance",
                reference_start_s=phase.reference_start_s,
                reference_end_s=phase.reference_end_s,
                duration_s=phase.duration_s,
                step_count=phase.step_count,
            )
            for phase in plan.phases
        ),
        steps=tuple(map(_summarise_step, plan.steps)),
        changes=tuple(
            ChangeSummary(
                what=change.what,
                reference_start_s=change.reference_start_s,
                reference_end_s=change.reference_end_s,
                asked=change.asked,
                given=change.given,
                unit=change.unit,
                why=change.why,
            )
            for change in plan.changes
        ),
        reference_duration_s=duration_s,
        attempts=attempts,
        margins=margins,
    )


def _summarise_step(step: Footstep) -> StepSummary:
    given = StepSize(step.forward_m, step.lateral_m, step.yaw_rad, step.swing_s, step.lift_m)
    asked = step.asked
    return StepSummary(
        side="left" if step.side == Side.LEFT else "right",
        given=given,
        asked=None
        if step.inserted
        else StepSize(asked.forward_m, asked.lateral_m, asked.yaw_rad, asked.swing_s, asked.lift_m),
        reference_liftoff_s=step.reference_liftoff_s,
        reference_touchdown_s=step.reference_touchdown_s,
    )
