#include <algorithm>
#include <cmath>
#include <exoactor/planning/leg_reach.hpp>
#include <exoactor/planning/planned_feet.hpp>

namespace exoactor {
namespace {

constexpr double kSoleBelowAnkle_m = 0.035;
constexpr double kComAboveHip_m = 0.015;  // hip pitch axis, standing
constexpr double kHipAside_m = 0.1165;
/// Shares of a step between the centre of mass and the foot that lands or leaves: half, and what it
/// moves in double support; the last step before a stop; the first after one.
constexpr double kStepShare = 0.72;
constexpr double kLastShare = 0.78;
constexpr double kFirstShare = 0.90;
constexpr double kStanceShare = 0.50;
constexpr double kSlowReachMore_m = 0.01;

double ceiling_of(double stride_m, double width_m, double share, double reach_m) {
  const double across = std::abs(0.5 * width_m - kHipAside_m);
  return com_ceiling(share * std::abs(stride_m), across, reach_m);
}

}  // namespace

double com_ceiling(double along_m, double across_m, double reach_m) {
  const double square = reach_m * reach_m - along_m * along_m - across_m * across_m;
  return std::sqrt(std::max(square, 0.0)) + kSoleBelowAnkle_m + kComAboveHip_m;
}

Eigen::VectorXd reach_ceiling(const Plan& plan, const LevelLimits& limits, int frames,
                              double rate_hz) {
  Eigen::VectorXd ceiling = Eigen::VectorXd::Constant(frames, limits.com_stance_max_m);
  const auto lower = [&](double from_s, double to_s, double height) {
    const int first = std::clamp(static_cast<int>(from_s * rate_hz), 0, frames - 1);
    const int last = std::clamp(static_cast<int>(std::ceil(to_s * rate_hz)), 0, frames - 1);
    for (int t = first; t <= last; ++t) ceiling[t] = std::min(ceiling[t], height);
  };
  const double slow_reach_m = limits.leg_reach_m + kSlowReachMore_m;
  double stride_m = 0.0;
  double width_m = kOwnStanceWidth_m;
  for (const Phase& phase : plan.phases) {
    if (phase.kind == PhaseKind::kStance) {
      lower(phase.reference_start_s, phase.reference_end_s,
            ceiling_of(stride_m, width_m, kStanceShare, slow_reach_m));
      continue;
    }
    const int end = phase.first_step + phase.step_count;
    if (phase.blend_end > 0.0) {
      lower(phase.reference_start_s, plan.steps[phase.first_step].reference_liftoff_s,
            ceiling_of(stride_m, width_m, kFirstShare, slow_reach_m));
    }
    for (int k = phase.first_step; k < end; ++k) {
      const Footstep& step = plan.steps[k];
      stride_m = step.forward_m;
      width_m = step.lateral_m;
      if (phase.blend_end == 0.0) continue;
      const bool last = k + 1 == end;
      const double share = last ? kLastShare : kStepShare;
      lower(step.reference_liftoff_s,
            last ? phase.reference_end_s : plan.steps[k + 1].reference_liftoff_s,
            ceiling_of(stride_m, width_m, share, limits.leg_reach_m));
    }
  }
  return ceiling;
}

}  // namespace exoactor
