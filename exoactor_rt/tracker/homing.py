"""Steps on the spot after a motion's end: feet must move for a robot to be led to its place.

A learned tracker follows what its legs are shown. Shown standing legs it stands, however far from
its place, and however fast the outer loop asks it to go; shown legs that step it goes where it is
told.
"""

from __future__ import annotations

import numpy as np

from exoactor_rt.robots.g1 import joint_table
from exoactor_rt.tracker.reference_track import ReferenceTrack, make_track
from exoactor_rt.types import FloatArray

STEP_S = 0.5
"""One step, as in an easy walk."""
NEAR_M = 0.1
NEAR_RAD = 0.15
"""Where place and heading are this near, it steps no more."""
MAX_ROUNDS = 8
"""Of two steps each; whoever is not there by then, stays."""
_LIFT_RAD = 0.45
"""Of the thigh, the knee twice: the sole rises by about 7 cm and stays level."""


def steps_on_the_spot(
    posture: FloatArray, root_position: FloatArray, heading_rad: float, rate_hz: float
) -> ReferenceTrack:
    """A step of the left foot and one of the right, from a standing posture into it again.

    Args:
        posture: [29] rad, SDK order.
        root_position: [3] m, of the pelvis in it.
        heading_rad: of the pelvis in it.
        rate_hz: of the policy.
    """
    frames = round(STEP_S * rate_hz)
    lift = _LIFT_RAD * np.sin(np.pi * (np.arange(frames) + 1) / frames) ** 2
    joints = np.tile(posture, (2 * frames, 1))
    index = joint_table().index
    for step, side in enumerate(("left", "right")):
        rows = slice(step * frames, (step + 1) * frames)
        joints[rows, index(f"{side}_hip_pitch_joint")] -= lift
        joints[rows, index(f"{side}_knee_joint")] += 2.0 * lift
        joints[rows, index(f"{side}_ankle_pitch_joint")] -= lift
    quat = np.array([np.cos(0.5 * heading_rad), 0.0, 0.0, np.sin(0.5 * heading_rad)])
    count = len(joints)
    return make_track(
        rate_hz, np.tile(root_position, (count, 1)), np.tile(quat, (count, 1)), joints
    )
