#pragma once

#include <exoactor/types/robot_health.hpp>
#include <exoactor/types/state.hpp>
#include <exoactor/wire/low_cmd.hpp>
#include <exoactor/wire/low_state.hpp>

namespace exoactor {

/// Between this project's structs and the robot's messages. All are RT-safe.

/// The message for a command: the robot's motors enabled, the rest and all padding zero, CRC set.
void encode_command(const JointCommand& command, std::uint8_t mode_machine,
                    LowCmd& message) noexcept;

/// The command in a message, unchecked, stamped `stamp_ns`.
void decode_command(const LowCmd& message, std::int64_t stamp_ns, JointCommand& command) noexcept;

/// The message for a measurement; health.stamp_ns is not sent. CRC set.
void encode_state(const SensorState& sensors, const RobotHealth& health,
                  LowState& message) noexcept;

/// The measurement and health in a message, stamped `stamp_ns`. False, and both untouched, when the
/// CRC is wrong.
[[nodiscard]] bool decode_state(const LowState& message, std::int64_t stamp_ns,
                                SensorState& sensors, RobotHealth& health) noexcept;

}  // namespace exoactor
