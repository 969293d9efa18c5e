#pragma once

#include <cstdint>
#include <exoactor/types/robot_health.hpp>
#include <exoactor/types/state.hpp>
#include <limits>

namespace exoactor {

inline constexpr std::int64_t kTick = 2'000'000;
inline constexpr std::int64_t kMs = 1'000'000;
inline constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// A robot at rest, every joint at 0.1 rad; its accelerometer never says the same twice.
inline SensorState state_at(std::int64_t now_ns) {
  SensorState state;
  state.stamp_ns = now_ns;
  state.joint_position.setConstant(0.1);
  state.accel_in_imu.z() = 9.81 + 1e-12 * static_cast<double>(now_ns);
  return state;
}

/// Holds that posture.
inline JointCommand command_at(std::int64_t now_ns) {
  JointCommand command;
  command.stamp_ns = now_ns;
  command.position.setConstant(0.1);
  command.stiffness.setConstant(20.0);
  command.damping.setConstant(1.0);
  return command;
}

/// A cool robot with a full battery.
inline RobotHealth health_at(std::int64_t now_ns) {
  RobotHealth health;
  health.stamp_ns = now_ns;
  health.mode_machine = kSupportedRevision;
  health.surface_temperature_c.fill(30);
  health.winding_temperature_c.fill(30);
  health.imu_temperature_c = 40;
  health.charge_percent = 90;
  return health;
}

}  // namespace exoactor
