"""Puts what a log shows into words: what, when, what led there, where it points, what next."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from exoactor_rt._core.control import Activity
from exoactor_rt.errors import LogError
from exoactor_rt.planning import Plan, parse_plan, plan_clock
from exoactor_rt.recorder import RunRecord
from exoactor_rt.replay.check_limits import robot_limits
from exoactor_rt.replay.check_record import describe
from exoactor_rt.replay.check_run import check_subject
from exoactor_rt.replay.clip_view import (
    CLIP_VIEW_ATTACHMENT,
    ClipView,
    Glimpse,
    hardly_seen,
    parse_clip_view,
)
from exoactor_rt.replay.explain.incident import Incident, find_incidents, time_of
from exoactor_rt.replay.explain.origin import NEXT_STEP, Origin
from exoactor_rt.replay.explain.pointing import (
    Refused,
    from_clip,
    parts_of,
    point_to,
    stage_of_plan,
)
from exoactor_rt.replay.explain.symptom import QUANTITIES, find_symptoms
from exoactor_rt.replay.explain.trend import TREND_COLUMNS, trend_lines
from exoactor_rt.replay.fall import HEIGHT_COLUMNS
from exoactor_rt.replay.subject_file import subject_of_plan

NEEDED = ("now_ns", "guard_state", "trip_cause", "quat_world_imu_wxyz", "base_position_in_world")
"""Columns without which nothing can be explained."""

COLUMNS = (
    *NEEDED,
    *HEIGHT_COLUMNS,
    "tick_index",
    "trip_joint",
    "trip_got",
    "trip_allowed",
    "activity",
    "wanted_stamp_ns",
    "phase_index",
    "reference_time_s",
    "steps_done",
    *(name for quantity in QUANTITIES for name in quantity.needs),
    *TREND_COLUMNS,
)
"""Columns that are looked at, where the log has them."""


_SEEN_BEFORE_S, _SEEN_AFTER_S = 0.5, 0.25
"""How far around a moment the clip is looked at, s of the reference."""


@dataclass(frozen=True)
class Explanation:
    """One incident explained, or that there was none.

    Attributes:
        incident: None when nothing happened.
        doing: what the robot was about at that time, in words.
        led_to: what became unusual before, or what the plan asks for that its check refuses.
        trend: lines of a table: how the quantity concerned grew.
        origin: the stage that it points to.
        because: why that stage.
        next_step: what to do.
    """

    incident: Incident | None
    doing: str
    led_to: tuple[str, ...]
    trend: tuple[str, ...]
    origin: Origin
    because: str
    next_step: str


def explain(run: RunRecord) -> list[Explanation]:
    """Every incident of a log, in order; one Explanation without incident when there was none.

    Raises:
        LogError: the log lacks a column of NEEDED, or what it holds of the clip is damaged.
        PlanningError: the plan in it cannot be read.
    """
    missing = [name for name in NEEDED if name not in run.ticks]
    if missing:
        raise LogError(f"log {run.path}: it has no column {missing[0]}; nothing explained")
    view = _clip_view(run)
    refused = tuple(_refused_by_plan_check(run, view))
    incidents = find_incidents(run)
    if not incidents:
        return [_uneventful(run, refused)]
    return [_explain_one(run, incident, refused, view) for incident in incidents]


def _explain_one(
    run: RunRecord, incident: Incident, refused: tuple[Refused, ...], view: ClipView | None
) -> Explanation:
    symptoms = find_symptoms(run.ticks, incident.row)
    hidden = _hidden_at(view, _reference_time_s(run, incident.row))
    origin, because = point_to(incident, symptoms, refused, from_clip(run), hidden)
    led_to = [str(symptom) for symptom in symptoms]
    if origin not in (Origin.ROBOT, Origin.PEOPLE):
        led_to += [str(glimpse) for glimpse in hidden]
    if origin in (Origin.PLAN, Origin.MOTION, Origin.VIDEO):
        led_to += [f"in the plan: {item.words}" for item in refused]
    return Explanation(
        incident,
        _doing(run, incident.row),
        tuple(led_to),
        tuple(trend_lines(run.ticks, incident, symptoms)),
        origin,
        because,
        NEXT_STEP[origin],
    )


def _refused_by_plan_check(run: RunRecord, view: ClipView | None) -> Iterator[Refused]:
    """What the checks refuse of the log's plans, and what of it the clip hardly showed."""
    for name, content in run.attachments.items():
        if name.startswith("plan") and name.endswith(".npz"):
            plan = parse_plan(content, f"{run.path.name}:{name}")
            result = check_subject(subject_of_plan(plan, name), robot_limits())
            for check, found in result.violations:
                hidden = _hidden_at(view, _reference_time_of(plan, found.first_s))
                concerned = [str(one) for one in hidden if one.part in parts_of(found.where)]
                yield Refused(check.name, describe(check, found), "; ".join(concerned))


def _clip_view(run: RunRecord) -> ClipView | None:
    content = run.attachments.get(CLIP_VIEW_ATTACHMENT)
    if content is None:
        return None
    return parse_clip_view(content, f"log {run.path}: {CLIP_VIEW_ATTACHMENT}")


def _hidden_at(view: ClipView | None, reference_s: float) -> list[Glimpse]:
    """What was hardly seen of the person around a time of the reference."""
    if view is None or math.isnan(reference_s):
        return []
    return hardly_seen(view, reference_s - _SEEN_BEFORE_S, reference_s + _SEEN_AFTER_S)


def _reference_time_of(plan: Plan, plan_s: float) -> float:
    corners = plan_clock(plan)
    return float(np.interp(plan_s, corners[:, 0], corners[:, 1]))


def _reference_time_s(run: RunRecord, row: int) -> float:
    """Where in the reference the plan was at a tick; NaN where none was under way."""
    ticks = run.ticks
    if any(name not in ticks for name in ("wanted_stamp_ns", "phase_index", "reference_time_s")):
        return math.nan
    driven = np.flatnonzero(ticks["wanted_stamp_ns"][: row + 1] != 0)
    if not len(driven) or ticks["phase_index"][driven[-1]] < 0:
        return math.nan
    return float(ticks["reference_time_s"][driven[-1]])


def _uneventful(run: RunRecord, refused: tuple[Refused, ...]) -> Explanation:
    last = len(run.ticks["now_ns"]) - 1
    words = f"no stop, no trip and no fall in {time_of(run, last):.1f} s"
    if refused:
        origin, because = stage_of_plan(refused[0], from_clip(run))
        led_to = tuple(f"in the plan: {item.words}" for item in refused)
        return Explanation(None, words, led_to, (), origin, because, NEXT_STEP[origin])
    return Explanation(None, words, (), (), Origin.NONE, "nothing happened", NEXT_STEP[Origin.NONE])


def _doing(run: RunRecord, row: int) -> str:
    ticks = run.ticks
    if "activity" not in ticks or "wanted_stamp_ns" not in ticks:
        return "not told by the log"
    driven = np.flatnonzero(ticks["wanted_stamp_ns"][: row + 1] != 0)
    if not len(driven):
        return "not driven yet"
    row = int(driven[-1])
    words = Activity(int(ticks["activity"][row])).name.lower().replace("_", " ")
    if ticks["phase_index"][row] < 0:
        return f"{words}, no plan under way"
    return (
        f"{words}, phase {int(ticks['phase_index'][row])} of the plan, "
        f"{float(ticks['reference_time_s'][row]):.2f} s of the reference, "
        f"{int(ticks['steps_done'][row])} steps done"
    )
