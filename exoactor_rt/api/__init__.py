"""What the service and its clients say to each other: documents, states, routes' types."""

from exoactor_rt.api.documents import (
    Approval,
    Artifact,
    Health,
    LatenessBin,
    Problem,
    ProgressEvent,
    RobotDocument,
    StateEvent,
    TaskDocument,
    TaskList,
    TaskOptions,
    TaskRequest,
    Upload,
)
from exoactor_rt.api.states import FINAL, TRANSITIONS, TaskState, may_become

__all__ = [
    "FINAL",
    "TRANSITIONS",
    "Approval",
    "Artifact",
    "Health",
    "LatenessBin",
    "Problem",
    "ProgressEvent",
    "RobotDocument",
    "StateEvent",
    "TaskDocument",
    "TaskList",
    "TaskOptions",
    "TaskRequest",
    "TaskState",
    "Upload",
    "may_become",
]
