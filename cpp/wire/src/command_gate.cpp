#include <algorithm>
#include <cmath>
#include <exoactor/wire/command_gate.hpp>
#include <exoactor/wire/crc32.hpp>
#include <exoactor/wire/low_codec.hpp>

namespace exoactor {
namespace {

/// A float is 1e-7 of its value away from the double it was made from.
constexpr double kRounding = 1e-5;

constexpr const char* kFaultNames[kCommandFaults] = {"none",         "crc",        "mode",
                                                     "mode_machine", "not_finite", "out_of_limits"};

bool is_finite(const WireMotorCommand& motor) noexcept {
  return std::isfinite(motor.q) && std::isfinite(motor.dq) && std::isfinite(motor.tau) &&
         std::isfinite(motor.kp) && std::isfinite(motor.kd);
}

bool is_within(const WireMotorCommand& motor, const JointSpec& joint) noexcept {
  const bool gains = motor.kp >= 0.0F && motor.kd >= 0.0F;
  const bool torque = std::abs(motor.tau) <= joint.effort_nm + kRounding;
  const bool position = motor.kp == 0.0F || (motor.q >= joint.lower_rad - kRounding &&
                                             motor.q <= joint.upper_rad + kRounding);
  return gains && torque && position;
}

}  // namespace

const char* to_string(CommandFault fault) noexcept { return kFaultNames[static_cast<int>(fault)]; }

CommandFault find_fault(const LowCmd& message, std::uint8_t mode_machine) noexcept {
  if (message_crc(message) != message.crc) return CommandFault::kCrc;
  if (message.mode_machine != mode_machine) return CommandFault::kModeMachine;
  if (message.mode_pr != 0) return CommandFault::kMode;
  for (int i = 0; i < kWireMotors; ++i) {
    const WireMotorCommand& motor = message.motors[static_cast<std::size_t>(i)];
    if (motor.mode != (i < kNumJoints ? 1 : 0)) return CommandFault::kMode;
    if (!is_finite(motor)) return CommandFault::kNotFinite;
    if (i < kNumJoints && !is_within(motor, kJointTable[static_cast<std::size_t>(i)])) {
      return CommandFault::kOutOfLimits;
    }
  }
  return CommandFault::kNone;
}

CommandGate::CommandGate(std::uint8_t mode_machine, std::int64_t timeout_ns, double damping)
    : mode_machine_(mode_machine), timeout_ns_(timeout_ns), damping_(damping) {}

bool CommandGate::take(const LowCmd& message, std::int64_t now_ns) noexcept {
  const CommandFault fault = find_fault(message, mode_machine_);
  ++counts_[static_cast<std::size_t>(fault)];
  if (fault != CommandFault::kNone) return false;
  if (any_) longest_gap_ns_ = std::max(longest_gap_ns_, now_ns - last_ns_);
  if (any_ && now_ns - last_ns_ > timeout_ns_) timed_out_ = true;
  any_ = true;
  last_ns_ = now_ns;
  decode_command(message, now_ns, command_);
  damped_ = command_.stiffness.isZero(0.0) && command_.torque.isZero(0.0);
  return true;
}

bool CommandGate::act(std::int64_t now_ns, JointCommand& command) noexcept {
  if (!any_) return false;
  if (now_ns - last_ns_ > timeout_ns_) timed_out_ = true;
  if (timed_out_) {
    command = JointCommand{};
    command.damping.setConstant(damping_);
  } else {
    command = command_;
  }
  command.stamp_ns = now_ns;
  return true;
}

}  // namespace exoactor
