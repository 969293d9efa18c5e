#pragma once

#include <array>
#include <cstdint>
#include <exoactor/safety/debounce.hpp>
#include <exoactor/safety/guard_limits.hpp>
#include <exoactor/safety/guard_status.hpp>

namespace exoactor {

/// Checks what the robot measures, tick by tick: stamps, finiteness, attitude, a frozen IMU, and
/// (debounced, two-sided) tilt, gyro, joint position and speed. RT-safe. One thread.
class MotionInspector {
 public:
  /// The first violation of `measured` at `now_ns`. `speed` rad/s: the limit in force.
  Trip inspect(const SensorState& measured, std::int64_t now_ns, const JointVector& speed,
               const GuardLimits& limits) noexcept;

  /// Whether nothing was, without debouncing, out of bounds the last time.
  bool quiet() const noexcept;

 private:
  Trip inspect_stamps(const SensorState& measured, std::int64_t now_ns,
                      const GuardLimits& limits) const noexcept;
  Trip inspect_imu(const SensorState& measured, const GuardLimits& limits) noexcept;
  Trip inspect_base(const SensorState& measured, const GuardLimits& limits) noexcept;
  Trip inspect_speed(int joint, double speed, double limit, double share,
                     const GuardLimits& limits) noexcept;
  Trip inspect_joints(const SensorState& measured, double passed_s, const JointVector& speed,
                      const GuardLimits& limits) noexcept;

  JointVector mean_speed_ = JointVector::Zero();  ///< running mean of |speed|, cut at its limit
  std::int64_t last_now_ns_ = 0;
  bool ran_ = false;
  Eigen::Vector3d gyro_ = Eigen::Vector3d::Zero();
  Eigen::Vector3d accel_ = Eigen::Vector3d::Zero();
  std::int64_t imu_changed_ns_ = 0;
  std::array<Debounce, kNumJoints> positions_{};
  std::array<Debounce, kNumJoints> speeds_{};
  Debounce tilt_;
  Debounce turn_;
};

}  // namespace exoactor
