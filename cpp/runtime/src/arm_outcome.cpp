#include <algorithm>
#include <cmath>
#include <cstdio>
#include <exoactor/runtime/arm_outcome.hpp>

namespace exoactor {
namespace {

constexpr double kLeastWeightShare = 0.5;
constexpr double kHangingWeightShare = 0.25;
constexpr double kGreatestLean = 0.3;         // rad, of a hanging robot
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

/// N, upward, both feet together.
double carried_by_feet(const RobotState& state) noexcept {
  return state.foot_force_in_world[kLeft].z() + state.foot_force_in_world[kRight].z();
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
    {"feet carry too much of the weight: the robot does not hang", "N"},
    {"pelvis leans", "rad"},
};

}  // namespace

ArmOutcome inspect_stand(const RobotState& estimate, const Footing& footing,
                         double weight_n) noexcept {
  if (!is_finite(estimate)) return {ArmRefusal::kEstimate, std::nan(""), 0.0, false};
  const double height = estimate.base_position_in_world.z();
  if (height < kLowestPelvis) return {ArmRefusal::kEstimate, height, kLowestPelvis, false};
  if (height > kHighestPelvis) return {ArmRefusal::kEstimate, height, kHighestPelvis, false};
  const double speed = estimate.base_linear_velocity_in_world.norm();
  if (speed > kGreatestSpeed) return {ArmRefusal::kEstimate, speed, kGreatestSpeed, false};
  if (!is_carried_by_feet(estimate, weight_n)) {
    const double carried = carried_by_feet(estimate);
    return {ArmRefusal::kFootForce, carried, kLeastWeightShare * weight_n, false};
  }
  if (footing.unevenness_m > kGreatestUnevenness) {
    return {ArmRefusal::kFeetUneven, footing.unevenness_m, kGreatestUnevenness, false};
  }
  if (footing.tilt_rad > kGreatestSoleTilt) {
    return {ArmRefusal::kSoleTilt, footing.tilt_rad, kGreatestSoleTilt, false};
  }
  return {ArmRefusal::kNone, 0.0, 0.0, false};
}

bool is_carried_by_feet(const RobotState& estimate, double weight_n) noexcept {
  return carried_by_feet(estimate) >= kLeastWeightShare * weight_n;
}

ArmOutcome inspect_hang(const RobotState& estimate, double weight_n) noexcept {
  if (!is_finite(estimate)) return {ArmRefusal::kEstimate, std::nan(""), 0.0, false};
  const Eigen::Vector4d& wxyz = estimate.quat_world_base_wxyz;
  const double lean =
      std::acos(std::clamp(1.0 - 2.0 * (wxyz[1] * wxyz[1] + wxyz[2] * wxyz[2]), -1.0, 1.0));
  if (lean > kGreatestLean) return {ArmRefusal::kNotUpright, lean, kGreatestLean, false};
  const double carried = carried_by_feet(estimate);
  if (carried > kHangingWeightShare * weight_n) {
    return {ArmRefusal::kFeetLoaded, carried, kHangingWeightShare * weight_n, false};
  }
  return {ArmRefusal::kNone, 0.0, 0.0, false};
}

std::string describe(const ArmOutcome& outcome) {
  const RefusalWords& words = kRefusals[static_cast<int>(outcome.refusal)];
  if (*words.name == '\0') return {};
  const std::string where = outcome.posing ? "posing: " : "arming: ";
  const char* consequence = outcome.posing ? "; not posed" : "; not armed";
  if (outcome.refusal == ArmRefusal::kGuard) return where + words.name + consequence;
  char figures[80];
  const char* space = *words.unit ? " " : "";
  std::snprintf(figures, sizeof figures, ", got %.4g%s%s, bound %.4g%s%s", outcome.got, space,
                words.unit, outcome.allowed, space, words.unit);
  return where + words.name + figures + consequence;
}

}  // namespace exoactor
