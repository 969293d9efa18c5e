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
    "LevelLimits",
    "check_plan",
    "label_contacts",
    "level_limits",
    "plan_clock",
    "plan_duration_s",
    "plan_motion",
    "plan_stretch",
]

class LevelLimits:
    """
    What a plan may ask of the controller.
    """
    def yaw_max_rad(self, side: exoactor_rt._core.types.Side) -> float:
        """
        Highest yaw of a step.
        """
    def yaw_min_rad(self, side: exoactor_rt._core.types.Side) -> float:
        """
        Lowest yaw of a step relative to the stance foot, left positive.
        """
    @property
    def com_stepping_max_m(self) -> float: ...
    @property
    def com_stepping_min_m(self) -> float: ...
    @property
    def forward_max_m(self) -> float: ...
    @property
    def forward_min_m(self) -> float: ...
    @property
    def lateral_max_m(self) -> float: ...
    @property
    def lateral_min_m(self) -> float: ...
    @property
    def lift_max_m(self) -> float: ...
    @property
    def lift_min_m(self) -> float: ...
    @property
    def steps_allowed(self) -> bool: ...
    @property
    def swing_max_s(self) -> float: ...
    @property
    def swing_min_s(self) -> float: ...

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

def level_limits(level: exoactor_rt._core.types.PlanLevel) -> LevelLimits:
    """
    The limits of a rung of the ladder.
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
    stride: typing.SupportsFloat | typing.SupportsIndex,
) -> exoactor_rt._core.types.Plan:
    """
    A feasible plan for a reference; raises PlanningError.
    """

def plan_stretch(plan: exoactor_rt._core.types.Plan) -> float:
    """
    Nominal duration between the blends over the reference's.
    """
