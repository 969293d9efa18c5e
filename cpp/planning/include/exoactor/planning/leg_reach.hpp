#pragma once

#include <Eigen/Core>
#include <exoactor/planning/level_limits.hpp>
#include <exoactor/types/plan.hpp>

namespace exoactor {

/// Highest centre of mass above the soles with both feet `along_m` and `across_m` from it, such
/// that neither leg is longer than `reach_m` from hip to ankle, m. The pelvis is upright.
double com_ceiling(double along_m, double across_m, double reach_m);

/// [T] m, the highest centre of mass that the legs reach in every frame of `plan`, whose phases and
/// steps are set, at `rate_hz`: steps at touch-down and lift-off, and open strides in between.
Eigen::VectorXd reach_ceiling(const Plan& plan, const LevelLimits& limits, int frames,
                              double rate_hz);

}  // namespace exoactor
