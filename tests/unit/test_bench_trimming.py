"""Frames that a benchmark leaves out at the ends of a motion."""

from dataclasses import replace

import numpy as np
from synthetic_run import make_reference

from exoactor_rt.bench.trimming import MAX_TRIM_S, trim_jumps

REFERENCE = make_reference()


def jumping(frames):
    """The reference with the root 5 m away before each of `frames`."""
    root = REFERENCE.root_position_in_world.copy()
    for frame in frames:
        root[:frame] += np.array([5.0, 0.0, 0.0])
    return replace(REFERENCE, root_position_in_world=root)


def test_a_motion_that_does_not_jump_is_left_alone():
    trimmed, words = trim_jumps(REFERENCE)
    assert trimmed is REFERENCE
    assert words == ""


def test_frames_before_and_after_jumps_at_the_ends_are_left_out():
    count = len(REFERENCE.joint_position)
    trimmed, words = trim_jumps(jumping([2, count - 1]))
    assert len(trimmed.joint_position) == count - 3
    np.testing.assert_array_equal(trimmed.joint_position, REFERENCE.joint_position[2:-1])
    np.testing.assert_array_equal(trimmed.contact, REFERENCE.contact[2:-1])
    speed = np.linalg.norm(np.diff(trimmed.root_position_in_world, axis=0), axis=1)
    assert speed.max() * trimmed.rate_hz < 6.0
    assert words.startswith(f"first 2 and last 1 of {count} frames left out")


def test_a_jump_inside_the_motion_stays():
    inside = int(MAX_TRIM_S * REFERENCE.rate_hz) + 1
    jumpy = jumping([inside])
    assert trim_jumps(jumpy)[0] is jumpy
