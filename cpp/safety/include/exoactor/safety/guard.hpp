#pragma once

#include <array>
#include <cstdint>
#include <exoactor/safety/guard_limits.hpp>
#include <exoactor/safety/guard_status.hpp>
#include <exoactor/types/state.hpp>

namespace exoactor {

/// The last hand on every command, of every controller, on every robot, simulated ones included.
///
/// A latched state machine, Silent -> Active -> Damping, that fails closed. It reads no clock and
/// keeps no reference: the same arguments in the same order give the same commands. Everything but
/// the constructor is RT-safe. One thread at a time.
class Guard {
 public:
  /// Throws std::invalid_argument when find_fault(limits) names one.
  explicit Guard(const GuardLimits& limits);

  /// Silent -> Active. Refused (false) unless silent, with no stop requested, and the state seen by
  /// the last enforce() was healthy and is still fresh at `now_ns`.
  [[nodiscard]] bool arm(std::int64_t now_ns) noexcept;

  /// Whether arm() would be granted.
  bool can_arm(std::int64_t now_ns) const noexcept;

  /// A stop from outside, the operator's or the controller's own: to Damping, and from Silent too
  /// once the guard has ever been armed. Before that nothing was ever sent and nothing will be: the
  /// request is kept, and arming refused, until reset().
  void damp(std::int64_t now_ns, TripCause cause = TripCause::kRequested) noexcept;

  /// Damping -> Silent, trip and stop request forgotten; nothing may be sent until armed anew. From
  /// Active a robot would be left powered and undamped: there it is a requested stop.
  void reset(std::int64_t now_ns) noexcept;

  /// Lets joints move faster than limits().measured_speed, up to `declared` rad/s and never above
  /// limits().speed_ceiling; what is lower or not finite leaves the limit as it is. The running
  /// mean of the speed stays below limits().sustained_speed all the same. Until restore_speed(),
  /// arm() or reset().
  void raise_speed(const JointVector& declared) noexcept;
  void restore_speed() noexcept { speed_ = limits_.measured_speed; }

  /// The limit of the measured speed in force, rad/s.
  const JointVector& speed_limit() const noexcept { return speed_; }

  /// Writes to `allowed` what may be sent at `now_ns` in place of `wanted`.
  ///
  /// Active: finiteness, age, attitude, gains, (debounced, two-sided) measured position, speed,
  /// tilt and gyro, and the running mean of the speed are checked; any violation trips. Targets are
  /// clamped into their range, then moved towards the measured joint, and where the range forbids
  /// that the gain is cut, until at the measured state |tau|, |tau + kp (q* - q)| and |tau + kp (q*
  /// - q) + kd (dq* - dq)| are within the torque limit.
  GuardStatus enforce(const JointCommand& wanted, const SensorState& measured, std::int64_t now_ns,
                      JointCommand& allowed) noexcept;

  const GuardStatus& status() const noexcept { return status_; }
  const GuardLimits& limits() const noexcept { return limits_; }

 private:
  Trip inspect_stamps(const SensorState& measured, std::int64_t now_ns) const noexcept;
  Trip inspect_state(const SensorState& measured, std::int64_t now_ns) noexcept;
  Trip inspect_motion(const SensorState& measured, std::int64_t now_ns) noexcept;
  Trip inspect_speed(int joint, double speed, double share) noexcept;
  /// Whether the last inspected state was, without debouncing, within all bounds.
  bool is_within_bounds() const noexcept;
  Trip inspect_command(const JointCommand& wanted, std::int64_t now_ns) const noexcept;
  void clamp(const JointCommand& wanted, const SensorState& measured,
             JointCommand& allowed) noexcept;
  void trip(Trip cause, std::int64_t now_ns) noexcept;
  void write_damping(std::int64_t stamp_ns, JointCommand& allowed) const noexcept;

  GuardLimits limits_;
  GuardStatus status_;
  JointVector speed_;                             ///< limit of the measured speed in force
  JointVector mean_speed_ = JointVector::Zero();  ///< running mean of |speed|, cut at speed_
  std::int64_t last_now_ns_ = 0;
  bool ran_ = false;
  bool ever_armed_ = false;
  std::int64_t healthy_stamp_ns_ = 0;
  bool healthy_ = false;
  std::array<int, kNumJoints> position_ticks_{};
  std::array<int, kNumJoints> speed_ticks_{};
  int tilt_ticks_ = 0;
  int gyro_ticks_ = 0;
};

}  // namespace exoactor
