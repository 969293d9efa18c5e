#pragma once

#include <array>
#include <cstdint>
#include <exoactor/types/state.hpp>
#include <exoactor/wire/low_cmd.hpp>

namespace exoactor {

/// Why a simulated robot does not obey a command.
enum class CommandFault : std::uint8_t {
  kNone = 0,
  kCrc,
  kMode,         ///< not pitch-roll, or a motor of the robot not enabled, or another one enabled
  kModeMachine,  ///< not this robot's revision
  kNotFinite,
  kOutOfLimits,  ///< gains negative, torque or position outside of the joint's
};
inline constexpr int kCommandFaults = 6;

const char* to_string(CommandFault fault) noexcept;

/// What `message` has wrong for a robot of this revision. RT-safe.
CommandFault find_fault(const LowCmd& message, std::uint8_t mode_machine) noexcept;

/// How the motors of a simulated robot take commands: stricter than the real ones. A command with
/// a fault is not obeyed, and when no good one has come for the timeout, the motors damp and never
/// obey again. Everything is RT-safe. One thread.
class CommandGate {
 public:
  /// `damping` Nm s/rad, what the motors do after a timeout.
  CommandGate(std::uint8_t mode_machine, std::int64_t timeout_ns, double damping);

  /// Takes a message that arrived at `now_ns`; whether it is obeyed.
  bool take(const LowCmd& message, std::int64_t now_ns) noexcept;

  /// What the motors do at `now_ns`; false as long as there has been no good command.
  [[nodiscard]] bool act(std::int64_t now_ns, JointCommand& command) noexcept;

  /// Whether commands failed to come for the timeout, ever.
  bool timed_out() const noexcept { return timed_out_; }
  /// Whether the last good command had no stiffness and no torque, or there was none.
  bool is_damped() const noexcept { return damped_; }
  /// Longest time between two good commands, ns.
  std::int64_t longest_gap_ns() const noexcept { return longest_gap_ns_; }
  std::int64_t obeyed() const noexcept { return counts_[0]; }
  /// By CommandFault; at kNone the commands obeyed.
  const std::array<std::int64_t, kCommandFaults>& counts() const noexcept { return counts_; }

 private:
  std::uint8_t mode_machine_;
  std::int64_t timeout_ns_;
  double damping_;
  JointCommand command_;
  std::int64_t last_ns_ = 0;
  std::int64_t longest_gap_ns_ = 0;
  bool any_ = false;
  bool timed_out_ = false;
  bool damped_ = true;
  std::array<std::int64_t, kCommandFaults> counts_{};
};

}  // namespace exoactor
