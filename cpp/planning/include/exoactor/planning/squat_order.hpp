#pragma once

#include <Eigen/Core>
#include <exoactor/planning/footsteps.hpp>
#include <exoactor/planning/level_limits.hpp>
#include <vector>

namespace exoactor {

/// Keeps squats out of bursts: where only the first or last few steps of a burst overlap with a
/// squat too deep to step in, they are brought before it or put after it, and the squat is played
/// standing. `com_height` [T] m is the wanted height at `rate_hz`. What moved is listed in
/// `changes`.
void order_squats(const Eigen::VectorXd& com_height, double rate_hz, const LevelLimits& limits,
                  std::vector<Burst>& bursts, std::vector<PlanChange>& changes);

}  // namespace exoactor
