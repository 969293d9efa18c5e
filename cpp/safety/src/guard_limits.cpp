#include <algorithm>
#include <cmath>
#include <exoactor/safety/guard_limits.hpp>

namespace exoactor {
namespace {

/// Unitree's own termination default. Walking reaches 5 rad/s in simulation.
constexpr double kGreatestSpeed = 10.0;

/// Of the motor's torque, in a tick. Walking reaches 0.36, at the ankles.
constexpr double kTorqueStep = 0.5;

/// In pose. Standing takes up to 0.09 of a motor's torque, a hanging leg less.
constexpr double kPoseTorque = 0.2;
constexpr double kPoseTorqueStep = 0.02;  // of the motor's torque, in a tick
constexpr double kPoseSpeed = 2.0;        // rad/s, measured
constexpr double kPoseStiffness = 100.0;  // Nm/rad
constexpr double kPoseTilt = 0.6;         // rad

/// Damping that brings a limp joint to rest without shaking it, by the size of its motor.
double damping_for_effort(double effort_nm) {
  if (effort_nm >= 88.0) return 5.0;
  if (effort_nm >= 50.0) return 3.0;
  return effort_nm >= 25.0 ? 2.0 : 1.0;
}

template <typename Value>
struct Bound {
  const char* name;
  Value GuardLimits::* field;
};
using JointBound = Bound<JointVector>;

/// What must be finite and greater than 0.
constexpr JointBound kJointBounds[] = {
    {"torque", &GuardLimits::torque},
    {"command_speed", &GuardLimits::command_speed},
    {"measured_speed", &GuardLimits::measured_speed},
    {"speed_ceiling", &GuardLimits::speed_ceiling},
    {"sustained_speed", &GuardLimits::sustained_speed},
    {"stiffness", &GuardLimits::stiffness},
    {"damping", &GuardLimits::damping},
    {"damping_command", &GuardLimits::damping_command},
    {"torque_step", &GuardLimits::torque_step},
};
constexpr Bound<double> kRealBounds[] = {
    {"position_overrun_rad", &GuardLimits::position_overrun_rad},
    {"tilt_rad", &GuardLimits::tilt_rad},
    {"gyro_rad_s", &GuardLimits::gyro_rad_s},
    {"quaternion_norm_error", &GuardLimits::quaternion_norm_error},
    {"sustained_time_s", &GuardLimits::sustained_time_s},
    {"commands_ahead", &GuardLimits::commands_ahead},
    {"overruns", &GuardLimits::overruns},
};
constexpr Bound<std::int64_t> kTimeBounds[] = {
    {"state_age_ns", &GuardLimits::state_age_ns},
    {"command_age_ns", &GuardLimits::command_age_ns},
    {"target_age_ns", &GuardLimits::target_age_ns},
    {"plan_age_ns", &GuardLimits::plan_age_ns},
    {"heartbeat_ns", &GuardLimits::heartbeat_ns},
    {"imu_frozen_ns", &GuardLimits::imu_frozen_ns},
    {"period_ns", &GuardLimits::period_ns},
    {"command_gap_ns", &GuardLimits::command_gap_ns},
};
constexpr Bound<int> kCountBounds[] = {
    {"debounce_ticks", &GuardLimits::debounce_ticks},
    {"winding_temperature_c", &GuardLimits::winding_temperature_c},
    {"surface_temperature_c", &GuardLimits::surface_temperature_c},
    {"battery_percent", &GuardLimits::battery_percent},
    {"winding_warm_c", &GuardLimits::winding_warm_c},
    {"surface_warm_c", &GuardLimits::surface_warm_c},
    {"battery_reserve_percent", &GuardLimits::battery_reserve_percent},
    {"crc_errors", &GuardLimits::crc_errors},
};

bool is_positive(double value) { return std::isfinite(value) && value > 0.0; }

std::string fault(const std::string& what, double got) {
  return "guard limits: " + what + " " + std::to_string(got) +
         ", must be greater than 0; guard not made";
}

std::string fault(const char* what, int joint, double got) {
  return fault(std::string(kJointTable[static_cast<std::size_t>(joint)].name) + " " + what, got);
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
    limits.torque_step[j] = kTorqueStep * joint.effort_nm;
  }
  return limits;
}

GuardLimits pose_limits(const GuardLimits& limits) {
  GuardLimits pose = limits;
  pose.torque *= kPoseTorque;
  pose.torque_step = limits.torque_step.cwiseMin(kPoseTorqueStep * limits.torque);
  pose.command_speed = limits.command_speed.cwiseMin(kPoseTargetSpeed);
  pose.measured_speed = limits.measured_speed.cwiseMin(kPoseSpeed);
  pose.sustained_speed = limits.sustained_speed.cwiseMin(kPoseSpeed);
  pose.speed_ceiling = pose.measured_speed;
  pose.stiffness = limits.stiffness.cwiseMin(kPoseStiffness);
  pose.tilt_rad = std::min(limits.tilt_rad, kPoseTilt);
  return pose;
}

std::string find_fault(const GuardLimits& limits) {
  for (const JointBound& bound : kJointBounds) {
    for (int j = 0; j < kNumJoints; ++j) {
      const double value = (limits.*bound.field)[j];
      if (!is_positive(value)) return fault(bound.name, j, value);
    }
  }
  for (int j = 0; j < kNumJoints; ++j) {
    const double room = limits.position_upper[j] - limits.position_lower[j];
    const double left = room - 2.0 * limits.position_margin_rad;
    if (!is_positive(left)) return fault("range less margins", j, left);
  }
  if (!(limits.position_margin_rad >= 0.0)) {
    return fault("position_margin_rad", limits.position_margin_rad);
  }
  for (const Bound<double>& bound : kRealBounds) {
    if (!is_positive(limits.*bound.field)) return fault(bound.name, limits.*bound.field);
  }
  for (const Bound<std::int64_t>& bound : kTimeBounds) {
    const std::int64_t value = limits.*bound.field;
    if (value <= 0) return fault(bound.name, static_cast<double>(value));
  }
  for (const Bound<int>& bound : kCountBounds) {
    if (limits.*bound.field < 1) return fault(bound.name, limits.*bound.field);
  }
  return {};
}

}  // namespace exoactor
