"""From a robot reference to a feasible plan."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from exoactor_rt._core import planning as _planning
from exoactor_rt._core.model import RobotModel
from exoactor_rt._core.types import Plan, PlanChange, PlanLevel
from exoactor_rt.errors import PlanningError
from exoactor_rt.retarget import arm_gap_m, clear_arms
from exoactor_rt.robots import g1
from exoactor_rt.types import BoolArray, FloatArray, Reference


@lru_cache(maxsize=1)
def _robot_model() -> RobotModel:
    return RobotModel(str(g1.model_path()))


def plan_motion(
    reference: Reference, level: PlanLevel = PlanLevel.NOMINAL, stride: float = 1.0
) -> Plan:
    """Makes a feasible plan for `reference` within the limits of `level`.

    Foot contacts become footsteps relative to the stance foot, each clamped; pauses divide them
    into bursts; torso, pelvis, arms and the height of the centre of mass follow the reference by
    its own time, slowed where they are too fast; arms that overlap the body are moved off it first.
    `Plan.changes` lists what differs from the
    reference. Deterministic.

    Args:
        reference: the retargeter's output, with foot contacts.
        level: whose limits to keep.
        stride: share of the level's limits on length, width and speed of steps, above 0, at most 1.

    Raises:
        PlanningError: the reference is malformed, in the air throughout, or not on its feet.
    """
    cleared, change = _arms_off_the_body(reference)
    plan = _plan(cleared, level, stride)
    if change is not None:
        plan.changes = [*plan.changes, change]
    return plan


def _arms_off_the_body(reference: Reference) -> tuple[Reference, PlanChange | None]:
    """The reference with its arms clear of the body, and what that changed; itself if they are.

    What is malformed is left to the planner to refuse.
    """
    arrays = (
        reference.root_position_in_world,
        reference.quat_world_root_wxyz,
        reference.joint_position,
    )
    lengths = {len(array) for array in arrays}
    if lengths in ({0}, set()) or len(lengths) > 1 or not all(np.isfinite(a).all() for a in arrays):
        return reference, None
    if not 0.0 < reference.rate_hz < np.inf:
        return reference, None
    gap = arm_gap_m(reference)
    touching = np.flatnonzero(gap < 0.0)
    if not len(touching):
        return reference, None
    cleared = clear_arms(reference)
    if np.array_equal(cleared.joint_position, reference.joint_position):
        return reference, None
    change = PlanChange()
    change.what = "arms off the body"
    change.reference_start_s = float(touching[0] / reference.rate_hz)
    change.reference_end_s = float(touching[-1] / reference.rate_hz)
    change.asked = float(gap.min())
    change.given = float(arm_gap_m(cleared).min())
    change.unit = "m"
    change.why = "parts of the robot would overlap"
    return cleared, change


def _plan(reference: Reference, level: PlanLevel, stride: float) -> Plan:
    return _planning.plan_motion(
        reference.rate_hz,
        reference.root_position_in_world,
        reference.quat_world_root_wxyz,
        reference.joint_position,
        np.asarray(reference.contact, dtype=np.int32),
        _robot_model(),
        g1.standing_position(),
        level,
        stride,
    )


def label_contacts(
    rate_hz: float,
    root_position_in_world: FloatArray,
    quat_world_root_wxyz: FloatArray,
    joint_position: FloatArray,
) -> BoolArray:
    """Foot contacts of a robot motion that comes without them.

    Args:
        rate_hz: frames a second.
        root_position_in_world: [T, 3] m.
        quat_world_root_wxyz: [T, 4] unit.
        joint_position: [T, 29] rad, SDK order.

    Returns:
        [T, 2] the left, right foot stands on the ground.

    Raises:
        PlanningError: there is no frame, the arrays differ in length, or a value is not finite.
    """
    arrays = (root_position_in_world, quat_world_root_wxyz, joint_position)
    lengths = [len(array) for array in arrays]
    if lengths[0] == 0 or len(set(lengths)) > 1:
        raise PlanningError(
            f"motion: root, attitudes and joints have {lengths} frames, must be equal and not 0; "
            "no contacts are labelled"
        )
    if not 0.0 < rate_hz < np.inf or not all(np.isfinite(array).all() for array in arrays):
        raise PlanningError(
            f"motion: rate {rate_hz} Hz or a value that is not finite; no contacts are labelled"
        )
    contact = _planning.label_contacts(
        rate_hz, root_position_in_world, quat_world_root_wxyz, joint_position, _robot_model()
    )
    return np.asarray(contact, dtype=np.bool_)
