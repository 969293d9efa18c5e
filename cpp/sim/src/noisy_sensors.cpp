#include <cmath>
#include <exoactor/sim/noisy_sensors.hpp>
#include <stdexcept>

namespace exoactor {
namespace {

using Quat = Eigen::Vector4d;

/// The rotation b, then a: wxyz.
Quat multiply(const Quat& a, const Quat& b) {
  return {a[0] * b[0] - a[1] * b[1] - a[2] * b[2] - a[3] * b[3],
          a[0] * b[1] + a[1] * b[0] + a[2] * b[3] - a[3] * b[2],
          a[0] * b[2] - a[1] * b[3] + a[2] * b[0] + a[3] * b[1],
          a[0] * b[3] + a[1] * b[2] - a[2] * b[1] + a[3] * b[0]};
}

/// The rotation about `vector` by its length in rad: wxyz.
Quat rotation_about(const Eigen::Vector3d& vector) {
  const double angle =
      std::sqrt(vector[0] * vector[0] + vector[1] * vector[1] + vector[2] * vector[2]);
  const double scale = angle < 1e-9 ? 0.5 : std::sin(0.5 * angle) / angle;
  return {std::cos(0.5 * angle), scale * vector[0], scale * vector[1], scale * vector[2]};
}

}  // namespace

void NoisySensors::feed(const double* draws, std::size_t count) {
  if (count % kDraws != 0) throw std::invalid_argument("sensor noise: no whole number of samples");
  draws_.erase(draws_.begin(), draws_.begin() + static_cast<std::ptrdiff_t>(used_));
  used_ = 0;
  draws_.insert(draws_.end(), draws, draws + count);
}

SensorState NoisySensors::measure(const SensorState& ideal, double time_s) {
  if (samples_left() == 0) throw std::logic_error("sensor noise: all draws are used");
  const double* drawn = draws_.data() + used_;
  used_ += kDraws;
  const Eigen::Map<const Eigen::Vector3d> of_attitude(drawn);
  const Eigen::Map<const JointVector> of_position(drawn + 3);
  const Eigen::Map<const JointVector> of_velocity(drawn + 3 + kNumJoints);
  const Eigen::Map<const JointVector> of_torque(drawn + 3 + 2 * kNumJoints);
  const Eigen::Map<const Eigen::Vector3d> of_gyro(drawn + 3 + 3 * kNumJoints);
  const Eigen::Map<const Eigen::Vector3d> of_accel(drawn + 6 + 3 * kNumJoints);

  const Eigen::Vector3d tilt = noise_.tilt_bias_rad + noise_.attitude_rad * of_attitude;
  const Eigen::Vector3d heading(0.0, 0.0, noise_.yaw_drift_rad_s * time_s);
  Quat attitude = multiply(ideal.quat_world_imu_wxyz, rotation_about(tilt));
  attitude = multiply(rotation_about(heading), attitude);
  const double norm = std::sqrt(attitude[0] * attitude[0] + attitude[1] * attitude[1] +
                                attitude[2] * attitude[2] + attitude[3] * attitude[3]);

  SensorState state;
  state.stamp_ns = ideal.stamp_ns;
  state.joint_position = ideal.joint_position + noise_.joint_position_rad * of_position;
  state.joint_velocity = ideal.joint_velocity + noise_.joint_velocity_rad_s * of_velocity;
  state.joint_torque = ideal.joint_torque + noise_.joint_torque_nm * of_torque;
  state.quat_world_imu_wxyz = attitude / norm;
  state.gyro_in_imu = (ideal.gyro_in_imu + noise_.gyro_bias_rad_s) + noise_.gyro_rad_s * of_gyro;
  state.accel_in_imu = (ideal.accel_in_imu + noise_.accel_bias_m_s2) + noise_.accel_m_s2 * of_accel;
  return state;
}

}  // namespace exoactor
