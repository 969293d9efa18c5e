"""A policy at work: robot state and reference in, joint command out."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from exoactor_rt._core.types import JointCommand, RobotState
from exoactor_rt.robots.g1 import joint_table
from exoactor_rt.tracker.anchor import anchor_pose
from exoactor_rt.tracker.attitude import heading_rotation, matrix_from_quat
from exoactor_rt.tracker.bundle import BUNDLE_FILE, PolicyBundle, load_bundle
from exoactor_rt.tracker.bundle_check import check_bundle
from exoactor_rt.tracker.gait_clock import GaitClock
from exoactor_rt.tracker.network import Network
from exoactor_rt.tracker.observation import ObservationBuilder
from exoactor_rt.tracker.reference_track import ReferenceWindow
from exoactor_rt.tracker.terms import Situation, heading_velocity
from exoactor_rt.types import FloatArray


class Policy:
    """One policy and its memory: histories, last action, step count. One thread at a time."""

    def __init__(self, bundle: PolicyBundle, network: Network):
        """Checks bundle and network against each other.

        Raises:
            PolicyError: they do not fit together, or the bundle does not fit the robot.
        """
        check_bundle(bundle, network)
        self.bundle = bundle
        self._network = network
        self._builder = ObservationBuilder(bundle)
        self._clock = GaitClock(bundle.gait, bundle.rate_hz)
        names = joint_table().names
        self._order = np.array([names.index(name) for name in bundle.joint_names])
        self._default = np.array(bundle.default_position_rad)
        self._scale = np.asarray(bundle.action.scale)
        self._offset = np.array(bundle.action.offset_rad or bundle.default_position_rad)
        self._stiffness = self._in_sdk_order(np.array(bundle.stiffness))
        self._damping = self._in_sdk_order(np.array(bundle.damping))
        self.reset()

    @property
    def start_position(self) -> FloatArray:
        """[29] rad, SDK order: where the policy wants to be begun."""
        return self._in_sdk_order(np.array(self.bundle.start.position_rad))

    @property
    def joint_speed_rad_s(self) -> FloatArray:
        """[29] rad/s, SDK order: the measured speeds that it asks of the guard; 0 asks nothing."""
        declared = self.bundle.joint_speed_rad_s or (0.0,) * len(self._order)
        return self._in_sdk_order(np.array(declared))

    def reset(self) -> None:
        """Forgets everything; the next step is the first."""
        self._builder.reset()
        self._clock.reset()
        self._last_action = np.zeros(len(self._order))
        self._steps = 0
        self._turn = np.eye(3)
        self._origin = np.zeros(3)
        self._begun_at = self._default

    def step(self, state: RobotState, window: ReferenceWindow) -> JointCommand:
        """The command until the next step.

        A network that gives no number gives a target that is none, at which the guard trips.

        Args:
            state: joints and base; position and linear velocity are used only by policies that
                observe them.
            window: the reference frames of `bundle.reference.lookahead_steps`.

        Returns:
            Targets and gains, SDK order, stamped as the state.
        """
        rotation = matrix_from_quat(np.asarray(state.quat_world_base_wxyz))
        if self._steps == 0:
            self._align(state, rotation, window)
            self._begun_at = np.array(state.joint_position)[self._order]
        observation = self._builder.build(self._situation(state, rotation, window))
        output = self._infer(observation)
        target = self._ramped(self._targets(output))
        self._steps += 1
        command = JointCommand()
        command.stamp_ns = state.stamp_ns
        command.position = self._in_sdk_order(target)
        command.stiffness = self._stiffness
        command.damping = self._damping
        return command

    def _infer(self, observation: FloatArray) -> FloatArray:
        ports = self.bundle.ports
        inputs = {ports.observation: observation.astype(np.float32)[None]}
        if ports.time_step:
            inputs[ports.time_step] = np.array([[self._steps]], dtype=np.float32)
        return np.asarray(self._network.run(ports.action, inputs)[0], dtype=float)

    def _targets(self, output: FloatArray) -> FloatArray:
        """Joint targets [J] rad, policy order, of the network's output; keeps the last action."""
        action = self.bundle.action
        clipped = output if action.clip is None else np.clip(output, *action.clip)
        self._last_action = output if action.last_action == "raw" else clipped
        target: FloatArray = self._offset + self._scale * clipped
        if action.target_clip_rad:
            target = np.clip(target, *np.array(action.target_clip_rad).T)
        return target

    def _ramped(self, target: FloatArray) -> FloatArray:
        """The target, in the first `ramp_s` blended with where the joints were at the start."""
        ramp_steps = self.bundle.start.ramp_s * self.bundle.rate_hz
        share = min(1.0, (self._steps + 1) / max(1.0, ramp_steps))
        return np.asarray(self._begun_at + share * (target - self._begun_at))

    def _situation(
        self, state: RobotState, rotation: FloatArray, window: ReferenceWindow
    ) -> Situation:
        command = heading_velocity(window)
        if self.bundle.velocity_limits is not None:
            command = np.clip(command, *np.array(self.bundle.velocity_limits).T)
        return Situation(
            order=self._order,
            default_position=self._default,
            last_action=self._last_action,
            base_position_in_world=np.asarray(state.base_position_in_world),
            base_linear_velocity_in_world=np.asarray(state.base_linear_velocity_in_world),
            rotation_world_base=rotation,
            angular_velocity_in_base=np.asarray(state.base_angular_velocity_in_base),
            joint_position=np.asarray(state.joint_position),
            joint_velocity=np.asarray(state.joint_velocity),
            window=window,
            rotation_world_reference=self._turn,
            reference_origin_in_world=self._origin,
            anchor_body=self.bundle.anchor_body,
            velocity_command=command,
            gait_phase=self._clock.step(command),
        )

    def _align(self, state: RobotState, rotation: FloatArray, window: ReferenceWindow) -> None:
        """Lays the reference where the robot stands: same anchor xy and heading at the start."""
        body = self.bundle.anchor_body
        own_position, own = anchor_pose(
            body,
            np.asarray(state.base_position_in_world),
            rotation,
            np.asarray(state.joint_position),
        )
        position, reference = anchor_pose(
            body,
            window.root_position_in_world[0],
            window.rotation_world_root[0],
            window.joint_position[0],
        )
        yaw = np.arctan2(own[1, 0], own[0, 0]) - np.arctan2(reference[1, 0], reference[0, 0])
        self._turn = heading_rotation(yaw)
        self._origin = (own_position - self._turn @ position) * np.array([1.0, 1.0, 0.0])

    def _in_sdk_order(self, values: FloatArray) -> FloatArray:
        placed = np.zeros(len(self._order))
        placed[self._order] = values
        return placed


def load_policy(folder: Path) -> Policy:
    """The policy in a folder, checked; raises PolicyError where it must be refused."""
    bundle = load_bundle(folder / BUNDLE_FILE)
    check_bundle(bundle)
    return Policy(bundle, Network(folder / bundle.onnx_file))
