"""
A robot reference becomes a feasible plan.
"""

from __future__ import annotations
import exoactor_rt._core.model
import exoactor_rt._core.types
import numpy
import numpy.typing
import typing

__all__: list[str] = [
    "check_plan",
    "label_contacts",
    "plan_clock",
    "plan_duration_s",
    "plan_motion",
    "plan_stretch",
]

def check_plan(plan: exoactor_rt._core.types.Plan) -> list[str]:
    """
    Violations of the plan's level, one line each; empty when it may be executed.
    """

def label_contacts(
    rate_hz: typing.SupportsFloat | typing.SupportsIndex,
    root_position_in_world: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[m, 3]"],
    quat_world_root_wxyz: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[m, 4]"],
    joint_position: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[m, 29]"],
    model: exoactor_rt._core.model.RobotModel,
) -> typing.Annotated[numpy.typing.NDArray[numpy.int32], "[m, 2]"]:
    """
    Foot contacts [T, 2] of a reference that comes without them.
    """

def plan_clock(
    plan: exoactor_rt._core.types.Plan,
) -> typing.Annotated[numpy.typing.NDArray[numpy.float64], "[m, 3]"]:
    """
    [N, 3] corners of the nominal clock: execution s, reference s, 1 while stepping.
    """

def plan_duration_s(plan: exoactor_rt._core.types.Plan) -> float:
    """
    Nominal duration, blends included.
    """

def plan_motion(
    rate_hz: typing.SupportsFloat | typing.SupportsIndex,
    root_position_in_world: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[m, 3]"],
    quat_world_root_wxyz: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[m, 4]"],
    joint_position: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[m, 29]"],
    contact: typing.Annotated[numpy.typing.ArrayLike, numpy.int32, "[m, 2]"],
    model: exoactor_rt._core.model.RobotModel,
    standing_position: typing.Annotated[numpy.typing.ArrayLike, numpy.float64, "[29, 1]"],
    level: exoactor_rt._core.types.PlanLevel,
) -> exoactor_rt._core.types.Plan:
    """
    A feasible plan for a reference; raises PlanningError.
    """

def plan_stretch(plan: exoactor_rt._core.types.Plan) -> float:
    """
    Nominal duration between the blends over the reference's.
    """
