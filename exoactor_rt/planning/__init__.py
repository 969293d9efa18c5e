"""Planning: a robot reference becomes footsteps, phases and a posture that can be executed."""

from exoactor_rt._core.planning import check_plan, plan_clock, plan_duration_s, plan_stretch
from exoactor_rt._core.types import (
    FootKeyframe,
    Footstep,
    Phase,
    PhaseKind,
    Plan,
    PlanChange,
    PlanLevel,
    PostureTrack,
    Side,
)
from exoactor_rt.planning.description import describe, describe_change
from exoactor_rt.planning.plan_file import load_plan, parse_plan, save_plan
from exoactor_rt.planning.planner import label_contacts, plan_motion

__all__ = [
    "FootKeyframe",
    "Footstep",
    "Phase",
    "PhaseKind",
    "Plan",
    "PlanChange",
    "PlanLevel",
    "PostureTrack",
    "Side",
    "check_plan",
    "describe",
    "describe_change",
    "label_contacts",
    "load_plan",
    "parse_plan",
    "plan_clock",
    "plan_duration_s",
    "plan_motion",
    "plan_stretch",
    "save_plan",
]
