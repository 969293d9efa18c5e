#include <array>
#include <cstdio>
#include <exoactor/safety/guard_status.hpp>
#include <exoactor/types/joint_table.hpp>

namespace exoactor {
namespace {

struct CauseRow {
  const char* name;
  const char* unit;
  Reaction reaction;
  bool has_figures;
};

constexpr Reaction kStop = Reaction::kControlledStop;
constexpr Reaction kDamp = Reaction::kDamp;
constexpr Reaction kFinal = Reaction::kEmergencyStop;

constexpr std::array<CauseRow, kTripCauses> kCauses{{
    {"none", "", Reaction::kNone, false},
    {"state_not_finite", "", kDamp, true},
    {"command_not_finite", "", kDamp, true},
    {"state_age", "s", kDamp, true},
    {"command_age", "s", kDamp, true},
    {"clock", "s", kDamp, true},
    {"attitude_norm_error", "", kDamp, true},
    {"stiffness", "Nm/rad", kDamp, true},
    {"damping", "Nm s/rad", kDamp, true},
    {"joint_position", "rad", kDamp, true},
    {"joint_speed", "rad/s", kDamp, true},
    {"tilt", "rad", kDamp, true},
    {"gyro", "rad/s", kDamp, true},
    {"controller_failed", "", kDamp, false},
    {"requested", "", kDamp, false},
    {"sustained_joint_speed", "rad/s", kDamp, true},
    {"command_rate", "commands ahead", kDamp, true},
    {"command_gap", "s", kDamp, true},
    {"target_age", "s", kDamp, true},
    {"imu_frozen", "s", kDamp, true},
    {"motor_hot", "C", kDamp, true},
    {"motor_fault", "(bits)", kDamp, true},
    {"battery_low", "%", kDamp, true},
    {"mode_changed", "(mode_machine)", kDamp, true},
    {"second_publisher", "programs", kDamp, true},
    {"crc_errors", "in a row", kDamp, true},
    {"remote_abort", "", kFinal, false},
    {"emergency_stop", "", kFinal, false},
    {"motor_warm", "C", kStop, true},
    {"battery_reserve", "%", kStop, true},
    {"overruns", "periods", kStop, true},
    {"plan_age", "s", kStop, true},
    {"heartbeat", "s", kStop, true},
}};

constexpr std::array<const char*, 4> kConsequences{"", "controlled stop", "damping",
                                                   "damping until cleared by hand"};
constexpr std::array<const char*, kGuardStates> kStates{"silent", "hold", "damping",
                                                        "ready",  "run",  "pose"};

const CauseRow& row(TripCause cause) noexcept { return kCauses[static_cast<std::size_t>(cause)]; }

}  // namespace

Reaction reaction_to(TripCause cause) noexcept { return row(cause).reaction; }

const char* to_string(TripCause cause) noexcept { return row(cause).name; }

const char* to_string(GuardState state) noexcept {
  return kStates[static_cast<std::size_t>(state)];
}

std::string describe(const Trip& trip) {
  if (!trip) return "guard: no trip";
  const CauseRow& cause = row(trip.cause);
  const double at_s = 1e-9 * static_cast<double>(trip.stamp_ns);
  const char* consequence = kConsequences[static_cast<std::size_t>(cause.reaction)];
  char line[256];
  if (!cause.has_figures) {
    std::snprintf(line, sizeof line, "guard at %.3f s: %s; %s", at_s, cause.name, consequence);
    return line;
  }
  const bool of_joint = trip.joint >= 0 && trip.joint < kNumJoints;
  const char* joint = of_joint ? kJointTable[static_cast<std::size_t>(trip.joint)].name : "";
  std::snprintf(line, sizeof line, "guard at %.3f s: %s%s%s got %.4g %s, allowed %.4g %s; %s", at_s,
                joint, of_joint ? " " : "", cause.name, trip.got, cause.unit, trip.allowed,
                cause.unit, consequence);
  return line;
}

}  // namespace exoactor
