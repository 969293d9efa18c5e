#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <exoactor/planning/level_limits.hpp>
static void env(const char* n, double& v) {
  if (const char* t = std::getenv(n)) v = std::atof(t);
}

namespace exoactor {

LevelLimits level_limits(PlanLevel level) {
  LevelLimits limits;
  if (level == PlanLevel::kNominal) {
    env("X_FWD", limits.forward_max_m);
    env("X_BACK", limits.forward_min_m);
    env("X_LATMAX", limits.lateral_max_m);
    env("X_LATMIN", limits.lateral_min_m);
    env("X_OUT", limits.toe_out_max_rad);
    env("X_IN", limits.toe_in_max_rad);
    env("X_SPEED", limits.swing_speed_m_s);
    env("X_SWMIN", limits.swing_min_s);
    env("X_SWMAX", limits.swing_max_s);
    env("X_REACH", limits.leg_reach_m);
    env("X_LIFT", limits.lift_max_m);
    env("X_COMMAX", limits.com_stepping_max_m);
    env("X_ARM", limits.arm_speed_rad_s);
    env("X_ARMA", limits.arm_acceleration_rad_s2);
    env("X_PELV", limits.pelvis_speed_rad_s);
    env("X_TORSO", limits.torso_speed_rad_s);
    env("X_COMV", limits.com_stepping_speed_m_s);
  }
  if (level == PlanLevel::kTight) {
    limits.forward_min_m = -0.10;
    limits.forward_max_m = 0.15;
    limits.lateral_min_m = 0.20;
    limits.lateral_max_m = 0.26;
    limits.toe_out_max_rad = 0.2;
    limits.toe_in_max_rad = 0.2;
    limits.swing_speed_m_s = 0.8;
    limits.feet_held = false;
    limits.arm_speed_rad_s = 3.0;
  }
  limits.steps_allowed = level != PlanLevel::kStanceOnly;
  return limits;
}

double LevelLimits::share_of_reach(const Footstep& step) const {
  const double along = step.forward_m / (step.forward_m > 0.0 ? forward_max_m : forward_min_m);
  const double aside =
      std::max(0.0, step.lateral_m - kOwnStanceWidth_m) / (lateral_max_m - kOwnStanceWidth_m);
  return std::hypot(along, aside);
}

void LevelLimits::bring_into_reach(Footstep& step) const {
  const double share = share_of_reach(step);
  if (share <= 1.0) return;
  step.forward_m /= share;
  if (step.lateral_m > kOwnStanceWidth_m) {
    step.lateral_m = kOwnStanceWidth_m + (step.lateral_m - kOwnStanceWidth_m) / share;
  }
}

}  // namespace exoactor
