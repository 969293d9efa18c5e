#pragma once

#include <Eigen/Geometry>

namespace exoactor {

/// The gyroscope's bias: what it reads in the mean beyond the turning of the IMU's own attitude,
/// which its filter has freed of bias.
class GyroBias {
 public:
  void reset() noexcept;

  /// One sample, `dt_s` after the one before; long gaps tell nothing. RT-safe.
  void update(const Eigen::Quaterniond& attitude, const Eigen::Vector3d& gyro,
              double dt_s) noexcept;

  const Eigen::Vector3d& in_imu() const noexcept { return bias_; }  ///< rad/s

 private:
  bool started_ = false;
  double age_s_ = 0.0;
  Eigen::Quaterniond last_ = Eigen::Quaterniond::Identity();
  Eigen::Vector3d bias_ = Eigen::Vector3d::Zero();
};

}  // namespace exoactor
