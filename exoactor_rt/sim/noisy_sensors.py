"""Sensors of the simulated robot: the truth, made imperfect by seeded noise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from exoactor_rt._core.types import SensorState
from exoactor_rt.sim.options import SensorNoise
from exoactor_rt.types import FloatArray


def quat_multiply(a_wxyz: FloatArray, b_wxyz: FloatArray) -> FloatArray:
    """The rotation b, then a: [4] wxyz."""
    aw, ax, ay, az = a_wxyz
    bw, bx, by, bz = b_wxyz
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
    scale = 0.5 if angle < 1e-9 else np.sin(0.5 * angle) / angle
    return np.array([np.cos(0.5 * angle), *(scale * vector)])


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
        noise, normal = self._noise, self._rng.standard_normal
        joints = len(ideal.joint_position)
        tilt = self._tilt_bias + noise.attitude_rad * normal(3)
        heading = np.array([0.0, 0.0, noise.yaw_drift_rad_s * time_s])
        attitude = quat_multiply(ideal.quat_world_imu_wxyz, quat_from_rotation_vector(tilt))
        attitude = quat_multiply(quat_from_rotation_vector(heading), attitude)
        force = ideal.specific_force_in_imu + self._accel_bias

        state = SensorState()
        state.stamp_ns = stamp_ns
        state.joint_position = ideal.joint_position + noise.joint_position_rad * normal(joints)
        state.joint_velocity = ideal.joint_velocity + noise.joint_velocity_rad_s * normal(joints)
        state.joint_torque = ideal.joint_torque + noise.joint_torque_nm * normal(joints)
        state.quat_world_imu_wxyz = attitude / np.linalg.norm(attitude)
        turning = ideal.angular_velocity_in_imu + self._gyro_bias
        state.gyro_in_imu = turning + noise.gyro_rad_s * normal(3)
        state.accel_in_imu = force + noise.accel_m_s2 * normal(3)
        return state
