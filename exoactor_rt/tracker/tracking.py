"""One policy led through one reference: the outer loop around the policy, step by step."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from exoactor_rt._core.types import RobotState, TrackerTarget
from exoactor_rt.robots.g1 import standing_position
from exoactor_rt.tracker.attitude import heading_rotation, matrix_from_quat
from exoactor_rt.tracker.outer_loop import OuterLoop
from exoactor_rt.tracker.policy import Policy
from exoactor_rt.tracker.reference_track import ReferenceWindow
from exoactor_rt.tracker.tracked_motion import TrackedMotion, lead_in_and_out
from exoactor_rt.types import FloatArray, Reference


class Tracking:
    """A run of a policy along a motion. One thread at a time.

    Where the bundle says that the policy sees neither place nor heading, errors in them are added
    to the velocity that it is shown. It sees the estimate only, never the truth.

    Attributes:
        policy: at work.
        motion: what it is shown.
    """

    def __init__(self, policy: Policy, motion: TrackedMotion):
        self.policy = policy
        self.motion = motion
        self._loop = OuterLoop(policy.bundle.rate_hz)
        self.start(RobotState())

    def start(self, state: RobotState) -> None:
        """Lays the motion where the robot stands; the next step is the first."""
        self.policy.reset()
        self._step = 0
        self._shown = self.motion
        self._loop.reset()
        base = matrix_from_quat(np.asarray(state.quat_world_base_wxyz))
        self._turn = heading_rotation(np.arctan2(base[1, 0], base[0, 0]))
        self._origin = np.asarray(state.base_position_in_world) * np.array([1.0, 1.0, 0.0])

    def end_early(self) -> None:
        """Leads out of the motion from where it is; the second time nothing more."""
        self._shown = self._shown.cut_at(self._step)

    def step(self, state: RobotState, driving: bool) -> TrackerTarget:
        """The target that answers `state`; the motion goes on only while the policy drives."""
        steps = self._shown.track
        window = steps.window(self._step, self.policy.bundle.reference.lookahead_steps)
        command = self.policy.step(state, self._corrected(window, state))
        moment = self._shown.moment(self._step)
        present = steps.window(self._step)
        target = TrackerTarget()
        target.stamp_ns = state.stamp_ns
        target.position = command.position
        target.stiffness = command.stiffness
        target.damping = command.damping
        target.reference_position = present.joint_position[0]
        target.reference_velocity = present.joint_velocity[0]
        target.reference_time_s = moment.reference_time_s
        target.reference_rate = moment.rate
        target.blend = moment.blend
        target.ended = moment.ended
        self._step += driving
        return target

    def _corrected(self, window: ReferenceWindow, state: RobotState) -> ReferenceWindow:
        """The window with the outer loop's velocities added to its own."""
        base = matrix_from_quat(np.asarray(state.quat_world_base_wxyz))
        wanted = self._origin + self._turn @ window.root_position_in_world[0]
        error = (wanted - np.asarray(state.base_position_in_world)) * np.array([1.0, 1.0, 0.0])
        error_rad = _yaw(self._turn @ window.rotation_world_root[0]) - _yaw(base)
        added = self._loop.update(
            (base.T @ error)[:2],
            (error_rad + np.pi) % (2 * np.pi) - np.pi,
            window.linear_velocity_in_root[0, :2],
        )
        linear = window.linear_velocity_in_root.copy()
        angular = window.angular_velocity_in_root.copy()
        if not self.policy.bundle.observes_position:
            linear[:, :2] += added[:2]
        if not self.policy.bundle.observes_heading:
            angular[:, 2] += added[2]
        return replace(window, linear_velocity_in_root=linear, angular_velocity_in_root=angular)


def prepare_tracking(policy: Policy, reference: Reference) -> Tracking:
    """A policy about to follow a reference; raises PolicyError where it cannot be tracked.

    It begins and ends in the pose in which the whole-body controller stands, not in its own: that
    has its knees bent, so that either controller takes the robot over without a jolt.
    """
    motion = lead_in_and_out(reference, policy.bundle.rate_hz, standing_position())
    return Tracking(policy, motion)


def _yaw(rotation: FloatArray) -> float:
    return float(np.arctan2(rotation[1, 0], rotation[0, 0]))
