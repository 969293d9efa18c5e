"""Made-up tick records, for the tests of logs and checks."""

import numpy as np

from exoactor_rt.robots import g1

PERIOD_NS = 2_000_000
JOINTS = 29


def make_columns(count, first_ns=0, seed=0):
    """`count` ticks of a robot that stands still, with sensor noise."""
    rng = np.random.default_rng(seed)
    posture = g1.standing_position()

    def noisy(scale, value=0.0, width=JOINTS):
        return value + scale * rng.normal(size=(count, width))

    upright = np.tile([1.0, 0.0, 0.0, 0.0], (count, 1))
    stamps = first_ns + PERIOD_NS * np.arange(count)
    return {
        "now_ns": stamps,
        "sensed_stamp_ns": stamps.copy(),
        "guard_state": np.ones(count, dtype=np.int64),
        "trip_cause": np.zeros(count, dtype=np.int64),
        "late_ns": np.zeros(count, dtype=np.int64),
        "took_ns": np.full(count, 150_000, dtype=np.int64),
        "sensed_position": noisy(2e-4, posture),
        "sensed_velocity": noisy(0.02),
        "sensed_torque": noisy(0.1),
        "quat_world_imu_wxyz": upright,
        "gyro_in_imu": noisy(0.01, width=3),
        "accel_in_imu": noisy(0.1, np.array([0.0, 0.0, 9.81]), 3),
        "base_position_in_world": noisy(1e-4, np.array([0.0, 0.0, 0.7548]), 3),
        "quat_world_base_wxyz": upright,
        "sent_position": np.tile(posture, (count, 1)),
        "sent_velocity": np.zeros((count, JOINTS)),
        "sent_torque": np.zeros((count, JOINTS)),
        "sent_stiffness": np.full((count, JOINTS), 40.0),
        "sent_damping": np.full((count, JOINTS), 2.0),
        "contact": np.ones((count, 2)),
    }
