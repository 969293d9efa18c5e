#include <algorithm>
#include <cmath>
#include <exoactor/safety/pace_inspector.hpp>
#include <exoactor/safety/violation.hpp>

namespace exoactor {
namespace {

constexpr double kForgetTime = 1.0;  // s, time constant of the count of lost periods

/// How old a stamp is; 0 where there is none, or where it is newer than the tick.
std::int64_t age_of(std::int64_t stamp_ns, std::int64_t now_ns) noexcept {
  return stamp_ns == 0 ? 0 : std::max<std::int64_t>(0, now_ns - stamp_ns);
}

}  // namespace

void PaceInspector::begin(std::int64_t now_ns) noexcept {
  *this = PaceInspector{};
  last_ns_ = now_ns;
}

Trip PaceInspector::inspect(const GuardContext& context, std::int64_t now_ns,
                            const GuardLimits& limits) noexcept {
  const Trip found = inspect_gap(now_ns - last_ns_, limits);
  last_ns_ = now_ns;
  find_concern(context, now_ns, limits);
  if (found) return found;
  const std::int64_t age_ns = age_of(context.target_ns, now_ns);
  return inspect_age(TripCause::kTargetAge, age_ns, limits.target_age_ns);
}

Trip PaceInspector::inspect_gap(std::int64_t gap_ns, const GuardLimits& limits) noexcept {
  const double periods = static_cast<double>(gap_ns) / static_cast<double>(limits.period_ns);
  const double passed_s = to_seconds(gap_ns);
  ahead_ = std::max(0.0, ahead_ + 1.0 - periods);
  overruns_ *= kForgetTime / (kForgetTime + passed_s);
  overruns_ += std::max(0.0, std::round(periods) - 1.0);
  if (gap_ns > limits.command_gap_ns) {
    return violation(TripCause::kCommandGap, -1, passed_s, to_seconds(limits.command_gap_ns));
  }
  if (ahead_ > limits.commands_ahead) {
    return violation(TripCause::kCommandRate, -1, ahead_, limits.commands_ahead);
  }
  return Trip{};
}

void PaceInspector::find_concern(const GuardContext& context, std::int64_t now_ns,
                                 const GuardLimits& limits) noexcept {
  concern_ = Trip{};
  if (overruns_ > limits.overruns) {
    concern_ = violation(TripCause::kOverruns, -1, overruns_, limits.overruns);
  }
  const std::int64_t idle_ns = context.task ? age_of(context.progress_ns, now_ns) : 0;
  keep_first(concern_, inspect_age(TripCause::kPlanAge, idle_ns, limits.plan_age_ns));
  const std::int64_t silent_ns = age_of(context.heartbeat_ns, now_ns);
  keep_first(concern_, inspect_age(TripCause::kHeartbeat, silent_ns, limits.heartbeat_ns));
}

}  // namespace exoactor
