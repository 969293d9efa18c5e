#pragma once

#include <cstdint>
#include <exoactor/safety/guard_context.hpp>
#include <exoactor/safety/guard_limits.hpp>
#include <exoactor/safety/guard_state_machine.hpp>
#include <exoactor/safety/guard_status.hpp>
#include <exoactor/safety/health_inspector.hpp>
#include <exoactor/safety/motion_inspector.hpp>
#include <exoactor/safety/pace_inspector.hpp>
#include <exoactor/types/state.hpp>

namespace exoactor {

/// The last hand on every command, of every controller, on every robot, simulated ones included.
///
/// A state machine (see GuardStateMachine) and the checks that drive it; it fails closed. It reads
/// no clock and keeps no reference: the same arguments in the same order give the same commands.
/// Everything but the constructor is RT-safe. One thread at a time.
class Guard {
 public:
  /// Throws std::invalid_argument when find_fault(limits) names one.
  explicit Guard(const GuardLimits& limits);

  /// Silent or ready -> hold. Refused (false) unless there, with no stop requested, no emergency
  /// stop and no concern, and what the last enforce() saw was healthy and is still fresh at
  /// `now_ns`.
  [[nodiscard]] bool arm(std::int64_t now_ns) noexcept;

  /// Whether arm() would be granted.
  bool can_arm(std::int64_t now_ns) const noexcept {
    return is_healthy(now_ns) && machine_.can_arm();
  }

  /// Silent or ready -> pose, refused as arm() is; from there arm() leads to hold. Until then the
  /// limits of pose_limits() hold, and commanded positions move from where the joints are by no
  /// more than kPoseTargetSpeed.
  [[nodiscard]] bool pose(std::int64_t now_ns) noexcept;

  /// Whether pose() would be granted.
  bool can_pose(std::int64_t now_ns) const noexcept {
    return is_healthy(now_ns) && machine_.can_pose();
  }

  /// A stop from outside, the operator's or the controller's own, whose `cause` leads to damping:
  /// there, and from silence too once the guard has ever been armed. Before that nothing was ever
  /// sent and nothing will be: the request is kept, and arming refused, until reset().
  void damp(std::int64_t now_ns, TripCause cause = TripCause::kRequested) noexcept;

  /// Emergency stop: as damp(), and neither reset nor armed until clear_emergency().
  void stop_for_good(std::int64_t now_ns) noexcept { damp(now_ns, TripCause::kEmergencyStop); }

  /// Lets go of an emergency stop, by hand; the guard goes on damping until reset().
  void clear_emergency() noexcept;

  /// One step down. Driven, a robot would be left powered and undamped: there it is a requested
  /// stop. Damping -> ready: what led there is forgotten, damping goes on. Ready -> silent. An
  /// emergency stop refuses it.
  void reset(std::int64_t now_ns) noexcept;

  /// Lets joints move faster than in_force().measured_speed, up to `declared` rad/s and never above
  /// its speed_ceiling; what is lower or not finite leaves the limit as it is. The running
  /// mean of the speed stays below limits().sustained_speed all the same. Until restore_speed(),
  /// arm() or reset().
  void raise_speed(const JointVector& declared) noexcept;
  void restore_speed() noexcept { speed_ = in_force().measured_speed; }

  /// The limit of the measured speed in force, rad/s.
  const JointVector& speed_limit() const noexcept { return speed_; }

  /// Writes to `allowed` what may be sent at `now_ns` in place of `wanted`: while driven `wanted`,
  /// checked and clamped (see clamp_command); else damping, or nothing while silent.
  GuardStatus enforce(const JointCommand& wanted, const SensorState& measured,
                      const GuardContext& context, std::int64_t now_ns,
                      JointCommand& allowed) noexcept;

  const GuardStatus& status() const noexcept { return status_; }
  const GuardLimits& limits() const noexcept { return limits_; }
  /// The limits of the present state: those of pose, or limits().
  const GuardLimits& in_force() const noexcept {
    return machine_.state() == GuardState::kPose ? pose_limits_ : limits_;
  }

 private:
  /// Whether what enforce() saw last was healthy and is still fresh.
  bool is_healthy(std::int64_t now_ns) const noexcept;
  void inspect(const JointCommand& wanted, const SensorState& measured, const GuardContext& context,
               std::int64_t now_ns) noexcept;
  void send(const JointCommand& wanted, const SensorState& measured,
            JointCommand& allowed) noexcept;
  void publish() noexcept;
  void forget() noexcept;

  GuardLimits limits_, pose_limits_;
  GuardStatus status_;
  GuardStateMachine machine_;
  MotionInspector motion_;
  HealthInspector health_;
  PaceInspector pace_;
  JointVector speed_;  ///< limit of the measured speed in force
  JointVector drive_ =
      JointVector::Zero();  ///< Nm, feed-forward + spring as last sent, or measured
  JointVector target_ = JointVector::Zero();  ///< rad, as last sent, or measured
  std::int64_t healthy_stamp_ns_ = 0;
  bool healthy_ = false;
};

}  // namespace exoactor
