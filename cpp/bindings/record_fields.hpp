#pragma once

#include <exoactor/safety/guard_context.hpp>
#include <exoactor/types/state.hpp>

namespace exoactor {

/// The columns of what is measured, in one place for writing and reading: f(name, field).
template <typename F>
void for_each_sensor_field(F f) {
  f("sensed_position", &SensorState::joint_position);
  f("sensed_velocity", &SensorState::joint_velocity);
  f("sensed_torque", &SensorState::joint_torque);
  f("quat_world_imu_wxyz", &SensorState::quat_world_imu_wxyz);
  f("gyro_in_imu", &SensorState::gyro_in_imu);
  f("accel_in_imu", &SensorState::accel_in_imu);
}

/// The columns of a command: f(name without its prefix, field).
template <typename F>
void for_each_command_field(F f) {
  f("position", &JointCommand::position);
  f("velocity", &JointCommand::velocity);
  f("torque", &JointCommand::torque);
  f("stiffness", &JointCommand::stiffness);
  f("damping", &JointCommand::damping);
}

/// The columns of what else the guard is told, in one place for writing and reading: whole numbers
/// as f(name, get, set), one a joint as g(name, field).
template <typename F, typename G>
void for_each_context_field(F f, G g) {
  using Context = GuardContext;
  using Read = const GuardContext&;
  f(
      "task", [](Read c) { return std::int64_t{c.task}; },
      [](Context& c, std::int64_t v) { c.task = v != 0; });
  f(
      "progress_ns", [](Read c) { return c.progress_ns; },
      [](Context& c, std::int64_t v) { c.progress_ns = v; });
  f(
      "target_ns", [](Read c) { return c.target_ns; },
      [](Context& c, std::int64_t v) { c.target_ns = v; });
  f(
      "heartbeat_ns", [](Read c) { return c.heartbeat_ns; },
      [](Context& c, std::int64_t v) { c.heartbeat_ns = v; });
  f(
      "health_stamp_ns", [](Read c) { return c.health.stamp_ns; },
      [](Context& c, std::int64_t v) { c.health.stamp_ns = v; });
  f(
      "mode_machine", [](Read c) { return std::int64_t{c.health.mode_machine}; },
      [](Context& c, std::int64_t v) { c.health.mode_machine = static_cast<std::uint8_t>(v); });
  f(
      "battery_percent", [](Read c) { return std::int64_t{c.health.charge_percent}; },
      [](Context& c, std::int64_t v) { c.health.charge_percent = static_cast<int>(v); });
  f(
      "command_publishers", [](Read c) { return std::int64_t{1} + c.health.other_publishers; },
      [](Context& c, std::int64_t v) { c.health.other_publishers = static_cast<int>(v - 1); });
  f(
      "state_crc_errors", [](Read c) { return c.health.bad_crc; },
      [](Context& c, std::int64_t v) { c.health.bad_crc = v; });
  f(
      "remote_buttons", [](Read c) { return std::int64_t{c.health.remote.buttons}; },
      [](Context& c, std::int64_t v) { c.health.remote.buttons = static_cast<std::uint16_t>(v); });
  g("winding_c", &RobotHealth::winding_temperature_c);
  g("casing_c", &RobotHealth::surface_temperature_c);
  g("motor_fault", &RobotHealth::motor_fault);
}

}  // namespace exoactor
