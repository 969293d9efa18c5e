#pragma once

#include <array>
#include <cstdint>
#include <exoactor/types/joint_table.hpp>
#include <exoactor/wire/remote_controller.hpp>

namespace exoactor {

/// What a LowState tells beside the measurement. One value a joint, SDK order.
struct RobotHealth {
  std::int64_t stamp_ns = 0;      ///< monotonic time of arrival
  std::uint32_t tick_ms = 0;      ///< the robot's own clock
  std::uint8_t mode_machine = 0;  ///< hardware revision
  std::array<int, kNumJoints> surface_temperature_c{};
  std::array<int, kNumJoints> winding_temperature_c{};
  std::array<std::uint32_t, kNumJoints> motor_fault{};  ///< bits
  int imu_temperature_c = 0;
  RemoteController remote;
};

/// What a motor says that no longer gets commands.
inline constexpr std::uint32_t kMotorTimeoutFault = 0x40000000U;

}  // namespace exoactor
