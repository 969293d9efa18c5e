#include <algorithm>
#include <cmath>
#include <exoactor/safety/guard.hpp>
#include <stdexcept>

namespace exoactor {
namespace {

constexpr Trip kNoTrip{};

Trip violation(TripCause cause, int joint, double got, double allowed) noexcept {
  return Trip{cause, joint, got, allowed, 0};
}

double seconds(std::int64_t duration_ns) noexcept {
  return 1e-9 * static_cast<double>(duration_ns);
}

/// Index of the first joint whose value is not finite, or -1.
int find_not_finite(const JointVector& values) noexcept {
  for (int j = 0; j < kNumJoints; ++j) {
    if (!std::isfinite(values[j])) return j;
  }
  return -1;
}

/// Counts consecutive ticks out of bounds; true once they reach `debounce_ticks`.
bool persists(bool outside, int debounce_ticks, int& ticks) noexcept {
  ticks = outside ? std::min(ticks + 1, debounce_ticks) : 0;
  return ticks >= debounce_ticks;
}

/// Angle between the body's z axis and the vertical, rad, of a unit quaternion.
double tilt_of(const Eigen::Vector4d& quat_wxyz) noexcept {
  const double vertical = 1.0 - 2.0 * (quat_wxyz[1] * quat_wxyz[1] + quat_wxyz[2] * quat_wxyz[2]);
  return std::acos(std::clamp(vertical, -1.0, 1.0));
}

/// The target nearest to `wanted`, between it and `measured`, for which
/// |offset + gain (target - measured)| <= limit, given |offset| <= limit.
double bound_target(double wanted, double measured, double gain, double offset,
                    double limit) noexcept {
  if (gain <= 0.0) return wanted;
  const double asked = offset + gain * (wanted - measured);
  if (std::fabs(asked) <= limit) return wanted;
  const double target = measured + (std::copysign(limit, asked) - offset) / gain;
  return std::clamp(target, std::min(wanted, measured), std::max(wanted, measured));
}

/// The greatest gain up to `wanted` for which |offset + gain error| <= limit, given
/// |offset| <= limit.
double bound_gain(double wanted, double error, double offset, double limit) noexcept {
  const double asked = offset + wanted * error;
  if (std::fabs(asked) <= limit) return wanted;
  return std::clamp((std::copysign(limit, asked) - offset) / error, 0.0, wanted);
}

}  // namespace

Guard::Guard(const GuardLimits& limits) : limits_(limits), speed_(limits.measured_speed) {
  const std::string fault = find_fault(limits);
  if (!fault.empty()) throw std::invalid_argument(fault);
}

bool Guard::can_arm(std::int64_t now_ns) const noexcept {
  const std::int64_t age_ns = now_ns - healthy_stamp_ns_;
  const bool fresh = healthy_ && age_ns >= 0 && age_ns <= limits_.state_age_ns;
  return status_.state == GuardState::kSilent && !status_.stop_requested && fresh;
}

bool Guard::arm(std::int64_t now_ns) noexcept {
  if (!can_arm(now_ns)) return false;
  status_ = GuardStatus{};
  status_.state = GuardState::kActive;
  restore_speed();
  ever_armed_ = true;
  return true;
}

void Guard::damp(std::int64_t now_ns, TripCause cause) noexcept {
  if (status_.state == GuardState::kDamping) return;
  if (status_.state == GuardState::kSilent && !ever_armed_) {
    status_.stop_requested = true;
    return;
  }
  trip(violation(cause, -1, 0.0, 0.0), now_ns);
}

void Guard::reset(std::int64_t now_ns) noexcept {
  if (status_.state == GuardState::kActive) {
    damp(now_ns);
    return;
  }
  status_ = GuardStatus{};
  ran_ = false;
  healthy_ = false;
  position_ticks_.fill(0);
  speed_ticks_.fill(0);
  restore_speed();
  mean_speed_.setZero();
  tilt_ticks_ = 0;
  gyro_ticks_ = 0;
}

void Guard::raise_speed(const JointVector& declared) noexcept {
  for (int j = 0; j < kNumJoints; ++j) {
    const double usual = limits_.measured_speed[j];
    const double asked = std::isfinite(declared[j]) ? declared[j] : usual;
    speed_[j] = std::max(usual, std::min(asked, limits_.speed_ceiling[j]));
  }
}

GuardStatus Guard::enforce(const JointCommand& wanted, const SensorState& measured,
                           std::int64_t now_ns, JointCommand& allowed) noexcept {
  status_.clamped_position = status_.clamped_velocity = status_.clamped_torque = 0;
  Trip found = inspect_state(measured, now_ns);
  healthy_ = found.cause == TripCause::kNone && is_within_bounds();
  healthy_stamp_ns_ = measured.stamp_ns;

  if (status_.state == GuardState::kActive) {
    if (found.cause == TripCause::kNone) found = inspect_command(wanted, now_ns);
    if (found.cause != TripCause::kNone) trip(found, now_ns);
  }
  last_now_ns_ = now_ns;
  ran_ = true;

  switch (status_.state) {
    case GuardState::kActive:
      clamp(wanted, measured, allowed);
      break;
    case GuardState::kDamping:
      write_damping(now_ns, allowed);
      break;
    case GuardState::kSilent:
      allowed = JointCommand{};
      allowed.stamp_ns = now_ns;
      break;
  }
  return status_;
}

Trip Guard::inspect_stamps(const SensorState& measured, std::int64_t now_ns) const noexcept {
  if (ran_ && now_ns < last_now_ns_) {
    return violation(TripCause::kClock, -1, seconds(now_ns - last_now_ns_), 0.0);
  }
  const std::int64_t age_ns = now_ns - measured.stamp_ns;
  if (age_ns < 0) return violation(TripCause::kClock, -1, seconds(age_ns), 0.0);
  if (age_ns > limits_.state_age_ns) {
    return violation(TripCause::kStateAge, -1, seconds(age_ns), seconds(limits_.state_age_ns));
  }
  return kNoTrip;
}

Trip Guard::inspect_state(const SensorState& measured, std::int64_t now_ns) noexcept {
  const Trip stamps = inspect_stamps(measured, now_ns);
  if (stamps.cause != TripCause::kNone) return stamps;
  for (const JointVector* values :
       {&measured.joint_position, &measured.joint_velocity, &measured.joint_torque}) {
    const int joint = find_not_finite(*values);
    if (joint >= 0) return violation(TripCause::kStateNotFinite, joint, (*values)[joint], 0.0);
  }
  const double norm = measured.quat_world_imu_wxyz.norm();
  const double rate = measured.gyro_in_imu.norm();
  const double force = measured.accel_in_imu.norm();
  for (const double value : {norm, rate, force}) {
    if (!std::isfinite(value)) return violation(TripCause::kStateNotFinite, -1, value, 0.0);
  }
  if (std::fabs(norm - 1.0) > limits_.quaternion_norm_error) {
    return violation(TripCause::kAttitude, -1, norm - 1.0, limits_.quaternion_norm_error);
  }
  return inspect_motion(measured, now_ns);
}

Trip Guard::inspect_speed(int joint, double speed, double share) noexcept {
  const double limit = speed_[joint];
  double& mean = mean_speed_[joint];
  mean += share * (std::min(std::fabs(speed), limit) - mean);
  if (persists(std::fabs(speed) > limit, limits_.debounce_ticks, speed_ticks_[joint])) {
    return violation(TripCause::kJointSpeed, joint, speed, limit);
  }
  const double sustained = limits_.sustained_speed[joint];
  if (mean > sustained) return violation(TripCause::kSustainedSpeed, joint, mean, sustained);
  return kNoTrip;
}

Trip Guard::inspect_motion(const SensorState& measured, std::int64_t now_ns) noexcept {
  const double passed_s = ran_ ? seconds(now_ns - last_now_ns_) : 0.0;
  const double share = passed_s / (limits_.sustained_time_s + passed_s);
  const int debounce = limits_.debounce_ticks;
  Trip found = kNoTrip;
  const auto note = [&found](const Trip& trip) {
    if (found.cause == TripCause::kNone) found = trip;
  };
  const double tilt = tilt_of(measured.quat_world_imu_wxyz.normalized());
  if (persists(tilt > limits_.tilt_rad, debounce, tilt_ticks_)) {
    note(violation(TripCause::kTilt, -1, tilt, limits_.tilt_rad));
  }
  const double rate = measured.gyro_in_imu.norm();
  if (persists(rate > limits_.gyro_rad_s, debounce, gyro_ticks_)) {
    note(violation(TripCause::kGyro, -1, rate, limits_.gyro_rad_s));
  }
  for (int j = 0; j < kNumJoints; ++j) {
    const Trip fast = inspect_speed(j, measured.joint_velocity[j], share);
    if (fast.cause != TripCause::kNone) note(fast);
    const double position = measured.joint_position[j];
    const double lower = limits_.position_lower[j] - limits_.position_overrun_rad;
    const double upper = limits_.position_upper[j] + limits_.position_overrun_rad;
    if (persists(position < lower || position > upper, debounce, position_ticks_[j])) {
      note(violation(TripCause::kJointPosition, j, position, position < lower ? lower : upper));
    }
  }
  return found;
}

bool Guard::is_within_bounds() const noexcept {
  const auto quiet = [](int ticks) { return ticks == 0; };
  return tilt_ticks_ == 0 && gyro_ticks_ == 0 &&
         std::all_of(speed_ticks_.begin(), speed_ticks_.end(), quiet) &&
         std::all_of(position_ticks_.begin(), position_ticks_.end(), quiet);
}

Trip Guard::inspect_command(const JointCommand& wanted, std::int64_t now_ns) const noexcept {
  for (const JointVector* values :
       {&wanted.position, &wanted.velocity, &wanted.torque, &wanted.stiffness, &wanted.damping}) {
    const int joint = find_not_finite(*values);
    if (joint >= 0) return violation(TripCause::kCommandNotFinite, joint, (*values)[joint], 0.0);
  }
  const std::int64_t age_ns = now_ns - wanted.stamp_ns;
  if (age_ns < 0) return violation(TripCause::kClock, -1, seconds(age_ns), 0.0);
  if (age_ns > limits_.command_age_ns) {
    return violation(TripCause::kCommandAge, -1, seconds(age_ns), seconds(limits_.command_age_ns));
  }
  for (int j = 0; j < kNumJoints; ++j) {
    const double stiffness = wanted.stiffness[j];
    if (stiffness < 0.0 || stiffness > limits_.stiffness[j]) {
      return violation(TripCause::kStiffness, j, stiffness, limits_.stiffness[j]);
    }
    const double damping = wanted.damping[j];
    if (damping < 0.0 || damping > limits_.damping[j]) {
      return violation(TripCause::kDamping, j, damping, limits_.damping[j]);
    }
  }
  return kNoTrip;
}

void Guard::clamp(const JointCommand& wanted, const SensorState& measured,
                  JointCommand& allowed) noexcept {
  allowed = wanted;
  for (int j = 0; j < kNumJoints; ++j) {
    const double limit = limits_.torque[j];
    const double torque = std::clamp(wanted.torque[j], -limit, limit);

    const double q = measured.joint_position[j];
    const double lower = limits_.position_lower[j] + limits_.position_margin_rad;
    const double upper = limits_.position_upper[j] - limits_.position_margin_rad;
    double position = std::clamp(wanted.position[j], lower, upper);
    position = bound_target(position, q, wanted.stiffness[j], torque, limit);
    position = std::clamp(position, lower, upper);
    const double stiffness = bound_gain(wanted.stiffness[j], position - q, torque, limit);
    const double spring = std::clamp(torque + stiffness * (position - q), -limit, limit);

    const double dq = measured.joint_velocity[j];
    const double speed = limits_.command_speed[j];
    double velocity = std::clamp(wanted.velocity[j], -speed, speed);
    velocity = bound_target(velocity, dq, wanted.damping[j], spring, limit);
    velocity = std::clamp(velocity, -speed, speed);
    const double damping = bound_gain(wanted.damping[j], velocity - dq, spring, limit);

    status_.clamped_torque += torque != wanted.torque[j];
    status_.clamped_position += position != wanted.position[j] || stiffness != wanted.stiffness[j];
    status_.clamped_velocity += velocity != wanted.velocity[j] || damping != wanted.damping[j];
    allowed.position[j] = position;
    allowed.velocity[j] = velocity;
    allowed.torque[j] = torque;
    allowed.stiffness[j] = stiffness;
    allowed.damping[j] = damping;
  }
}

void Guard::trip(Trip cause, std::int64_t now_ns) noexcept {
  status_.state = GuardState::kDamping;
  status_.trip = cause;
  status_.trip.stamp_ns = now_ns;
}

void Guard::write_damping(std::int64_t stamp_ns, JointCommand& allowed) const noexcept {
  allowed = JointCommand{};
  allowed.stamp_ns = stamp_ns;
  allowed.damping = limits_.damping_command;
}

}  // namespace exoactor
