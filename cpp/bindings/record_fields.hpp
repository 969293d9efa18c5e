#pragma once

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

}  // namespace exoactor
