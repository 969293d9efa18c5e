#pragma once

#include <array>
#include <cstdint>
#include <exoactor/wire/low_cmd.hpp>

namespace exoactor {

/// The pelvis IMU in a LowState.
struct WireImu {
  std::array<float, 4> quat_wxyz{};
  std::array<float, 3> gyro{};   ///< rad/s
  std::array<float, 3> accel{};  ///< m/s^2
  std::array<float, 3> rpy{};    ///< rad
  std::int16_t temperature = 0;  ///< Celsius
  std::array<std::uint8_t, 2> padding{};
};

/// What one motor says.
struct WireMotorState {
  std::uint8_t mode = 0;
  std::array<std::uint8_t, 3> padding{};
  float q = 0.0F;                             ///< rad
  float dq = 0.0F;                            ///< rad/s
  float ddq = 0.0F;                           ///< rad/s^2
  float tau_est = 0.0F;                       ///< Nm
  std::array<std::int16_t, 2> temperature{};  ///< Celsius: surface, winding
  float voltage = 0.0F;                       ///< V
  std::array<std::uint32_t, 2> sensor{};
  std::uint32_t fault = 0;  ///< bits; 0x40000000: the motor misses commands
  std::array<std::uint32_t, 4> reserve{};
};

/// A measurement as it lies in memory and as its CRC sees it (topic rt/lowstate).
struct LowState {
  std::array<std::uint32_t, 2> version{};
  std::uint8_t mode_pr = 0;
  std::uint8_t mode_machine = 0;  ///< hardware revision
  std::array<std::uint8_t, 2> padding{};
  std::uint32_t tick = 0;  ///< ms
  WireImu imu;
  std::array<WireMotorState, kWireMotors> motors{};
  std::array<std::uint8_t, 40> wireless_remote{};
  std::array<std::uint32_t, 4> reserve{};
  std::uint32_t crc = 0;
};

static_assert(sizeof(WireImu) == 56);
static_assert(sizeof(WireMotorState) == 56);
static_assert(sizeof(LowState) == 2092);

}  // namespace exoactor
