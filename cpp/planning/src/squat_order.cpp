#include <algorithm>
#include <exoactor/planning/contact_runs.hpp>
#include <exoactor/planning/squat_order.hpp>

namespace exoactor {
namespace {

constexpr double kSquatDepth_m = 0.03;  // below the lowest stepping height
constexpr int kStepsMoved = 3;          // more steps than this are a walk in a crouch

struct Span {
  double start_s = 0.0;
  double end_s = 0.0;
};

std::vector<Span> find_squats(const Eigen::VectorXd& com_height, double rate_hz,
                              double stepping_min_m) {
  std::vector<Span> squats;
  for (const Run& run : runs_of((com_height.array() < stepping_min_m).cast<int>(), 1)) {
    const double lowest = com_height.segment(run.first, run.length()).minCoeff();
    if (lowest < stepping_min_m - kSquatDepth_m) {
      squats.push_back({run.first / rate_hz, (run.end - 1) / rate_hz});
    }
  }
  return squats;
}

/// The reference time a burst may use so that `squat` stays outside it; all of it if there are too
/// many steps to move.
Span allowed_span(const Burst& burst, const Span& squat) {
  const Span all{burst.reference_start_s, burst.reference_end_s};
  const auto count = [&burst](auto condition) {
    return std::count_if(burst.steps.begin(), burst.steps.end(), condition);
  };
  const auto late =
      count([&](const Footstep& s) { return s.reference_touchdown_s > squat.start_s; });
  const auto early = count([&](const Footstep& s) { return s.reference_liftoff_s < squat.end_s; });
  const bool starts_in_squat = squat.start_s <= all.start_s;
  if (starts_in_squat && all.end_s <= squat.end_s) {
    return late <= kStepsMoved ? Span{squat.start_s, squat.start_s} : all;
  }
  if (starts_in_squat) return early <= kStepsMoved ? Span{squat.end_s, all.end_s} : all;
  return late <= kStepsMoved ? Span{all.start_s, squat.start_s} : all;
}

void move_into(const Span& span, Burst& burst) {
  const auto clamp = [&span](double& time_s) {
    time_s = std::clamp(time_s, span.start_s, std::max(span.start_s, span.end_s));
  };
  clamp(burst.reference_start_s);
  clamp(burst.reference_end_s);
  for (Footstep& step : burst.steps) {
    clamp(step.reference_liftoff_s);
    clamp(step.reference_touchdown_s);
  }
}

}  // namespace

void order_squats(const Eigen::VectorXd& com_height, double rate_hz, const LevelLimits& limits,
                  std::vector<Burst>& bursts, std::vector<PlanChange>& changes) {
  for (const Span& squat : find_squats(com_height, rate_hz, limits.com_stepping_min_m)) {
    double previous_end_s = 0.0;
    for (Burst& burst : bursts) {
      const Span before{burst.reference_start_s, burst.reference_end_s};
      const bool overlaps = squat.start_s < before.end_s && before.start_s < squat.end_s;
      Span allowed = overlaps ? allowed_span(burst, squat) : before;
      allowed.start_s = std::max(allowed.start_s, previous_end_s);
      move_into(allowed, burst);
      if (before.end_s - burst.reference_end_s > 0.02) {
        changes.push_back({"steps brought forward", burst.reference_end_s, before.end_s,
                           before.end_s, burst.reference_end_s, "s",
                           "the squat that they overlap with is done standing"});
      }
      if (burst.reference_start_s - before.start_s > 0.02) {
        changes.push_back({"steps put back", before.start_s, burst.reference_start_s,
                           before.start_s, burst.reference_start_s, "s",
                           "the squat that they overlap with is done standing"});
      }
      previous_end_s = burst.reference_end_s;
    }
  }
}

}  // namespace exoactor
