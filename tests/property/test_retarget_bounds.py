"""Whatever the person does, the reference stays within the robot's limits and rates."""

import dataclasses
import sys
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from exoactor_rt.retarget import RetargetOptions, retarget_motion
from exoactor_rt.robots.g1 import joint_table

sys.path.append(str(Path(__file__).parents[1] / "unit"))
from walking_person import walking_person


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 10_000),
    noise_m=st.floats(0.0, 0.15),
    spin=st.booleans(),
    smoothing_s=st.sampled_from([0.0, 0.04]),
)
def test_limits_and_rates_hold_for_wild_motions(seed, noise_m, spin, smoothing_s):
    rng = np.random.default_rng(seed)
    person = walking_person(frames=25)
    quats = person.quat_world_segment_wxyz.copy()
    if spin:
        quats = rng.normal(size=quats.shape)
        quats /= np.linalg.norm(quats, axis=-1, keepdims=True)
    points = person.keypoints_in_world + noise_m * rng.normal(size=(25, 18, 3))
    motion = dataclasses.replace(
        person,
        keypoints_in_world=points,
        quat_world_segment_wxyz=quats,
        contact=rng.random((25, 2)) < 0.5,
    )
    options = RetargetOptions(smoothing_s=smoothing_s)
    reference = retarget_motion(motion, options)
    table = joint_table()
    joints = reference.joint_position
    assert np.isfinite(joints).all()
    assert np.isfinite(reference.root_position_in_world).all()
    assert (joints >= table.lower_rad).all()
    assert (joints <= table.upper_rad).all()
    rate = np.abs(np.diff(joints, axis=0)) * motion.rate_hz
    assert (rate <= options.velocity_fraction * table.velocity_rad_s + 1e-6).all()
