"""A plan in words, for the terminal and the report."""

from __future__ import annotations

from exoactor_rt._core.planning import plan_duration_s, plan_stretch
from exoactor_rt._core.types import Phase, PhaseKind, Plan, PlanChange, PlanLevel, Side

_LEVEL_WORDS = {
    PlanLevel.NOMINAL: "nominal",
    PlanLevel.TIGHT: "tight",
    PlanLevel.STANCE_ONLY: "stance only",
}


def describe_change(change: PlanChange) -> str:
    """One line: when, what, asked, given, why."""
    when = f"{change.reference_start_s:6.2f}"
    if change.reference_end_s > change.reference_start_s:
        when += f"-{change.reference_end_s:.2f}"
    unit = f" {change.unit}" if change.unit else ""
    figures = f"asked {change.asked:.3g}{unit}, given {change.given:.3g}{unit}"
    return f"{when} s: {change.what}: {figures} ({change.why})"


def _describe_phase(plan: Plan, phase: Phase) -> str:
    span = f"{phase.reference_start_s:6.2f}-{phase.reference_end_s:.2f} s"
    if phase.kind == PhaseKind.WALK:
        steps = plan.steps[phase.first_step : phase.first_step + phase.step_count]
        inserted = sum(step.inserted for step in steps)
        words = ", ".join(
            f"{'L' if step.side == Side.LEFT else 'R'}"
            f" {step.forward_m:+.2f}/{step.lateral_m:.2f} m {step.yaw_rad:+.2f} rad"
            for step in steps
        )
        extra = f" ({inserted} inserted)" if inserted else ""
        return f"{span}: {len(steps)} steps{extra}: {words}"
    blend = ""
    if (phase.blend_start, phase.blend_end) != (1.0, 1.0):
        blend = f", blend {phase.blend_start:g} to {phase.blend_end:g}"
    return f"{span}: stance for {phase.duration_s:.2f} s{blend}"


def describe(plan: Plan) -> list[str]:
    """Level, duration, phases, steps and changes of a plan, one line each."""
    posture = plan.posture
    reference_s = (len(posture.com_height) - 1) / posture.rate_hz
    steps = plan.steps
    inserted = sum(step.inserted for step in steps)
    lines = [
        f"level {_LEVEL_WORDS[plan.level]}: {len(plan.phases)} phases,"
        f" {len(steps) - inserted} steps of the reference and {inserted} inserted",
        f"reference {reference_s:.2f} s, stretched {plan_stretch(plan):.2f} times,"
        f" {plan_duration_s(plan):.2f} s with blends",
    ]
    lines += [f"phase {k}: {_describe_phase(plan, phase)}" for k, phase in enumerate(plan.phases)]
    changes = plan.changes
    lines.append(f"{len(changes)} changes to the reference")
    lines += [f"change: {describe_change(change)}" for change in changes]
    return lines
