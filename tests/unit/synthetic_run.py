"""A made-up run of the chain, for the tests of report and pictures."""

import numpy as np

from exoactor_rt.execution import Execution
from exoactor_rt.robots import g1
from exoactor_rt.types import PoseTrack, Reference

RATE_HZ = 30.0
REFERENCE_S = 2.0
STANDING_HEIGHT_M = 0.753


def make_reference():
    """Standing, left arm swinging forward."""
    count = int(REFERENCE_S * RATE_HZ) + 1
    joints = np.tile(g1.standing_position(), (count, 1))
    joints[:, g1.joint_table().index("left_shoulder_pitch_joint")] -= np.linspace(0, 1.5, count)
    return Reference(
        rate_hz=RATE_HZ,
        root_position_in_world=np.tile([0.0, 0.0, STANDING_HEIGHT_M], (count, 1)),
        quat_world_root_wxyz=np.tile([1.0, 0.0, 0.0, 0.0], (count, 1)),
        joint_position=joints,
        contact=np.ones((count, 2), dtype=bool),
        hand_openness=np.full((count, 2), np.nan),
    )


def make_execution(reference, *, fallen=False):
    """4 s at 100 Hz: the reference at half its speed, each upper joint 0.01 rad off."""
    times = np.arange(401) / 100.0
    reference_times = times / 2.0
    frames = np.round(reference_times * RATE_HZ).astype(int)
    planned = reference.joint_position[frames]
    feet = np.zeros((len(times), 2, 3))
    feet[:, 0] = [0.0, 0.118, 0.035]
    feet[:, 1] = [0.0, -0.118, 0.035]
    feet[150:, 0, 0] = 0.2
    contact = np.ones((len(times), 2))
    contact[100:150, 0] = 0.0
    return Execution(
        times_s=times,
        reference_time_s=reference_times,
        root_position_in_world=reference.root_position_in_world[frames],
        quat_world_root_wxyz=reference.quat_world_root_wxyz[frames],
        joint_position=planned + 0.01,
        joint_velocity=np.full_like(planned, 0.5),
        joint_torque=np.full_like(planned, 2.0),
        planned_joint_position=planned,
        fallen=fallen,
        fall_reason="pelvis below 0.4 m" if fallen else "",
        steps_planned=2,
        steps_executed=1,
        foot_position_in_world=feet,
        contact=contact,
        tick_us=np.linspace(50.0, 150.0, len(times)),
    )


def make_track(count=10, size=(160, 120)):
    """A person in the middle of a small image, lost in frame 3."""
    rng = np.random.default_rng(3)
    valid = np.ones(count, dtype=bool)
    valid[3] = False
    landmarks = rng.uniform(20, 100, size=(count, 33, 2))
    landmarks[3] = np.nan
    return PoseTrack(
        times_s=np.arange(count) / RATE_HZ,
        image_size=size,
        valid=valid,
        landmarks_px=landmarks,
        landmarks_world=np.zeros((count, 33, 3)),
        visibility=np.where(valid[:, None], 0.9, np.nan) * np.ones((count, 33)),
        score=valid.astype(float),
        roi=np.zeros((count, 4)),
        hand_px=np.full((count, 2, 21, 2), np.nan),
        hand_world=np.full((count, 2, 21, 3), np.nan),
        hand_score=np.full((count, 2), np.nan),
    )
