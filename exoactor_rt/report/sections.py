"""The sections of the report, each from one part of the summary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import numpy as np

from exoactor_rt.execution import Execution
from exoactor_rt.replay import Criterion
from exoactor_rt.report import html
from exoactor_rt.report.execution_plots import (
    joint_errors,
    joint_plots,
    load_plots,
    motion_plots,
    tick_plot,
)
from exoactor_rt.report.margins import Margin, execution_margins, worst_margins
from exoactor_rt.report.plan_plots import footstep_map, timeline
from exoactor_rt.report.summary import PlanSummary, RunSummary, StepSize, StepSummary


def verdict_section(run: RunSummary) -> str:
    """Pass, fail or refused in one look, the reasons, and every criterion."""
    word, style = ("PASS", "pass") if run.verdict.passed else ("FAIL", "fail")
    if run.plan is not None and run.plan.refused:
        word = "REFUSED"
    rows = [
        (_mark(c), c.name, _value(c.got, c.unit), _value(c.allowed, c.unit))
        for c in run.verdict.criteria
    ]
    executed = html.paragraph(f"Executed by {run.robot}.") if run.execution and run.robot else ""
    criteria = html.table(("", "criterion", "got", "allowed"), rows, numeric_from=2)
    return (
        f'<section class="verdict {style}"><strong>{word}</strong>'
        f"{executed}{html.bullet_list(run.verdict.reasons)}</section>{criteria if rows else ''}"
    )


def _mark(criterion: Criterion) -> str:
    return "ok" if criterion.passed else "FAILED"


def _value(value: float, unit: str) -> str:
    return f"{value:.3g} {unit}".strip()


def input_section(run: RunSummary) -> str:
    """The clip, what perception saw, and what was assumed on the way."""
    clip = run.clip
    facts = [clip.name]
    if clip.width_px:
        facts.append(f"{clip.width_px} x {clip.height_px} px")
    if clip.frame_count:
        facts.append(f"{clip.frame_count} frames")
    if clip.rate_hz:
        facts.append(f"{clip.rate_hz:.4g} Hz")
    facts.append(f"{clip.duration_s:.2f} s")
    return html.section(
        "Input",
        html.paragraph(", ".join(facts)),
        html.bullet_list(run.notes),
        _ranking(run),
        html.pictures(run.input_pictures, "tiles"),
    )


def _ranking(run: RunSummary) -> str:
    if not run.ranking:
        return ""
    return "<h3>Candidates, the best first</h3>" + html.bullet_list(run.ranking)


def pictures_section(run: RunSummary) -> str:
    """Input, reference and robot side by side."""
    return html.section("What happened", html.pictures(run.execution_pictures, "wide"))


def stages_section(run: RunSummary) -> str:
    """What every stage took."""
    if not run.stage_times_s:
        return ""
    rows = [(stage, f"{seconds:.2f}") for stage, seconds in run.stage_times_s.items()]
    rows.append(("together", f"{sum(run.stage_times_s.values()):.2f}"))
    return html.section("Stage times", html.table(("stage", "s"), rows))


def plan_section(plan: PlanSummary, execution: Execution | None) -> str:
    """Level, timeline, changes and footsteps; of a refusal only what was tried."""
    if plan.refused:
        return html.section(
            "Plan",
            html.paragraph("Nothing survived its rehearsal; nothing was executed."),
            html.bullet_list(plan.attempts),
            _margins(plan),
        )
    if plan.policy:
        return html.section(
            "Tracker",
            html.paragraph("A learned policy follows the reference as it is, without a plan."),
            html.bullet_list(plan.policy + plan.attempts),
            _margins(plan),
        )
    counts = f"{len(plan.phases)} phases, {len(plan.steps)} steps"
    inserted = sum(step.asked is None for step in plan.steps)
    if inserted:
        counts += f" ({inserted} inserted)"
    parts = [
        html.paragraph(f"Level: {plan.level}. {counts}."),
        html.bullet_list(plan.attempts),
        _margins(plan),
        f'<figure class="full">{timeline(plan)}</figure>',
        "<h3>Changed or left out</h3>",
        _changes(plan),
    ]
    if plan.steps:
        parts += [
            "<h3>Footsteps from above</h3>",
            html.paragraph(
                "Forward is right. Filled: given by the plan. Dashed: asked by the reference. "
                "Dots: where the robot's ankles came to stand. Orange left, blue right."
            ),
            f'<figure class="full">{footstep_map(plan, execution)}</figure>',
            html.folded("All steps: given (asked)", _steps(plan.steps)),
        ]
    return html.section("Plan", *parts)


def _margins(plan: PlanSummary) -> str:
    """What was left of each limit in the worst of all rehearsals."""
    if not plan.margins:
        return ""
    return "<h3>Least margins of all rehearsals</h3>" + html.bullet_list(plan.margins)


def _changes(plan: PlanSummary) -> str:
    if not plan.changes:
        return html.paragraph("Nothing.")
    headings = ("#", "what", "reference time", "asked", "given", "why")
    rows = [
        (
            str(number),
            change.what,
            f"{change.reference_start_s:.2f} to {change.reference_end_s:.2f} s",
            _value(change.asked, change.unit),
            _value(change.given, change.unit),
            change.why,
        )
        for number, change in enumerate(plan.changes, 1)
    ]
    return html.table(headings, rows, numeric_from=6)


def _steps(steps: tuple[StepSummary, ...]) -> str:
    headings = ("#", "side", "forward m", "lateral m", "yaw deg", "swing s", "lift m")
    rows = []
    for number, step in enumerate(steps, 1):
        given = _size(step.given)
        if step.asked is not None:
            given = [f"{a} ({b})" for a, b in zip(given, _size(step.asked), strict=True)]
        rows.append((str(number), step.side + ("" if step.asked else ", inserted"), *given))
    return html.table(headings, rows, numeric_from=2)


def _size(size: StepSize) -> list[str]:
    return [
        f"{size.forward_m:.3f}",
        f"{size.lateral_m:.3f}",
        f"{np.degrees(size.yaw_rad):.0f}",
        f"{size.swing_s:.2f}",
        f"{size.lift_m:.3f}",
    ]


def execution_section(run: RunSummary, execution: Execution) -> str:
    """Figures, plots and joint errors."""
    planned = execution.steps_planned
    steps = f", {execution.steps_executed} of {planned} steps" if planned else ""
    fell = f" The robot fell: {execution.fall_reason}." if execution.fallen else ""
    rms_rows = [
        (name.removesuffix("_joint"), f"{rms:.4f}", f"{np.degrees(rms):.2f}", f"{largest:.4f}")
        for name, rms, largest in joint_errors(execution)
    ]
    joints = html.table(("joint", "rms rad", "rms deg", "largest rad"), rms_rows)
    return html.section(
        "Executed",
        html.paragraph(f"{execution.duration_s:.1f} s{steps}.{fell}"),
        _figures(run),
        html.paragraph("Shaded: a foot is off the floor."),
        html.plot_grid(motion_plots(execution)),
        "<h3>Followed joints with the largest errors</h3>",
        html.plot_grid(joint_plots(execution)),
        html.folded("All followed joints", joints if rms_rows else ""),
    )


def _figures(run: RunSummary) -> str:
    if run.figures is None:
        return ""
    units = {"m": "m", "rad": "rad", "s": "s"}
    rows = []
    for name, value in asdict(run.figures).items():
        if isinstance(value, bool | str):
            continue
        words, _, last = name.rpartition("_")
        unit = units.get(last, "")
        label = (words if unit else name).replace("_", " ")
        rows.append((label, _value(float(value), unit)))
    return html.folded("All figures", html.table(("figure", "value"), rows))


def margins_section(run: RunSummary, execution: Execution) -> str:
    """How close joints came to their limits, and what the control tick took."""
    margins = run.margins or execution_margins(execution)
    return html.section(
        "Limits and margins",
        _margin_table(worst_margins(margins)),
        html.folded("Every joint", _margin_table(margins)),
        html.plot_grid(load_plots(execution)),
        _tick_times(execution),
    )


def _margin_table(margins: Sequence[Margin]) -> str:
    headings = ("quantity", "joint", "at s", "value", "limit", "margin", "margin / limit")
    rows = [
        (
            margin.quantity,
            margin.joint.removesuffix("_joint"),
            f"{margin.time_s:.2f}",
            _value(margin.value, margin.unit),
            _value(margin.limit, margin.unit),
            _value(margin.margin, margin.unit),
            f"{100 * margin.share:.0f} %",
        )
        for margin in margins
    ]
    return html.table(headings, rows, numeric_from=2)


def _tick_times(execution: Execution) -> str:
    if execution.tick_us is None or not len(execution.tick_us):
        return ""
    values = np.percentile(execution.tick_us, (50, 99, 99.9, 100))
    headings = ("control tick, us", "p50", "p99", "p99.9", "largest")
    row = ("on this machine", *(f"{value:.0f}" for value in values))
    plot = f'<figure class="full">{tick_plot(execution)}</figure>'
    return "<h3>Control tick</h3>" + html.table(headings, [row]) + html.folded("Over time", plot)


def environment_section(run: RunSummary) -> str:
    """Versions, hashes and the files of the run."""
    rows = [("clip sha256", run.clip.sha256)] if run.clip.sha256 else []
    rows += list(run.environment.items())
    rows += list(run.files.items())
    return html.section("Environment", html.table(("name", "value"), rows, numeric_from=2))
