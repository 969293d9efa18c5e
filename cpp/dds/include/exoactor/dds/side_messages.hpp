#pragma once

#include <array>
#include <cstdint>
#include <exoactor/wire/low_state.hpp>

namespace exoactor {

/// What is kept of the messages that a G1 sends beside its state.

inline constexpr std::size_t kHandMotors = 7;

/// A Dex3-1 hand: its motors, in the order in which that hand tells them, which differs from left
/// to right.
struct HandState {
  std::array<WireMotorState, kHandMotors> motors{};
  std::uint32_t motor_count = 0;  ///< as told; so many are filled, at most all
};

/// The battery; voltages in the numbers that it tells, whose unit is not documented.
struct BatteryState {
  int charge_percent = 0;
  int health_percent = 0;
  double current_a = 0.0;
  std::array<std::uint32_t, 3> voltage{};
  std::array<std::uint16_t, 40> cell_voltage{};
  std::array<std::int16_t, 12> temperature_c{};
  int cycles = 0;
};

}  // namespace exoactor
