#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <cstdint>
#include <exoactor/types/state.hpp>
#include <vector>

namespace exoactor {

/// Errors of encoders and pelvis IMU; standard deviations are per sample, white.
struct SensorNoise {
  Eigen::Vector3d tilt_bias_rad = Eigen::Vector3d::Zero();  ///< about the IMU's axes
  double attitude_rad = 0.0;
  double yaw_drift_rad_s = 0.0;
  Eigen::Vector3d accel_bias_m_s2 = Eigen::Vector3d::Zero();
  double accel_m_s2 = 0.0;
  Eigen::Vector3d gyro_bias_rad_s = Eigen::Vector3d::Zero();
  double gyro_rad_s = 0.0;
  double joint_position_rad = 0.0;
  double joint_velocity_rad_s = 0.0;
  double joint_torque_nm = 0.0;
};

/// Encoders and the pelvis IMU, whose axes are the pelvis's: the truth, made imperfect by draws
/// that the caller brings.
class NoisySensors {
 public:
  /// Standard normal draws of one sample: attitude, position, velocity, torque, gyro,
  /// accelerometer.
  static constexpr int kDraws = 3 * kNumJoints + 9;

  explicit NoisySensors(const SensorNoise& noise) : noise_(noise) {}

  /// Brings draws of whole samples; used in this order.
  void feed(const double* draws, std::size_t count);

  /// Samples for which there are draws.
  std::size_t samples_left() const noexcept { return (draws_.size() - used_) / kDraws; }

  /// `ideal` made imperfect, `time_s` after the start; throws std::logic_error without draws.
  SensorState measure(const SensorState& ideal, double time_s);

 private:
  SensorNoise noise_;
  std::vector<double> draws_;
  std::size_t used_ = 0;
};

}  // namespace exoactor
