"""Sensors of the simulated robot: the truth, made imperfect by seeded noise."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from exoactor_rt._core.types import SensorState
from exoactor_rt.sim.options import SensorNoise
from exoactor_rt.types import FloatArray


def quat_multiply(a_wxyz: FloatArray, b_wxyz: FloatArray) -> FloatArray:
    """The rotation b, then a: [4] wxyz."""
    aw, ax, ay, az = a_wxyz.tolist()
    bw, bx, by, bz = b_wxyz.tolist()
    return np.array(
        [
            aw * bw - ax * bx - ay * by - az * bz,
            aw * bx + ax * bw + ay * bz - az * by,
            aw * by - ax * bz + ay * bw + az * bx,
            aw * bz + ax * by - ay * bx + az * bw,
        ]
    )


def quat_from_rotation_vector(vector: FloatArray) -> FloatArray:
    """The rotation about `vector` by its length in rad: [4] wxyz."""
    angle = float(np.linalg.norm(vector))
    scale = 0.5 if angle < 1e-9 else math.sin(0.5 * angle) / angle
    return np.array([math.cos(0.5 * angle), *(scale * vector).tolist()])


@dataclass(frozen=True)
class IdealReading:
    """What perfect sensors would say.

    Attributes:
        joint_position: [29] rad, SDK order.
        joint_velocity: [29] rad/s.
        joint_torque: [29] Nm.
        quat_world_imu_wxyz: [4] unit.
        angular_velocity_in_imu: [3] rad/s.
        specific_force_in_imu: [3] m/s^2.
    """

    joint_position: FloatArray
    joint_velocity: FloatArray
    joint_torque: FloatArray
    quat_world_imu_wxyz: FloatArray
    angular_velocity_in_imu: FloatArray
    specific_force_in_imu: FloatArray


class NoisySensors:
    """Encoders and the pelvis IMU, whose axes are the pelvis's."""

    def __init__(self, noise: SensorNoise, rng: np.random.Generator):
        self._noise = noise
        self._rng = rng
        self._tilt_bias = np.array(noise.tilt_bias_rad)
        self._accel_bias = np.array(noise.accel_bias_m_s2)
        self._gyro_bias = np.array(noise.gyro_bias_rad_s)

    def measure(self, ideal: IdealReading, time_s: float, stamp_ns: int) -> SensorState:
        """The ideal reading made imperfect, `time_s` after the start."""
        noise = self._noise
        joints = len(ideal.joint_position)
        drawn = self._rng.standard_normal(3 * joints + 9)
        of_position, of_velocity, of_torque = drawn[3 : 3 + 3 * joints].reshape(3, joints)
        of_gyro, of_accel = drawn[3 + 3 * joints :].reshape(2, 3)
        tilt = self._tilt_bias + noise.attitude_rad * drawn[:3]
        heading = np.array([0.0, 0.0, noise.yaw_drift_rad_s * time_s])
        attitude = quat_multiply(ideal.quat_world_imu_wxyz, quat_from_rotation_vector(tilt))
        attitude = quat_multiply(quat_from_rotation_vector(heading), attitude)
        force = ideal.specific_force_in_imu + self._accel_bias

        state = SensorState()
        state.stamp_ns = stamp_ns
        state.joint_position = ideal.joint_position + noise.joint_position_rad * of_position
        state.joint_velocity = ideal.joint_velocity + noise.joint_velocity_rad_s * of_velocity
        state.joint_torque = ideal.joint_torque + noise.joint_torque_nm * of_torque
        state.quat_world_imu_wxyz = attitude / np.linalg.norm(attitude)
        turning = ideal.angular_velocity_in_imu + self._gyro_bias
        state.gyro_in_imu = turning + noise.gyro_rad_s * of_gyro
        state.accel_in_imu = force + noise.accel_m_s2 * of_accel
        return state
