#include <algorithm>
#include <cmath>
#include <exoactor/safety/command_clamp.hpp>
#include <exoactor/safety/command_inspector.hpp>
#include <exoactor/safety/guard.hpp>
#include <exoactor/safety/violation.hpp>
#include <stdexcept>

namespace exoactor {

Guard::Guard(const GuardLimits& limits)
    : limits_(limits), pose_limits_(pose_limits(limits)), speed_(limits.measured_speed) {
  const std::string fault = find_fault(limits);
  if (!fault.empty()) throw std::invalid_argument(fault);
}

bool Guard::is_healthy(std::int64_t now_ns) const noexcept {
  const std::int64_t age_ns = now_ns - healthy_stamp_ns_;
  return healthy_ && age_ns >= 0 && age_ns <= limits_.state_age_ns;
}

bool Guard::arm(std::int64_t now_ns) noexcept {
  if (!is_healthy(now_ns) || !machine_.arm()) return false;
  pace_.begin(now_ns);
  restore_speed();
  publish();
  return true;
}

bool Guard::pose(std::int64_t now_ns) noexcept {
  if (!is_healthy(now_ns) || !machine_.pose()) return false;
  pace_.begin(now_ns);
  restore_speed();
  drive_ = drive_.cwiseMin(pose_limits_.torque).cwiseMax(-pose_limits_.torque);
  publish();
  return true;
}

void Guard::damp(std::int64_t now_ns, TripCause cause) noexcept {
  machine_.report(violation(cause, -1, 0.0, 0.0), now_ns);
  publish();
}

void Guard::clear_emergency() noexcept {
  machine_.clear_emergency();
  publish();
}

void Guard::reset(std::int64_t now_ns) noexcept {
  if (machine_.reset(now_ns)) forget();
  publish();
}

void Guard::raise_speed(const JointVector& declared) noexcept {
  for (int j = 0; j < kNumJoints; ++j) {
    const double usual = in_force().measured_speed[j];
    const double asked = std::isfinite(declared[j]) ? declared[j] : usual;
    speed_[j] = std::max(usual, std::min(asked, in_force().speed_ceiling[j]));
  }
}

GuardStatus Guard::enforce(const JointCommand& wanted, const SensorState& measured,
                           const GuardContext& context, std::int64_t now_ns,
                           JointCommand& allowed) noexcept {
  machine_.follow(context.task, now_ns);
  inspect(wanted, measured, context, now_ns);
  status_.clamped_position = status_.clamped_velocity = status_.clamped_torque = 0;
  publish();
  if (is_driven(status_.state)) {
    send(wanted, measured, allowed);
    return status_;
  }
  allowed = JointCommand{};
  allowed.stamp_ns = now_ns;
  if (status_.may_send()) allowed.damping = limits_.damping_command;
  if (healthy_) {
    drive_ = measured.joint_torque.cwiseMin(limits_.torque).cwiseMax(-limits_.torque);
    target_ = measured.joint_position;
  }
  return status_;
}

void Guard::send(const JointCommand& wanted, const SensorState& measured,
                 JointCommand& allowed) noexcept {
  JointCommand asked = wanted;
  if (status_.state == GuardState::kPose) {
    const double step = kPoseTargetSpeed * to_seconds(limits_.period_ns);
    asked.position = wanted.position.cwiseMin((target_.array() + step).matrix())
                         .cwiseMax((target_.array() - step).matrix());
  }
  const ClampCounts counts = clamp_command(asked, measured, in_force(), drive_, allowed);
  target_ = allowed.position;
  status_.clamped_position = counts.position;
  status_.clamped_velocity = counts.velocity;
  status_.clamped_torque = counts.torque;
}

void Guard::inspect(const JointCommand& wanted, const SensorState& measured,
                    const GuardContext& context, std::int64_t now_ns) noexcept {
  const Trip health = health_.inspect(context.health, limits_);
  const Trip motion = motion_.inspect(measured, now_ns, speed_, in_force());
  healthy_ = !health && !motion && health_.quiet() && motion_.quiet();
  healthy_stamp_ns_ = measured.stamp_ns;

  machine_.report(health_.concern(), now_ns);
  if (reaction_to(health.cause) == Reaction::kEmergencyStop) machine_.report(health, now_ns);
  if (!is_driven(machine_.state())) return;
  Trip found = health;
  keep_first(found, motion);
  keep_first(found, pace_.inspect(context, now_ns, limits_));
  keep_first(found, inspect_command(wanted, now_ns, in_force()));
  machine_.report(found, now_ns);
  machine_.report(pace_.concern(), now_ns);
}

void Guard::publish() noexcept {
  status_.state = machine_.state();
  status_.trip = machine_.trip();
  status_.concern = machine_.concern();
  status_.stop_requested = machine_.stop_requested();
  status_.emergency = machine_.emergency();
}

void Guard::forget() noexcept {
  motion_ = MotionInspector{};
  health_ = HealthInspector{};
  healthy_ = false;
  restore_speed();
}

}  // namespace exoactor
