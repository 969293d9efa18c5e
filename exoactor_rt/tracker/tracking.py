"""One policy led through one reference: the outer loop around the policy, step by step."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from exoactor_rt._core.types import RobotState, TrackerTarget
from exoactor_rt.robots.g1 import standing_position
from exoactor_rt.tracker.attitude import heading_rotation, matrix_from_quat, yaw_of
from exoactor_rt.tracker.homing import MAX_ROUNDS, NEAR_M, NEAR_RAD
from exoactor_rt.tracker.learned_correction import LearnedCorrection, check_correction
from exoactor_rt.tracker.outer_loop import OuterLoop
from exoactor_rt.tracker.policy import Policy
from exoactor_rt.tracker.posture_loop import PostureLoop
from exoactor_rt.tracker.reference_track import ReferenceTrack, ReferenceWindow
from exoactor_rt.tracker.tracked_motion import TrackedMotion, lead_in_and_out
from exoactor_rt.types import FloatArray, Reference


class Tracking:
    """A run of a policy along a motion. One thread at a time.

    Where the bundle says that the policy sees neither place nor heading, errors in them are added
    to the velocity that it is shown, and after the end it steps on the spot until it is where the
    motion ends. It sees the estimate only, never the truth.

    Attributes:
        policy: at work.
        motion: what is to be followed; all is measured against it.
        correction: what is added to it where the policy is shown it, or None.
    """

    def __init__(
        self,
        policy: Policy,
        motion: TrackedMotion,
        correction: LearnedCorrection | None = None,
        corrected: TrackedMotion | None = None,
    ):
        self.policy = policy
        self.motion = motion
        self.correction = correction
        self._corrected_motion = corrected or motion
        self._loop = OuterLoop(policy.bundle.rate_hz)
        self._posture = PostureLoop(policy.bundle.rate_hz)
        self.start(RobotState())

    def start(self, state: RobotState) -> None:
        """Lays the motion where the robot stands; the next step is the first."""
        self.policy.reset()
        self._step = 0
        self._asked = self.motion
        self._shown = self._corrected_motion
        self._stopping = False
        self._rounds = 0
        self._round: ReferenceTrack | None = None
        self._round_step = 0
        self._loop.reset()
        self._posture.reset()
        base = matrix_from_quat(np.asarray(state.quat_world_base_wxyz))
        self._turn = heading_rotation(np.arctan2(base[1, 0], base[0, 0]))
        self._origin = np.asarray(state.base_position_in_world) * np.array([1.0, 1.0, 0.0])

    def end_early(self) -> None:
        """Leads out of the motion from where it is; the second time nothing more."""
        self._stopping = True
        self._asked = self._asked.cut_at(self._step)
        self._shown = self._shown.cut_at(self._step)

    def step(self, state: RobotState, driving: bool) -> TrackerTarget:
        """The target that answers `state`; the motion goes on only while the policy drives."""
        moment = self._asked.moment(self._step)
        if moment.ended:
            self._keep_homing(state)
        asked, shown, at = self._now()
        window = shown.window(at, self.policy.bundle.reference.lookahead_steps)
        present = asked.window(at)
        added = self._posture.update(present, state)
        window = replace(window, joint_position=window.joint_position + added)
        command = self.policy.step(state, self._corrected(window, state))
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
        target.ended = moment.ended and self._round is None
        if self._round is None:
            self._step += driving
        else:
            self._round_step += driving
        return target

    def _now(self) -> tuple[ReferenceTrack, ReferenceTrack, int]:
        """What is asked for, what is shown, and which of their frames is due."""
        if self._round is None:
            return self._asked.track, self._shown.track, self._step
        return self._round, self._round, self._round_step

    def _keep_homing(self, state: RobotState) -> None:
        """Begins a round of steps on the spot, goes on with it, or leaves it at that for good."""
        if self._round is not None and self._round_step < len(self._round):
            return
        self._round = None
        if self.policy.bundle.observes_position or self._stopping or self._rounds >= MAX_ROUNDS:
            return
        place, heading_rad = self._errors(self._asked.track.window(len(self._asked.track)), state)
        if np.linalg.norm(place) < NEAR_M and abs(heading_rad) < NEAR_RAD:
            self._rounds = MAX_ROUNDS
            return
        self._round = self._asked.steps_on_the_spot()
        self._round_step = 0
        self._rounds += 1

    def _errors(self, window: ReferenceWindow, state: RobotState) -> tuple[FloatArray, float]:
        """Where the reference is, [2] m seen from the robot, and its heading less the robot's."""
        base = matrix_from_quat(np.asarray(state.quat_world_base_wxyz))
        wanted = self._origin + self._turn @ window.root_position_in_world[0]
        error = (wanted - np.asarray(state.base_position_in_world)) * np.array([1.0, 1.0, 0.0])
        error_rad = yaw_of(self._turn @ window.rotation_world_root[0]) - yaw_of(base)
        return (base.T @ error)[:2], math.remainder(error_rad, 2.0 * math.pi)

    def _corrected(self, window: ReferenceWindow, state: RobotState) -> ReferenceWindow:
        """The window with the outer loop's velocities added to its own."""
        place, error_rad = self._errors(window, state)
        added = self._loop.update(place, error_rad, window.linear_velocity_in_root[0, :2])
        linear = window.linear_velocity_in_root.copy()
        angular = window.angular_velocity_in_root.copy()
        if not self.policy.bundle.observes_position:
            linear[:, :2] += added[:2]
        if not self.policy.bundle.observes_heading:
            angular[:, 2] += added[2]
        return replace(window, linear_velocity_in_root=linear, angular_velocity_in_root=angular)


def prepare_tracking(
    policy: Policy, reference: Reference, correction: LearnedCorrection | None = None
) -> Tracking:
    """A policy about to follow a reference, of which it is shown what rehearsals corrected.

    It begins and ends in the pose in which the whole-body controller stands, not in its own: that
    has its knees bent, so that either controller takes the robot over without a jolt.

    Raises:
        PolicyError: the reference cannot be tracked, or the correction does not fit it.
    """
    rate_hz, posture = policy.bundle.rate_hz, standing_position()
    motion = lead_in_and_out(reference, rate_hz, posture)
    if correction is None:
        return Tracking(policy, motion)
    check_correction(correction, reference)
    corrected = lead_in_and_out(correction.applied(reference), rate_hz, posture)
    return Tracking(policy, motion, correction, corrected)
