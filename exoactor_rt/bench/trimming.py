"""Frames at the ends of a recorded motion that no body moves like: a simulated robot's spawning."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from exoactor_rt.tracker.reference_track import MAX_ROOT_SPEED_M_S
from exoactor_rt.types import Reference

MAX_TRIM_S = 0.2
"""At either end. A jump further inside is the motion's own, for whoever executes it to judge."""


def trim_jumps(reference: Reference) -> tuple[Reference, str]:
    """The reference without frames at its ends between which the root jumps.

    Args:
        reference: at least two frames.

    Returns:
        The rest, itself where nothing jumps, and in words what was left out, empty for nothing.
    """
    root = reference.root_position_in_world
    speed_m_s = np.linalg.norm(np.diff(root, axis=0), axis=1) * reference.rate_hz
    jumps = np.flatnonzero(speed_m_s > MAX_ROOT_SPEED_M_S)
    reach = int(MAX_TRIM_S * reference.rate_hz)
    first = int(max((jump + 1 for jump in jumps if jump < reach), default=0))
    last = int(
        min((jump for jump in jumps if jump >= len(root) - 1 - reach), default=len(root) - 1)
    )
    dropped = first + len(root) - 1 - last
    if dropped == 0 or last <= first:
        return reference, ""
    kept = slice(first, last + 1)
    trimmed = replace(
        reference,
        root_position_in_world=root[kept],
        quat_world_root_wxyz=reference.quat_world_root_wxyz[kept],
        joint_position=reference.joint_position[kept],
        contact=reference.contact[kept],
        hand_openness=reference.hand_openness[kept],
    )
    words = (
        f"first {first} and last {dropped - first} of {len(root)} frames left out: the root jumps "
        f"at up to {speed_m_s.max():.0f} m/s"
    )
    return trimmed, words
