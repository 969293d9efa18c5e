#include <cstdio>
#include <exoactor/safety/guard_status.hpp>
#include <exoactor/types/joint_table.hpp>

namespace exoactor {
namespace {

struct CauseWords {
  const char* name;
  const char* unit;
};

constexpr CauseWords kCauses[] = {
    {"none", ""},
    {"state_not_finite", ""},
    {"command_not_finite", ""},
    {"state_age", "s"},
    {"command_age", "s"},
    {"clock", "s"},
    {"attitude_norm_error", ""},
    {"stiffness", "Nm/rad"},
    {"damping", "Nm s/rad"},
    {"joint_position", "rad"},
    {"joint_speed", "rad/s"},
    {"tilt", "rad"},
    {"gyro", "rad/s"},
    {"controller_failed", ""},
    {"requested", ""},
    {"sustained_joint_speed", "rad/s"},
};

}  // namespace

const char* to_string(TripCause cause) noexcept { return kCauses[static_cast<int>(cause)].name; }

const char* to_string(GuardState state) noexcept {
  switch (state) {
    case GuardState::kSilent:
      return "silent";
    case GuardState::kActive:
      return "active";
    case GuardState::kDamping:
      return "damping";
  }
  return "unknown";
}

std::string describe(const Trip& trip) {
  if (trip.cause == TripCause::kNone) return "guard: no trip";
  const CauseWords& words = kCauses[static_cast<int>(trip.cause)];
  const char* joint =
      trip.joint >= 0 && trip.joint < kNumJoints ? kJointTable[trip.joint].name : "";
  char line[256];
  if (trip.cause == TripCause::kRequested || trip.cause == TripCause::kController) {
    std::snprintf(line, sizeof line, "guard at %.3f s: %s; damping",
                  1e-9 * static_cast<double>(trip.stamp_ns), words.name);
    return line;
  }
  std::snprintf(line, sizeof line, "guard at %.3f s: %s%s%s got %.4g %s, allowed %.4g %s; damping",
                1e-9 * static_cast<double>(trip.stamp_ns), joint, *joint ? " " : "", words.name,
                trip.got, words.unit, trip.allowed, words.unit);
  return line;
}

}  // namespace exoactor
