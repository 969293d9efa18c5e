#pragma once

#include <array>
#include <cstdint>

namespace exoactor {

/// Motors a low-level message has room for; the first kNumJoints are the robot's, in SDK order.
inline constexpr int kWireMotors = 35;

/// What one motor is told: tau + kp (q - q_measured) + kd (dq - dq_measured).
struct WireMotorCommand {
  std::uint8_t mode = 0;  ///< 1 enables the motor
  std::array<std::uint8_t, 3> padding{};
  float q = 0.0F;    ///< rad
  float dq = 0.0F;   ///< rad/s
  float tau = 0.0F;  ///< Nm
  float kp = 0.0F;   ///< Nm/rad
  float kd = 0.0F;   ///< Nm s/rad
  std::uint32_t reserve = 0;
};

/// A command as it lies in memory and as its CRC sees it (topic rt/lowcmd). Padding is named so
/// that it is always zero.
struct LowCmd {
  std::uint8_t mode_pr = 0;       ///< 0: ankles and waist as pitch and roll joints
  std::uint8_t mode_machine = 0;  ///< hardware revision, echoed from the robot's state
  std::array<std::uint8_t, 2> padding{};
  std::array<WireMotorCommand, kWireMotors> motors{};
  std::array<std::uint32_t, 4> reserve{};
  std::uint32_t crc = 0;
};

static_assert(sizeof(WireMotorCommand) == 28);
static_assert(sizeof(LowCmd) == 1004);

}  // namespace exoactor
