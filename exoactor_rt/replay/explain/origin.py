"""The stages of the chain that an incident can point to, and what to do next about each."""

from __future__ import annotations

from enum import Enum


class Origin(str, Enum):
    """Where in the chain it began."""

    VIDEO = "video"
    MOTION = "motion"
    PLAN = "plan"
    CONTROL = "control"
    ROBOT = "robot"
    SURROUNDINGS = "surroundings of the robot"
    PEOPLE = "people at the robot"
    NONE = "none"


NEXT_STEP = {
    Origin.VIDEO: "look at the clip at that time: cut, blur or a covered person; "
    "generate or film it again",
    Origin.MOTION: "look at the reference with `exoactor replay reference.npz --check --html`; "
    "film the motion with less of what it names",
    Origin.PLAN: "check the plan with `exoactor replay PLAN --check --html`, plan it at a tighter "
    "level, and execute no plan that fails its check",
    Origin.CONTROL: "find out whether the code or the plan changed: `exoactor replay LOG --rerun "
    "all`; then send the log to the maintainers",
    Origin.ROBOT: "look at the robot: the part named, its cables and its temperature; execute "
    "nothing before it is found",
    Origin.SURROUNDINGS: "look at the robot's surroundings at that time: a person or thing that "
    "touched it, the floor; `exoactor replay LOG --sim` shows the same plan undisturbed",
    Origin.PEOPLE: "nothing to repair: it was asked for; `exoactor replay LOG --check` tells "
    "whether the motion was within its limits until then",
    Origin.NONE: "nothing",
}
"""What a person can do, by the stage."""
