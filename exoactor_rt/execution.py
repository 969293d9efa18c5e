"""What a robot did with a plan, sampled over time: the record that reports and videos are made of.

`N` is the number of samples; vectors are in metres, joints in the SDK's order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from exoactor_rt.types import BoolArray, FloatArray

FULL_BLEND = 0.99


@dataclass(frozen=True)
class Execution:
    """One execution, in simulation the true motion beside the planned one.

    Optional arrays are None where they were not recorded; what needs them is left out.

    Attributes:
        times_s: [N] s, execution time from 0, rising.
        reference_time_s: [N] s, where in the reference the robot is.
        root_position_in_world: [N, 3] the pelvis link's origin.
        quat_world_root_wxyz: [N, 4] unit.
        joint_position: [N, 29] rad.
        joint_velocity: [N, 29] rad/s.
        joint_torque: [N, 29] Nm.
        planned_joint_position: [N, 29] rad; waist and arms are to be followed, legs are a hint.
        fallen: the robot fell or was stopped for it.
        fall_reason: in words; empty when it did not fall.
        steps_planned: footsteps of the plan.
        steps_executed: footsteps done.
        blend: [N] 0 standing pose .. 1 reference.
        wrist_position_in_pelvis: [N, 2, 3] left, right wrist yaw link, pelvis axes.
        planned_wrist_position_in_pelvis: [N, 2, 3].
        com_in_world: [N, 3] centre of mass.
        planned_com_in_world: [N, 3].
        dcm_in_world: [N, 2] divergent component of motion.
        planned_dcm_in_world: [N, 2].
        zmp_in_world: [N, 2] zero-moment point.
        foot_position_in_world: [N, 2, 3] ankle roll links.
        planned_foot_position_in_world: [N, 2, 3].
        contact: [N, 2] 1 where the foot is commanded to stand.
        tick_us: [N] us, computing time of the control tick.
    """

    times_s: FloatArray
    reference_time_s: FloatArray
    root_position_in_world: FloatArray
    quat_world_root_wxyz: FloatArray
    joint_position: FloatArray
    joint_velocity: FloatArray
    joint_torque: FloatArray
    planned_joint_position: FloatArray
    fallen: bool = False
    fall_reason: str = ""
    steps_planned: int = 0
    steps_executed: int = 0
    blend: FloatArray | None = None
    wrist_position_in_pelvis: FloatArray | None = None
    planned_wrist_position_in_pelvis: FloatArray | None = None
    com_in_world: FloatArray | None = None
    planned_com_in_world: FloatArray | None = None
    dcm_in_world: FloatArray | None = None
    planned_dcm_in_world: FloatArray | None = None
    zmp_in_world: FloatArray | None = None
    foot_position_in_world: FloatArray | None = None
    planned_foot_position_in_world: FloatArray | None = None
    contact: FloatArray | None = None
    tick_us: FloatArray | None = None

    @property
    def duration_s(self) -> float:
        """From the first sample to the last."""
        return float(self.times_s[-1] - self.times_s[0]) if len(self.times_s) else 0.0

    @property
    def followed(self) -> BoolArray:
        """[N] where the reference is followed fully: after the blend in, before the blend out."""
        if self.blend is None:
            return np.ones(len(self.times_s), dtype=np.bool_)
        return np.asarray(self.blend >= FULL_BLEND, dtype=np.bool_)

    def sample_at(self, time_s: float) -> int:
        """Index of the last sample not after `time_s`, 0 before the first."""
        return max(0, int(np.searchsorted(self.times_s, time_s + 1e-9, side="right")) - 1)

    def take(self, indices: Sequence[int] | FloatArray) -> Execution:
        """The same execution at some samples only."""
        chosen = np.asarray(indices, dtype=np.intp)
        values: dict[str, Any] = {entry.name: getattr(self, entry.name) for entry in fields(self)}
        for name, value in values.items():
            if isinstance(value, np.ndarray):
                values[name] = value[chosen]
        return Execution(**values)
