#include <cmath>
#include <exoactor/safety/guard_limits.hpp>

namespace exoactor {
namespace {

/// Unitree's own termination default. Walking reaches 5 rad/s in simulation.
constexpr double kGreatestSpeed = 10.0;

/// Damping that brings a limp joint to rest without shaking it, by the size of its motor.
double damping_for_effort(double effort_nm) {
  if (effort_nm >= 88.0) return 5.0;
  if (effort_nm >= 50.0) return 3.0;
  return effort_nm >= 25.0 ? 2.0 : 1.0;
}

std::string fault(const char* what, int joint, double got, const char* allowed) {
  const std::string where = joint < 0 ? "" : std::string(kJointTable[joint].name) + " ";
  return "guard limits: " + where + what + " " + std::to_string(got) + ", allowed " + allowed +
         "; guard not made";
}

}  // namespace

GuardLimits default_guard_limits() {
  GuardLimits limits;
  for (int j = 0; j < kNumJoints; ++j) {
    const JointSpec& joint = kJointTable[j];
    limits.position_lower[j] = joint.lower_rad;
    limits.position_upper[j] = joint.upper_rad;
    limits.torque[j] = joint.effort_nm;
    limits.command_speed[j] = kGreatestSpeed;
    limits.measured_speed[j] = kGreatestSpeed;
    limits.speed_ceiling[j] = joint.velocity_rad_s;
    limits.sustained_speed[j] = kGreatestSpeed;
    limits.stiffness[j] = joint.effort_nm >= 50.0 ? 200.0 : 60.0;
    limits.damping[j] = joint.effort_nm >= 50.0 ? 10.0 : 4.0;
    limits.damping_command[j] = damping_for_effort(joint.effort_nm);
  }
  return limits;
}

std::string find_fault(const GuardLimits& limits) {
  const auto positive = [](double value) { return std::isfinite(value) && value > 0.0; };
  for (int j = 0; j < kNumJoints; ++j) {
    const double span = limits.position_upper[j] - limits.position_lower[j];
    if (!positive(span - 2.0 * limits.position_margin_rad)) {
      return fault("range less margins", j, span - 2.0 * limits.position_margin_rad, "> 0 rad");
    }
    if (!positive(limits.torque[j])) return fault("torque", j, limits.torque[j], "> 0 Nm");
    if (!positive(limits.command_speed[j])) {
      return fault("command_speed", j, limits.command_speed[j], "> 0 rad/s");
    }
    if (!positive(limits.measured_speed[j])) {
      return fault("measured_speed", j, limits.measured_speed[j], "> 0 rad/s");
    }
    if (!positive(limits.speed_ceiling[j])) {
      return fault("speed_ceiling", j, limits.speed_ceiling[j], "> 0 rad/s");
    }
    if (!positive(limits.sustained_speed[j])) {
      return fault("sustained_speed", j, limits.sustained_speed[j], "> 0 rad/s");
    }
    if (!positive(limits.stiffness[j])) return fault("stiffness", j, limits.stiffness[j], "> 0");
    if (!positive(limits.damping[j])) return fault("damping", j, limits.damping[j], "> 0");
    if (!positive(limits.damping_command[j])) {
      return fault("damping_command", j, limits.damping_command[j], "> 0 Nm s/rad");
    }
  }
  if (!(std::isfinite(limits.position_margin_rad) && limits.position_margin_rad >= 0.0)) {
    return fault("position_margin_rad", -1, limits.position_margin_rad, ">= 0 rad");
  }
  if (!positive(limits.position_overrun_rad)) {
    return fault("position_overrun_rad", -1, limits.position_overrun_rad, "> 0 rad");
  }
  if (!positive(limits.tilt_rad)) return fault("tilt_rad", -1, limits.tilt_rad, "> 0 rad");
  if (!positive(limits.gyro_rad_s)) return fault("gyro_rad_s", -1, limits.gyro_rad_s, "> 0 rad/s");
  if (!positive(limits.quaternion_norm_error)) {
    return fault("quaternion_norm_error", -1, limits.quaternion_norm_error, "> 0");
  }
  if (!positive(limits.sustained_time_s)) {
    return fault("sustained_time_s", -1, limits.sustained_time_s, "> 0 s");
  }
  if (limits.state_age_ns <= 0 || limits.command_age_ns <= 0) {
    return fault("age", -1, 0.0, "> 0 ns");
  }
  if (limits.debounce_ticks < 1) return fault("debounce_ticks", -1, limits.debounce_ticks, ">= 1");
  return {};
}

}  // namespace exoactor
