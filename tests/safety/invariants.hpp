#pragma once

#include <cmath>
#include <exoactor/safety/guard.hpp>

namespace exoactor {

/// What must hold of everything a guard sends, whatever it was told.
class Invariants {
 public:
  /// What is wrong with the answer of one tick, or nullptr. `armed`: arm() was granted since the
  /// last; `cleared`: an emergency stop was.
  const char* find_fault(const Guard& guard, const GuardStatus& status, const SensorState& measured,
                         const JointCommand& allowed, bool armed, bool cleared) {
    const GuardLimits& limits = guard.in_force();
    const bool driven = is_driven(status.state);
    const bool was_driven = driven_;
    driven_ = driven;
    const bool posed = was_pose_ && status.state == GuardState::kPose;
    was_pose_ = status.state == GuardState::kPose;
    const bool was_emergency = emergency_ && !cleared;
    emergency_ = status.emergency;
    if (driven && !was_driven && !armed) return "driven without arming";
    if (driven && status.emergency) return "driven in an emergency stop";
    if (was_emergency && !status.emergency) return "an emergency stop went by itself";
    if (driven && bool(status.trip)) return "driven in spite of a trip";
    if (!driven) return find_motion(limits, status, allowed);
    const char* fault = find_excess(limits, measured, allowed);
    if (fault == nullptr && was_driven) fault = find_step(limits, measured, allowed);
    if (fault == nullptr && posed) fault = find_haste(limits, measured, allowed);
    drive_ = spring_of(measured, allowed);
    target_ = allowed.position;
    return fault;
  }

 private:
  static constexpr double kRounding = 1e-9;

  static JointVector spring_of(const SensorState& measured, const JointCommand& allowed) {
    return allowed.torque.array() +
           allowed.stiffness.array() * (allowed.position - measured.joint_position).array();
  }

  /// Nothing in silence, nothing but damping else.
  static const char* find_motion(const GuardLimits& limits, const GuardStatus& status,
                                 const JointCommand& allowed) {
    const bool still = allowed.position.isZero(0.0) && allowed.velocity.isZero(0.0) &&
                       allowed.torque.isZero(0.0) && allowed.stiffness.isZero(0.0);
    if (!still) return "more than damping";
    if (status.may_send()) return allowed.damping == limits.damping_command ? nullptr : "damping";
    return allowed.damping.isZero(0.0) ? nullptr : "not silent";
  }

  static const char* find_excess(const GuardLimits& limits, const SensorState& measured,
                                 const JointCommand& allowed) {
    const JointVector spring = spring_of(measured, allowed);
    for (int j = 0; j < kNumJoints; ++j) {
      const double total =
          spring[j] + allowed.damping[j] * (allowed.velocity[j] - measured.joint_velocity[j]);
      const double most = limits.torque[j] * (1.0 + kRounding);
      const double margin = limits.position_margin_rad;
      // Written so that a number that is none fails.
      if (!(std::fabs(allowed.torque[j]) <= limits.torque[j])) return "torque";
      if (!(std::fabs(spring[j]) <= most)) return "torque of the spring";
      if (!(std::fabs(total) <= most)) return "whole torque";
      if (!(allowed.position[j] >= limits.position_lower[j] + margin)) return "position";
      if (!(allowed.position[j] <= limits.position_upper[j] - margin)) return "position";
      if (!(std::fabs(allowed.velocity[j]) <= limits.command_speed[j])) return "velocity";
      if (!(allowed.stiffness[j] >= 0.0 && allowed.stiffness[j] <= limits.stiffness[j])) {
        return "stiffness";
      }
      if (!(allowed.damping[j] >= 0.0 && allowed.damping[j] <= limits.damping[j])) return "damping";
    }
    return nullptr;
  }

  const char* find_step(const GuardLimits& limits, const SensorState& measured,
                        const JointCommand& allowed) const {
    const JointVector spring = spring_of(measured, allowed);
    for (int j = 0; j < kNumJoints; ++j) {
      const double most = limits.torque_step[j] + kRounding * limits.torque[j];
      if (!(std::fabs(spring[j] - drive_[j]) <= most)) return "step of torque";
    }
    return nullptr;
  }

  /// Positions in pose creep, except towards the joint where its torque would be too much.
  const char* find_haste(const GuardLimits& limits, const SensorState& measured,
                         const JointCommand& allowed) const {
    const double most = kPoseTargetSpeed * 1e-9 * static_cast<double>(limits.period_ns) + kRounding;
    for (int j = 0; j < kNumJoints; ++j) {
      const double before = std::fabs(target_[j] - measured.joint_position[j]);
      const double now = std::fabs(allowed.position[j] - measured.joint_position[j]);
      if (std::fabs(allowed.position[j] - target_[j]) > most && now > before) return "haste";
    }
    return nullptr;
  }

  bool driven_ = false;
  bool was_pose_ = false;
  bool emergency_ = false;
  JointVector drive_ = JointVector::Zero();
  JointVector target_ = JointVector::Zero();
};

}  // namespace exoactor
