#include <cstdio>
#include <exoactor/wire/low_codec.hpp>
#include <exoactor/wire/state_intake.hpp>

namespace exoactor {
namespace {

struct ProblemWords {
  const char* name;
  const char* text;
  const char* unit;
};

constexpr ProblemWords kProblems[] = {
    {"none", "", ""},
    {"no_state", "no LowState received yet", ""},
    {"mode_machine", "hardware revision is not the configured one", ""},
    {"remote_abort", "L2+B on the remote controller", ""},
    {"motor_fault", "motor reports a fault", " (bits)"},
    {"winding_hot", "winding too hot", " C"},
    {"surface_hot", "motor surface too hot", " C"},
    {"low_battery", "battery low", " %"},
    {"second_publisher", "another program publishes motor commands", ""},
};

bool has_bounds(RobotProblem problem) noexcept {
  return problem != RobotProblem::kNoState && problem != RobotProblem::kRemoteAbort;
}

}  // namespace

const char* to_string(RobotProblem problem) noexcept {
  return kProblems[static_cast<int>(problem)].name;
}

std::string describe(const RobotFinding& finding) {
  if (finding.problem == RobotProblem::kNone) return {};
  const ProblemWords& words = kProblems[static_cast<int>(finding.problem)];
  std::string line = "robot";
  if (finding.joint >= 0) line += std::string(" ") + kJointTable[finding.joint].name;
  line += std::string(": ") + words.text;
  if (has_bounds(finding.problem)) {
    char figures[80];
    std::snprintf(figures, sizeof figures, ", got %.0f%s, bound %.0f%s", finding.got, words.unit,
                  finding.allowed, words.unit);
    line += figures;
  }
  return line + "; measurements withheld";
}

bool is_supported_revision(std::uint8_t mode_machine) noexcept {
  return mode_machine == kSupportedRevision;
}

bool StateIntake::accept(const LowState& message, std::int64_t now_ns, SensorState& sensors,
                         RobotHealth& health) noexcept {
  ++counts_.received;
  SensorState fresh;
  RobotHealth fresh_health;
  if (!decode_state(message, now_ns, fresh, fresh_health)) {
    ++counts_.bad_crc;
    return false;
  }
  if (!is_newer(fresh_health.tick_ms, now_ns)) {
    ++counts_.not_newer;
    return false;
  }
  tick_ms_ = fresh_health.tick_ms;
  heard_ns_ = now_ns;
  heard_ = true;
  health = fresh_health;
  finding_ = inspect(health);
  if (finding_.problem != RobotProblem::kNone) {
    ++counts_.withheld;
    return false;
  }
  identified_ = true;
  ++counts_.accepted;
  sensors = fresh;
  return true;
}

bool StateIntake::is_newer(std::uint32_t tick_ms, std::int64_t now_ns) const noexcept {
  if (!heard_ || now_ns - heard_ns_ > limits_.restart_ns) return true;
  return static_cast<std::int32_t>(tick_ms - tick_ms_) > 0;
}

RobotFinding StateIntake::inspect(const RobotHealth& health) noexcept {
  if (health.mode_machine != limits_.mode_machine) {
    return {RobotProblem::kModeMachine, -1, static_cast<double>(health.mode_machine),
            static_cast<double>(limits_.mode_machine)};
  }
  if (health.remote.is_abort()) return {RobotProblem::kRemoteAbort, -1, 0.0, 0.0};
  const RobotFinding motors = inspect_motors(health);
  suspicious_ = motors.problem == RobotProblem::kNone ? 0 : suspicious_ + 1;
  if (suspicious_ >= limits_.debounce_messages) {
    suspicious_ = limits_.debounce_messages;
    return motors;
  }
  return {RobotProblem::kNone, -1, 0.0, 0.0};
}

RobotFinding StateIntake::inspect_motors(const RobotHealth& health) const noexcept {
  for (int joint = 0; joint < kNumJoints; ++joint) {
    const auto at = static_cast<std::size_t>(joint);
    const std::uint32_t fault = health.motor_fault[at] & ~kMotorTimeoutFault;
    if (fault != 0) return {RobotProblem::kMotorFault, joint, static_cast<double>(fault), 0.0};
    if (health.winding_temperature_c[at] > limits_.winding_temperature_c) {
      return {RobotProblem::kWindingHot, joint,
              static_cast<double>(health.winding_temperature_c[at]),
              static_cast<double>(limits_.winding_temperature_c)};
    }
    if (health.surface_temperature_c[at] > limits_.surface_temperature_c) {
      return {RobotProblem::kSurfaceHot, joint,
              static_cast<double>(health.surface_temperature_c[at]),
              static_cast<double>(limits_.surface_temperature_c)};
    }
  }
  return {RobotProblem::kNone, -1, 0.0, 0.0};
}

}  // namespace exoactor
