#include <cmath>
#include <cstdio>
#include <exoactor/runtime/arm_outcome.hpp>

namespace exoactor {
namespace {

constexpr double kLeastWeightShare = 0.5;
constexpr double kGreatestUnevenness = 0.03;  // m
constexpr double kGreatestSoleTilt = 0.15;    // rad
constexpr double kLowestPelvis = 0.3;         // m above the soles
constexpr double kHighestPelvis = 1.0;        // m above the soles
constexpr double kGreatestSpeed = 1.0;        // m/s, of the base

bool is_finite(const RobotState& state) noexcept {
  return state.base_position_in_world.allFinite() && state.quat_world_base_wxyz.allFinite() &&
         state.base_linear_velocity_in_world.allFinite() &&
         state.base_angular_velocity_in_base.allFinite() && state.joint_position.allFinite() &&
         state.joint_velocity.allFinite() && state.foot_force_in_world[kLeft].allFinite() &&
         state.foot_force_in_world[kRight].allFinite();
}

struct RefusalWords {
  const char* name;
  const char* unit;
};

constexpr RefusalWords kRefusals[] = {
    {"", ""},
    {"", ""},
    {"guard not silent or ready, stop requested, emergency stop, a concern, or robot not healthy "
     "and "
     "freshly measured",
     ""},
    {"estimate not that of a standing robot", ""},
    {"feet carry too little of the weight", "N"},
    {"soles at different heights", "m"},
    {"sole tilted", "rad"},
};

}  // namespace

ArmOutcome inspect_stand(const RobotState& estimate, const Footing& footing,
                         double weight_n) noexcept {
  if (!is_finite(estimate)) return {ArmRefusal::kEstimate, std::nan(""), 0.0};
  const double height = estimate.base_position_in_world.z();
  if (height < kLowestPelvis) return {ArmRefusal::kEstimate, height, kLowestPelvis};
  if (height > kHighestPelvis) return {ArmRefusal::kEstimate, height, kHighestPelvis};
  const double speed = estimate.base_linear_velocity_in_world.norm();
  if (speed > kGreatestSpeed) return {ArmRefusal::kEstimate, speed, kGreatestSpeed};
  const double carried = estimate.foot_force_in_world[kLeft].z() +  //
                         estimate.foot_force_in_world[kRight].z();
  if (carried < kLeastWeightShare * weight_n) {
    return {ArmRefusal::kFootForce, carried, kLeastWeightShare * weight_n};
  }
  if (footing.unevenness_m > kGreatestUnevenness) {
    return {ArmRefusal::kFeetUneven, footing.unevenness_m, kGreatestUnevenness};
  }
  if (footing.tilt_rad > kGreatestSoleTilt) {
    return {ArmRefusal::kSoleTilt, footing.tilt_rad, kGreatestSoleTilt};
  }
  return {ArmRefusal::kNone, 0.0, 0.0};
}

std::string describe(const ArmOutcome& outcome) {
  const RefusalWords& words = kRefusals[static_cast<int>(outcome.refusal)];
  if (*words.name == '\0') return {};
  if (outcome.refusal == ArmRefusal::kGuard) {
    return std::string("arming: ") + words.name + "; not armed";
  }
  char line[200];
  std::snprintf(line, sizeof line, "arming: %s, got %.4g%s%s, bound %.4g%s%s; not armed",
                words.name, outcome.got, *words.unit ? " " : "", words.unit, outcome.allowed,
                *words.unit ? " " : "", words.unit);
  return line;
}

}  // namespace exoactor
