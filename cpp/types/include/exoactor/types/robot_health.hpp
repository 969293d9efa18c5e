#pragma once

#include <array>
#include <cstdint>
#include <exoactor/types/joint_table.hpp>
#include <exoactor/types/remote_controller.hpp>

namespace exoactor {

/// What a robot tells of itself beside the measurement, and what its link knows of it. One value a
/// joint, SDK order.
struct RobotHealth {
  std::int64_t stamp_ns = 0;      ///< monotonic time of arrival; 0: the robot tells none of this
  std::uint32_t tick_ms = 0;      ///< the robot's own clock
  std::uint8_t mode_machine = 0;  ///< hardware revision
  std::array<int, kNumJoints> surface_temperature_c{};
  std::array<int, kNumJoints> winding_temperature_c{};
  std::array<std::uint32_t, kNumJoints> motor_fault{};  ///< bits
  int imu_temperature_c = 0;
  int charge_percent = -1;   ///< of the battery; -1: not told yet
  int other_publishers = 0;  ///< programs that command the motors beside this one
  std::int64_t bad_crc = 0;  ///< messages dropped as damaged, since the link was opened
  RemoteController remote;
};

/// What a motor says that no longer gets commands.
inline constexpr std::uint32_t kMotorTimeoutFault = 0x40000000U;

/// Unitree's own termination defaults.
inline constexpr int kWindingLimit = 120;  // Celsius
inline constexpr int kSurfaceLimit = 85;   // Celsius
inline constexpr int kBatteryLimit = 20;   // percent

/// The hardware revision that the joint table describes.
inline constexpr std::uint8_t kSupportedRevision = 5;

}  // namespace exoactor
