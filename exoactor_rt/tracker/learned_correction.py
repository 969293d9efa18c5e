"""What rehearsals teach a tracker: errors that come back in every run, added to what it is shown.

Iterative learning control: a policy that is soft by training misses a motion in the same way each
time, so what it missed in one rehearsal corrects the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from exoactor_rt.errors import PolicyError
from exoactor_rt.execution import Execution
from exoactor_rt.robots.g1 import joint_table
from exoactor_rt.tracker.posture_loop import UPPER_BOUND_RAD
from exoactor_rt.types import FloatArray, Reference

GAIN = 0.5
"""Share of an error that is added each time: a policy answers to more than what it is shown."""
ROUNDS = 2
"""After the second three quarters of a lasting error are added; more learn noise."""
SMOOTHING_S = 0.4
"""Width of the window, without lag: a policy follows nothing that is much quicker."""


@dataclass(frozen=True)
class LearnedCorrection:
    """What is added to a reference where a policy is shown it; nothing is measured against it.

    Attributes:
        joint_offset: [T, 29] rad, SDK order, one row a frame of the reference.
    """

    joint_offset: FloatArray

    def applied(self, reference: Reference) -> Reference:
        """The reference as it is shown."""
        shown = reference.joint_position + self.joint_offset
        return replace(reference, joint_position=shown)

    def __str__(self) -> str:
        """How large it is, for reports and terminals."""
        size_rad = np.abs(self.joint_offset)
        _, joint = np.unravel_index(size_rad.argmax(), size_rad.shape)
        rms_rad = float(np.sqrt(np.mean(np.square(self.joint_offset))))
        name = joint_table().names[int(joint)]
        return f"rms {rms_rad:.3f} rad, at most {size_rad.max():.2f} rad at {name}"


def describe_correction(correction: LearnedCorrection | None) -> str:
    """In words whether one is shown, and how large it is."""
    if correction is None:
        return "shown the reference as it is"
    return f"shown the reference with a learned correction, {correction}"


def bounds_rad() -> FloatArray:
    """[29] rad, SDK order: of waist and arms as much as the posture loop may add, of legs nothing.

    A tracker balances with its legs; shown others it sets its feet elsewhere.
    """
    table = joint_table()
    legs = np.arange(len(table.names)) < table.index("waist_yaw_joint")
    return np.where(legs, 0.0, UPPER_BOUND_RAD)


def check_correction(correction: LearnedCorrection, reference: Reference) -> None:
    """Raises PolicyError where it does not fit the reference, or is not finite or too large."""
    offset, wanted = correction.joint_offset, reference.joint_position.shape
    if offset.shape != wanted:
        raise PolicyError(
            f"learned correction: shape {offset.shape}, the reference has {wanted}; refused"
        )
    beyond = ~(np.abs(offset) <= bounds_rad() + 1e-9)
    if beyond.any():
        frame, joint = np.argwhere(beyond)[0]
        raise PolicyError(
            f"learned correction frame {frame}: {joint_table().names[joint]} "
            f"{offset[frame, joint]:.3g} rad, allowed +- {bounds_rad()[joint]:g}; refused"
        )


def learn_correction(
    reference: Reference, rehearsed: Sequence[Execution], shown: LearnedCorrection | None = None
) -> LearnedCorrection:
    """The next correction.

    Args:
        reference: what was to be followed.
        rehearsed: at least one execution that followed it to its end, all shown the same.
        shown: the correction that they were shown.
    """
    missed = [reference.joint_position - _joints_at_frames(reference, one) for one in rehearsed]
    learned = GAIN * _smooth(np.mean(missed, axis=0), reference.rate_hz)
    if shown is not None:
        learned = shown.joint_offset + learned
    bounds = bounds_rad()
    return LearnedCorrection(np.clip(learned, -bounds, bounds))


def _joints_at_frames(reference: Reference, execution: Execution) -> FloatArray:
    """[T, 29] rad: the robot's joints when each frame was due."""
    followed = execution.followed
    times_s, rows = np.unique(execution.reference_time_s[followed], return_index=True)
    joints = execution.joint_position[followed][rows]
    frames_s = np.arange(len(reference.joint_position)) / reference.rate_hz
    return np.stack([np.interp(frames_s, times_s, angle) for angle in joints.T], axis=1)


def _smooth(values: FloatArray, rate_hz: float) -> FloatArray:
    """Weighted mean over SMOOTHING_S, symmetric, edges repeated; [T, n]."""
    half = max(0, round(0.5 * SMOOTHING_S * rate_hz))
    window = np.hanning(2 * half + 3)[1:-1]
    window /= window.sum()
    padded = np.pad(values, ((half, half), (0, 0)), mode="edge")
    return np.stack([np.convolve(column, window, "valid") for column in padded.T], axis=1)
