#include <algorithm>
#include <cstdint>
#include <exoactor/planning/plan_clock.hpp>

namespace exoactor {
namespace {

/// Appends a stretch of `duration_s` that ends at `reference_s`.
void extend(std::vector<ClockCorner>& corners, double duration_s, double reference_s,
            bool stepping) {
  corners.push_back({corners.back().execution_s + duration_s, reference_s, stepping});
}

/// Whether a phase plays the posture; the blends between standing still do not count.
bool is_body(const Phase& phase) {
  return phase.blend_end > 0.0 && (phase.blend_start > 0.0 || phase.kind == PhaseKind::kWalk);
}

/// One past the last step of a walk, never beyond the plan's.
int end_step(const Plan& plan, const Phase& walk) {
  const auto steps = static_cast<std::int64_t>(plan.steps.size());
  const std::int64_t end = std::int64_t{walk.first_step} + walk.step_count;
  return walk.first_step < 0 ? walk.first_step : static_cast<int>(std::min(end, steps));
}

/// Index of the frame before `position` frames, within 0 .. `last`.
int frame_before(double position, int last) {
  if (!(position > 0.0)) return 0;
  return position >= last ? last : static_cast<int>(position);
}

double phase_duration_s(const Plan& plan, const Phase& phase) {
  if (phase.kind == PhaseKind::kStance) return phase.duration_s;
  double duration = plan.burst.shift_s + plan.burst.settle_s;
  for (int k = phase.first_step; k < end_step(plan, phase); ++k) {
    duration += plan.steps[k].swing_s + (k > phase.first_step ? plan.burst.double_support_s : 0.0);
  }
  return duration;
}

}  // namespace

std::vector<ClockCorner> plan_clock(const Plan& plan) {
  std::vector<ClockCorner> corners;
  if (plan.phases.empty()) return corners;
  corners.push_back({0.0, plan.phases.front().reference_start_s, false});
  for (const Phase& phase : plan.phases) {
    if (phase.kind == PhaseKind::kStance) {
      extend(corners, phase.duration_s, phase.reference_end_s, false);
      continue;
    }
    const bool plays = is_body(phase);
    for (int k = phase.first_step; k < end_step(plan, phase); ++k) {
      const Footstep& step = plan.steps[k];
      const bool first = k == phase.first_step;
      extend(corners, first ? plan.burst.shift_s : plan.burst.double_support_s,
             step.reference_liftoff_s, plays);
      extend(corners, step.swing_s, step.reference_touchdown_s, plays);
    }
    extend(corners, plan.burst.settle_s, phase.reference_end_s, plays);
  }
  return corners;
}

double plan_duration_s(const Plan& plan) {
  double duration = 0.0;
  for (const Phase& phase : plan.phases) duration += phase_duration_s(plan, phase);
  return duration;
}

double plan_stretch(const Plan& plan) {
  double duration = 0.0;
  for (const Phase& phase : plan.phases) {
    if (!is_body(phase)) continue;
    duration += phase_duration_s(plan, phase);
    if (phase.blend_start == 0.0) duration -= plan.burst.shift_s;
  }
  const auto frames = static_cast<double>(plan.posture.com_height.size());
  return duration / std::max((frames - 1.0) / plan.posture.rate_hz, 1e-9);
}

FrameTiming frame_timing(const Plan& plan, int frames, double rate_hz) {
  constexpr double kStill_s = 1e-9;
  FrameTiming timing;
  timing.duration_s = Eigen::VectorXd::Zero(frames - 1);
  timing.stops = Eigen::VectorXi::Zero(frames - 1);
  timing.stepping = Eigen::VectorXi::Zero(frames);
  const std::vector<ClockCorner> corners = plan_clock(plan);
  for (std::size_t c = 1; c < corners.size(); ++c) {
    const double from = corners[c - 1].reference_s;
    const double to = corners[c].reference_s;
    const double lasts = corners[c].execution_s - corners[c - 1].execution_s;
    if (corners[c].stepping) {
      const int first = frame_before(from * rate_hz, frames - 1);
      const int last = frame_before(to * rate_hz + 1.0, frames - 1);
      timing.stepping.segment(first, std::max(last - first + 1, 0)).setOnes();
    }
    const bool still = to - from < kStill_s;
    if (still && lasts < kStill_s) continue;
    const int first = frame_before(from * rate_hz - 1e-6, frames - 2);
    const int last = frame_before(to * rate_hz + 1e-6, frames - 2);
    for (int k = first; k <= last; ++k) {
      if (still) {
        timing.stops[k] = 1;
      } else {
        const double overlap = std::min(to, (k + 1) / rate_hz) - std::max(from, k / rate_hz);
        timing.duration_s[k] += std::max(overlap, 0.0) * lasts / (to - from);
      }
    }
  }
  timing.duration_s = timing.duration_s.cwiseMax(0.1 / rate_hz);
  return timing;
}

}  // namespace exoactor
