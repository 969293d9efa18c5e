"""Control: the whole-body controller that executes a plan, and stands when there is none."""

from exoactor_rt._core.control import (
    Activity,
    ControlStatus,
    ControlTelemetry,
    WholeBodyController,
    find_plan_defect,
)
from exoactor_rt._core.estimation import StateEstimator

__all__ = [
    "Activity",
    "ControlStatus",
    "ControlTelemetry",
    "StateEstimator",
    "WholeBodyController",
    "find_plan_defect",
]
