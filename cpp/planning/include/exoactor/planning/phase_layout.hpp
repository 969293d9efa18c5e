#pragma once

#include <Eigen/Core>
#include <exoactor/planning/footsteps.hpp>
#include <exoactor/planning/level_limits.hpp>
#include <exoactor/types/plan.hpp>
#include <vector>

namespace exoactor {

/// Lets every burst shift and settle the weight while the reference stands before and after it, as
/// far as it stands high and still there: that time is not added to the reference's. `com_height`
/// [T] m is the wanted height at `rate_hz`.
void use_pauses(const Eigen::VectorXd& com_height, double rate_hz, const LevelLimits& limits,
                const BurstTiming& timing, std::vector<Burst>& bursts);

/// Appends stance, bursts and stance over the reference's time, without blends, and their steps.
void set_body_phases(const std::vector<Burst>& bursts, double end_s, Plan& plan);

/// Puts `opening` before the phases: a step in the standing pose, before the motion.
void add_opening(const Footstep& opening, Plan& plan);

/// Puts the blends from and to the standing pose around the motion of a plan whose posture is set.
/// Where the reference steps at once, the first weight shift is the blend.
void add_blends(const LevelLimits& limits, double end_s, Plan& plan);

}  // namespace exoactor
