#include <algorithm>
#include <cmath>
#include <exoactor/safety/motion_inspector.hpp>
#include <exoactor/safety/violation.hpp>

namespace exoactor {
namespace {

/// Angle between the body's z axis and the vertical, rad, of a unit quaternion.
double tilt_of(const Eigen::Vector4d& quat_wxyz) noexcept {
  const double vertical = 1.0 - 2.0 * (quat_wxyz[1] * quat_wxyz[1] + quat_wxyz[2] * quat_wxyz[2]);
  return std::acos(std::clamp(vertical, -1.0, 1.0));
}

Trip inspect_finite(const SensorState& measured) noexcept {
  for (const JointVector* values :
       {&measured.joint_position, &measured.joint_velocity, &measured.joint_torque}) {
    const int joint = find_not_finite(*values);
    if (joint >= 0) return violation(TripCause::kStateNotFinite, joint, (*values)[joint], 0.0);
  }
  for (const double value : {measured.quat_world_imu_wxyz.norm(), measured.gyro_in_imu.norm(),
                             measured.accel_in_imu.norm()}) {
    if (!std::isfinite(value)) return violation(TripCause::kStateNotFinite, -1, value, 0.0);
  }
  return Trip{};
}

}  // namespace

Trip MotionInspector::inspect(const SensorState& measured, std::int64_t now_ns,
                              const JointVector& speed, const GuardLimits& limits) noexcept {
  Trip found = inspect_stamps(measured, now_ns, limits);
  const double passed_s = ran_ ? to_seconds(now_ns - last_now_ns_) : 0.0;
  ran_ = true;
  last_now_ns_ = now_ns;
  if (found) return found;
  found = inspect_finite(measured);
  if (found) return found;
  found = inspect_imu(measured, limits);
  if (found) return found;
  found = inspect_base(measured, limits);
  keep_first(found, inspect_joints(measured, passed_s, speed, limits));
  return found;
}

bool MotionInspector::quiet() const noexcept {
  const auto is_quiet = [](const Debounce& count) { return count.quiet(); };
  return tilt_.quiet() && turn_.quiet() && std::all_of(speeds_.begin(), speeds_.end(), is_quiet) &&
         std::all_of(positions_.begin(), positions_.end(), is_quiet);
}

Trip MotionInspector::inspect_stamps(const SensorState& measured, std::int64_t now_ns,
                                     const GuardLimits& limits) const noexcept {
  if (ran_ && now_ns < last_now_ns_) {
    return violation(TripCause::kClock, -1, to_seconds(now_ns - last_now_ns_), 0.0);
  }
  return inspect_age(TripCause::kStateAge, now_ns - measured.stamp_ns, limits.state_age_ns);
}

Trip MotionInspector::inspect_imu(const SensorState& measured, const GuardLimits& limits) noexcept {
  const double error = measured.quat_world_imu_wxyz.norm() - 1.0;
  if (std::fabs(error) > limits.quaternion_norm_error) {
    return violation(TripCause::kAttitude, -1, error, limits.quaternion_norm_error);
  }
  if (measured.gyro_in_imu != gyro_ || measured.accel_in_imu != accel_) {
    gyro_ = measured.gyro_in_imu;
    accel_ = measured.accel_in_imu;
    imu_changed_ns_ = measured.stamp_ns;
  }
  const std::int64_t frozen_ns = measured.stamp_ns - imu_changed_ns_;
  if (frozen_ns <= limits.imu_frozen_ns) return Trip{};
  return violation(TripCause::kImuFrozen, -1, to_seconds(frozen_ns),
                   to_seconds(limits.imu_frozen_ns));
}

Trip MotionInspector::inspect_base(const SensorState& measured,
                                   const GuardLimits& limits) noexcept {
  Trip found;
  const double tilt = tilt_of(measured.quat_world_imu_wxyz.normalized());
  if (tilt_.persists(tilt > limits.tilt_rad, limits.debounce_ticks)) {
    found = violation(TripCause::kTilt, -1, tilt, limits.tilt_rad);
  }
  const double rate = measured.gyro_in_imu.norm();
  if (turn_.persists(rate > limits.gyro_rad_s, limits.debounce_ticks)) {
    keep_first(found, violation(TripCause::kGyro, -1, rate, limits.gyro_rad_s));
  }
  return found;
}

Trip MotionInspector::inspect_speed(int joint, double speed, double limit, double share,
                                    const GuardLimits& limits) noexcept {
  const auto at = static_cast<std::size_t>(joint);
  double& mean = mean_speed_[joint];
  mean += share * (std::min(std::fabs(speed), limit) - mean);
  if (speeds_[at].persists(std::fabs(speed) > limit, limits.debounce_ticks)) {
    return violation(TripCause::kJointSpeed, joint, speed, limit);
  }
  const double sustained = limits.sustained_speed[joint];
  if (mean > sustained) return violation(TripCause::kSustainedSpeed, joint, mean, sustained);
  return Trip{};
}

Trip MotionInspector::inspect_joints(const SensorState& measured, double passed_s,
                                     const JointVector& speed, const GuardLimits& limits) noexcept {
  const double share = passed_s / (limits.sustained_time_s + passed_s);
  Trip found;
  for (int j = 0; j < kNumJoints; ++j) {
    const auto at = static_cast<std::size_t>(j);
    keep_first(found, inspect_speed(j, measured.joint_velocity[j], speed[j], share, limits));
    const double position = measured.joint_position[j];
    const double lower = limits.position_lower[j] - limits.position_overrun_rad;
    const double upper = limits.position_upper[j] + limits.position_overrun_rad;
    const bool outside = position < lower || position > upper;
    if (positions_[at].persists(outside, limits.debounce_ticks)) {
      keep_first(found, violation(TripCause::kJointPosition, j, position,
                                  position < lower ? lower : upper));
    }
  }
  return found;
}

}  // namespace exoactor
