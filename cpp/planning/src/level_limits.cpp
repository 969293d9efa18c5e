#include <exoactor/planning/level_limits.hpp>

namespace exoactor {

LevelLimits level_limits(PlanLevel level) {
  LevelLimits limits;
  if (level == PlanLevel::kTight) {
    limits.forward_min_m = -0.10;
    limits.forward_max_m = 0.15;
    limits.lateral_min_m = 0.20;
    limits.lateral_max_m = 0.26;
    limits.toe_out_max_rad = 0.2;
    limits.toe_in_max_rad = 0.2;
    limits.feet_held = false;
    limits.arm_speed_rad_s = 3.0;
  }
  limits.steps_allowed = level != PlanLevel::kStanceOnly;
  return limits;
}

LevelLimits LevelLimits::with_stride(double share) const {
  LevelLimits shorter = *this;
  shorter.forward_min_m *= share;
  shorter.forward_max_m *= share;
  shorter.lateral_max_m = kOwnStanceWidth_m + share * (lateral_max_m - kOwnStanceWidth_m);
  shorter.toe_out_max_rad *= share;
  shorter.toe_in_max_rad *= share;
  shorter.swing_speed_m_s *= share;
  return shorter;
}

}  // namespace exoactor
