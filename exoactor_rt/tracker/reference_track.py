"""A reference sampled at a policy's rate, with the velocities that policies ask for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial.transform import Rotation, Slerp

from exoactor_rt.errors import PolicyError
from exoactor_rt.tracker.attitude import heading_rotation, matrix_from_quat, transpose
from exoactor_rt.types import FloatArray, Reference

_SMOOTHING_S = 0.1
_MAX_DURATION_S = 3600.0
MAX_ROOT_SPEED_M_S = 6.0
"""Faster than any robot or person walks or jumps: the source jumped."""
ROOT_HEIGHTS_M = (0.2, 1.3)
"""Of the pelvis: from kneeling to a high jump."""


@dataclass(frozen=True)
class ReferenceWindow:
    """The H reference frames that a policy sees in one step.

    Attributes:
        root_position_in_world: [H, 3] m.
        rotation_world_root: [H, 3, 3].
        linear_velocity_in_root: [H, 3] m/s.
        angular_velocity_in_root: [H, 3] rad/s.
        joint_position: [H, 29] rad, SDK order.
        joint_velocity: [H, 29] rad/s.
    """

    root_position_in_world: FloatArray
    rotation_world_root: FloatArray
    linear_velocity_in_root: FloatArray
    angular_velocity_in_root: FloatArray
    joint_position: FloatArray
    joint_velocity: FloatArray


@dataclass(frozen=True)
class ReferenceTrack:
    """All frames of a reference at `rate_hz`, as one long window."""

    rate_hz: float
    frames: ReferenceWindow

    def __len__(self) -> int:
        return len(self.frames.joint_position)

    def window(self, step: int, lookahead_steps: tuple[int, ...] = (0,)) -> ReferenceWindow:
        """Frames `step + lookahead`; beyond the end the last one."""
        rows = np.minimum(step + np.asarray(lookahead_steps), len(self) - 1)
        frames = self.frames
        return ReferenceWindow(
            frames.root_position_in_world[rows],
            frames.rotation_world_root[rows],
            frames.linear_velocity_in_root[rows],
            frames.angular_velocity_in_root[rows],
            frames.joint_position[rows],
            frames.joint_velocity[rows],
        )


def track_reference(reference: Reference, rate_hz: float) -> ReferenceTrack:
    """Resamples a reference; positions linearly, attitudes by slerp.

    Root velocities are central differences averaged over 0.1 s, as motion capture is noisy.

    Raises:
        PolicyError: shorter than a step, longer than an hour, a value that is not finite, or a root
            that jumps or floats; the frame is named.
    """
    count = len(reference.joint_position)
    duration_s = (count - 1) / reference.rate_hz
    arrays = (
        reference.root_position_in_world,
        reference.quat_world_root_wxyz,
        reference.joint_position,
    )
    if not 1.0 / rate_hz <= duration_s <= _MAX_DURATION_S:
        raise PolicyError(
            f"reference {reference.source}: {count} frames over {duration_s:.3f} s, allowed is "
            f"{1.0 / rate_hz:.3f} to {_MAX_DURATION_S:.0f} s; not tracked"
        )
    if not all(np.all(np.isfinite(array)) for array in arrays):
        raise PolicyError(f"reference {reference.source}: a value is not finite; not tracked")
    _refuse_jumps(reference)
    times_s = np.arange(count) / reference.rate_hz
    sampled_s = np.arange(int(np.floor(duration_s * rate_hz + 1e-9)) + 1) / rate_hz
    sampled_s = np.minimum(sampled_s, times_s[-1])
    quats = Slerp(times_s, Rotation.from_quat(arrays[1][:, [1, 2, 3, 0]]))(sampled_s).as_quat()
    return make_track(
        rate_hz,
        _interpolate(sampled_s, times_s, arrays[0]),
        quats[:, [3, 0, 1, 2]],
        _interpolate(sampled_s, times_s, arrays[2]),
    )


def _refuse_jumps(reference: Reference) -> None:
    root = reference.root_position_in_world
    speed = np.linalg.norm(np.diff(root, axis=0), axis=1) * reference.rate_hz
    worst = int(np.argmax(speed))
    if speed[worst] > MAX_ROOT_SPEED_M_S:
        raise PolicyError(
            f"reference {reference.source} frame {worst}: root moves at {speed[worst]:.1f} m/s > "
            f"{MAX_ROOT_SPEED_M_S:g} m/s; not tracked"
        )
    lowest_m, highest_m = ROOT_HEIGHTS_M
    outside = np.flatnonzero((root[:, 2] < lowest_m) | (root[:, 2] > highest_m))
    if len(outside):
        raise PolicyError(
            f"reference {reference.source} frames {outside[0]} to {outside[-1]}: root at "
            f"{root[outside[0], 2]:.2f} m, allowed {lowest_m:g} to {highest_m:g} m; not tracked"
        )


def make_track(
    rate_hz: float,
    root_position_in_world: FloatArray,
    quat_world_root_wxyz: FloatArray,
    joint_position: FloatArray,
) -> ReferenceTrack:
    """A track of frames that already are at `rate_hz`: [T, 3] m, [T, 4], [T, 29] rad."""
    rotation = matrix_from_quat(quat_world_root_wxyz)
    turned = Rotation.from_matrix(rotation)
    turn = (turned[1:] * turned[:-1].inv()).as_rotvec() * rate_hz
    angular_in_world = _smooth(np.vstack([turn, turn[-1:]]), rate_hz)
    linear_in_world = _smooth(np.gradient(root_position_in_world, axis=0) * rate_hz, rate_hz)
    inverse = transpose(rotation)
    frames = ReferenceWindow(
        root_position_in_world=root_position_in_world,
        rotation_world_root=rotation,
        linear_velocity_in_root=np.einsum("tij,tj->ti", inverse, linear_in_world),
        angular_velocity_in_root=np.einsum("tij,tj->ti", inverse, angular_in_world),
        joint_position=joint_position,
        joint_velocity=np.gradient(joint_position, axis=0) * rate_hz,
    )
    return ReferenceTrack(rate_hz, frames)


def blend_from(
    track: ReferenceTrack,
    joint_position: FloatArray,
    height_m: float,
    hold_s: float,
    blend_s: float,
) -> ReferenceTrack:
    """`track` moved to begin at the origin heading along x, led in from a standing posture.

    Args:
        track: at least two frames.
        joint_position: [29] rad, SDK order, of the standing posture.
        height_m: of the pelvis in it.
        hold_s: the posture is held first.
        blend_s: then blended into the first frame by half a cosine.
    """
    frames = track.frames
    first = frames.rotation_world_root[0]
    undo = heading_rotation(-np.arctan2(first[1, 0], first[0, 0]))
    origin = frames.root_position_in_world[0] * np.array([1.0, 1.0, 0.0])
    position = (frames.root_position_in_world - origin) @ undo.T
    rotation = Rotation.from_matrix(undo @ frames.rotation_world_root)
    hold, blend = round(hold_s * track.rate_hz), max(2, round(blend_s * track.rate_hz))
    share = (1 - np.cos(np.linspace(0.0, np.pi, blend))) / 2
    share = np.concatenate([np.zeros(hold), share])[:, None]
    start = np.array([0.0, 0.0, height_m])
    upright = Rotation.concatenate([Rotation.identity(), rotation[0]])
    lead = Slerp([0.0, 1.0], upright)(share[:, 0])
    quats = np.vstack([lead.as_quat(), rotation.as_quat()])[:, [3, 0, 1, 2]]
    return make_track(
        track.rate_hz,
        np.vstack([start + (position[0] - start) * share, position]),
        quats,
        np.vstack(
            [
                joint_position + (frames.joint_position[0] - joint_position) * share,
                frames.joint_position,
            ]
        ),
    )


def blend_to(
    track: ReferenceTrack, joint_position: FloatArray, height_m: float, blend_s: float
) -> ReferenceTrack:
    """`track` led out to a standing posture where it ends, keeping its last heading.

    Args:
        track: at least two frames.
        joint_position: [29] rad, SDK order, of the standing posture.
        height_m: of the pelvis in it.
        blend_s: from the last frame into it, by half a cosine.
    """
    frames = track.frames
    blend = max(2, round(blend_s * track.rate_hz))
    share = ((1 - np.cos(np.linspace(0.0, np.pi, blend + 1))) / 2)[1:, None]
    last, turn = frames.root_position_in_world[-1], frames.rotation_world_root[-1]
    end = np.array([last[0], last[1], height_m])
    upright = heading_rotation(np.arctan2(turn[1, 0], turn[0, 0]))
    out = Slerp([0.0, 1.0], Rotation.from_matrix(np.stack([turn, upright])))(share[:, 0])
    rotation = Rotation.concatenate([Rotation.from_matrix(frames.rotation_world_root), out])
    joints = frames.joint_position
    return make_track(
        track.rate_hz,
        np.vstack([frames.root_position_in_world, last + (end - last) * share]),
        rotation.as_quat()[:, [3, 0, 1, 2]],
        np.vstack([joints, joints[-1] + (joint_position - joints[-1]) * share]),
    )


def _interpolate(sampled_s: FloatArray, times_s: FloatArray, values: FloatArray) -> FloatArray:
    return np.stack([np.interp(sampled_s, times_s, column) for column in values.T], axis=1)


def _smooth(values: FloatArray, rate_hz: float) -> FloatArray:
    """Moving average over about 0.1 s, edges repeated."""
    half = max(0, round(0.5 * (_SMOOTHING_S * rate_hz - 1)))
    padded = np.pad(values, ((half, half), (0, 0)), mode="edge")
    kernel = np.full(2 * half + 1, 1.0 / (2 * half + 1))
    return np.stack([np.convolve(column, kernel, "valid") for column in padded.T], axis=1)
