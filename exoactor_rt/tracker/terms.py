"""The observation terms that bundles may list, by name.

A term of the reference is computed for every frame of the window, one frame after the other.
Definitions follow TWIST2, BeyondMimic (whole_body_tracking), holosoma and unitree_rl_lab.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from exoactor_rt.tracker.anchor import anchor_pose
from exoactor_rt.tracker.attitude import roll_pitch_yaw
from exoactor_rt.tracker.reference_track import ReferenceWindow
from exoactor_rt.types import FloatArray

Observed = Literal["position", "heading", "velocity", "gait"]


@dataclass(frozen=True)
class Situation:
    """What a step knows; joints in SDK order unless said otherwise.

    Attributes:
        order: [J] SDK index of each joint of the policy.
        default_position: [J] rad, policy order.
        last_action: [J] the network's last output, policy order.
        base_position_in_world: [3] m.
        base_linear_velocity_in_world: [3] m/s.
        rotation_world_base: [3, 3].
        angular_velocity_in_base: [3] rad/s.
        joint_position: [29] rad.
        joint_velocity: [29] rad/s.
        window: the reference, in its own world.
        rotation_world_reference: [3, 3] about z, aligned at the start.
        reference_origin_in_world: [3] m.
        anchor_body: see PolicyBundle.
        velocity_command: [3] forward, left m/s, yaw rate rad/s.
        gait_phase: [2] rad, left and right.
    """

    order: npt.NDArray[np.int_]
    default_position: FloatArray
    last_action: FloatArray
    base_position_in_world: FloatArray
    base_linear_velocity_in_world: FloatArray
    rotation_world_base: FloatArray
    angular_velocity_in_base: FloatArray
    joint_position: FloatArray
    joint_velocity: FloatArray
    window: ReferenceWindow
    rotation_world_reference: FloatArray
    reference_origin_in_world: FloatArray
    anchor_body: str
    velocity_command: FloatArray
    gait_phase: FloatArray

    def robot_anchor(self) -> tuple[FloatArray, FloatArray]:
        """Position [3] and rotation [3, 3] of the robot's anchor body in the world."""
        return anchor_pose(
            self.anchor_body,
            self.base_position_in_world,
            self.rotation_world_base,
            self.joint_position,
        )

    def reference_anchor(self) -> tuple[FloatArray, FloatArray]:
        """Positions [H, 3] and rotations [H, 3, 3] of the reference's anchor in the world."""
        window, turn = self.window, self.rotation_world_reference
        position, rotation = anchor_pose(
            self.anchor_body,
            window.root_position_in_world,
            window.rotation_world_root,
            window.joint_position,
        )
        return self.reference_origin_in_world + position @ turn.T, turn @ rotation


@dataclass(frozen=True)
class TermKind:
    """How a term is computed.

    Attributes:
        compute: its values, [width] or, a row a reference frame, [H, width].
        fixed: entries that do not depend on the joints' number.
        per_joint: entries per joint.
        of_reference: whether it is repeated for each reference frame.
        observes: what it depends on beside IMU, encoders and reference.
    """

    compute: Callable[[Situation], FloatArray]
    fixed: int = 0
    per_joint: int = 0
    of_reference: bool = False
    observes: frozenset[Observed] = frozenset()

    def width(self, joints: int, frames: int) -> int:
        """Entries for so many policy joints and reference frames."""
        return (self.fixed + self.per_joint * joints) * (frames if self.of_reference else 1)


def _reference_angles(s: Situation) -> FloatArray:
    return roll_pitch_yaw(s.window.rotation_world_root)


def _reference_joints(s: Situation) -> FloatArray:
    return np.hstack([s.window.joint_position[:, s.order], s.window.joint_velocity[:, s.order]])


def _anchor_position(s: Situation) -> FloatArray:
    position, rotation = s.robot_anchor()
    return np.asarray((s.reference_anchor()[0] - position) @ rotation)


def _anchor_orientation(s: Situation) -> FloatArray:
    """First two columns of the relative rotation, row by row."""
    relative = s.robot_anchor()[1].T @ s.reference_anchor()[1]
    return np.asarray(relative[..., :2]).reshape(len(relative), 6)


_HEADING: frozenset[Observed] = frozenset({"heading"})
_PLACE: frozenset[Observed] = frozenset({"position", "heading"})
_VELOCITY: frozenset[Observed] = frozenset({"velocity"})
_GAIT: frozenset[Observed] = frozenset({"gait"})

TERMS: Mapping[str, TermKind] = {
    "reference_velocity_xy_in_root": TermKind(
        lambda s: s.window.linear_velocity_in_root[:, :2], fixed=2, of_reference=True
    ),
    "reference_height": TermKind(
        lambda s: s.window.root_position_in_world[:, 2:], fixed=1, of_reference=True
    ),
    "reference_roll_pitch": TermKind(
        lambda s: _reference_angles(s)[:, :2], fixed=2, of_reference=True
    ),
    "reference_yaw_rate_in_root": TermKind(
        lambda s: s.window.angular_velocity_in_root[:, 2:], fixed=1, of_reference=True
    ),
    "reference_joint_position": TermKind(
        lambda s: s.window.joint_position[:, s.order], per_joint=1, of_reference=True
    ),
    "reference_joint_position_velocity": TermKind(
        _reference_joints, per_joint=2, of_reference=True
    ),
    "reference_anchor_position_in_anchor": TermKind(
        _anchor_position, fixed=3, of_reference=True, observes=_PLACE
    ),
    "reference_anchor_orientation_in_anchor": TermKind(
        _anchor_orientation, fixed=6, of_reference=True, observes=_HEADING
    ),
    "base_linear_velocity": TermKind(
        lambda s: s.rotation_world_base.T @ s.base_linear_velocity_in_world,
        fixed=3,
        observes=_VELOCITY,
    ),
    "base_angular_velocity": TermKind(lambda s: s.angular_velocity_in_base, fixed=3),
    "base_roll_pitch": TermKind(lambda s: roll_pitch_yaw(s.rotation_world_base)[:2], fixed=2),
    "projected_gravity": TermKind(lambda s: -s.rotation_world_base[2], fixed=3),
    "joint_position_relative": TermKind(
        lambda s: s.joint_position[s.order] - s.default_position, per_joint=1
    ),
    "joint_velocity": TermKind(lambda s: s.joint_velocity[s.order], per_joint=1),
    "last_action": TermKind(lambda s: s.last_action, per_joint=1),
    "velocity_command": TermKind(lambda s: s.velocity_command, fixed=3),
    "velocity_command_xy": TermKind(lambda s: s.velocity_command[:2], fixed=2),
    "velocity_command_yaw": TermKind(lambda s: s.velocity_command[2:], fixed=1),
    "gait_phase_sine": TermKind(lambda s: np.sin(s.gait_phase), fixed=2, observes=_GAIT),
    "gait_phase_cosine": TermKind(lambda s: np.cos(s.gait_phase), fixed=2, observes=_GAIT),
}


def heading_velocity(window: ReferenceWindow) -> FloatArray:
    """Velocity of the window's first frame as a walking command: forward, left m/s, rad/s."""
    rotation = window.rotation_world_root[0]
    in_world = rotation @ window.linear_velocity_in_root[0]
    turn_in_world = rotation @ window.angular_velocity_in_root[0]
    yaw = np.arctan2(rotation[1, 0], rotation[0, 0])
    cosine, sine = np.cos(yaw), np.sin(yaw)
    return np.array(
        [
            cosine * in_world[0] + sine * in_world[1],
            cosine * in_world[1] - sine * in_world[0],
            turn_in_world[2],
        ]
    )
