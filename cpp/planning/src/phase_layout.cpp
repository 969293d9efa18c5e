#include <algorithm>
#include <cmath>
#include <exoactor/planning/phase_layout.hpp>

namespace exoactor {
namespace {

constexpr double kStand_s = 0.5;
constexpr double kBlend_s = 1.0;
constexpr double kHold_s = 1.0;
constexpr int kFirstUpperJoint = 12;
constexpr double kHeightSlack_m = 0.01;
constexpr double kStillSpeedShare = 2.0;  // of the height's speed while stepping

Phase stance(double start_s, double end_s, double duration_s, double blend_start,
             double blend_end) {
  Phase phase;
  phase.reference_start_s = start_s;
  phase.reference_end_s = end_s;
  phase.duration_s = duration_s;
  phase.blend_start = blend_start;
  phase.blend_end = blend_end;
  return phase;
}

/// Time for a blend between the standing pose and a posture frame within the level's arm speed.
double least_blend_s(const Plan& plan, const LevelLimits& limits,
                     const Eigen::Ref<const Eigen::RowVectorXd>& frame) {
  constexpr double kShare = 0.9;
  const double furthest = (frame.transpose() - plan.standing_position)
                              .tail(kNumJoints - kFirstUpperJoint)
                              .cwiseAbs()
                              .maxCoeff();
  return furthest / (kShare * limits.arm_speed_rad_s);
}

/// How far from `from_s` towards `to_s` the wanted height stays fit for stepping, s.
double standing_until(const Eigen::VectorXd& com_height, double rate_hz, const LevelLimits& limits,
                      double from_s, double to_s) {
  const int last = static_cast<int>(com_height.size()) - 1;
  const int step = to_s > from_s ? 1 : -1;
  const double most_m = kStillSpeedShare * limits.com_stepping_speed_m_s / rate_hz;
  int frame = std::clamp(static_cast<int>(std::lround(from_s * rate_hz)), 0, last);
  const int end = std::clamp(static_cast<int>(std::lround(to_s * rate_hz)), 0, last);
  double reached_s = from_s;
  while (frame != end) {
    const double next = com_height[frame + step];
    const double held = std::min(next, limits.com_stepping_max_m);
    const double before = std::min(com_height[frame], limits.com_stepping_max_m);
    if (next < limits.com_stepping_min_m - kHeightSlack_m || std::abs(held - before) > most_m) {
      return reached_s;
    }
    frame += step;
    reached_s = frame / rate_hz;
  }
  return to_s;
}

}  // namespace

void use_pauses(const Eigen::VectorXd& com_height, double rate_hz, const LevelLimits& limits,
                const BurstTiming& timing, std::vector<Burst>& bursts) {
  const double end_s = static_cast<double>(com_height.size() - 1) / rate_hz;
  const double settle_share = timing.settle_s / (timing.settle_s + timing.shift_s);
  double free_from_s = 0.0;
  for (std::size_t k = 0; k < bursts.size(); ++k) {
    Burst& burst = bursts[k];
    const double shift_from_s = std::max(free_from_s, burst.reference_start_s - timing.shift_s);
    burst.reference_start_s = standing_until(com_height, rate_hz, limits, burst.reference_start_s,
                                             std::min(shift_from_s, burst.reference_start_s));
    const double next_s = k + 1 < bursts.size() ? bursts[k + 1].reference_start_s : end_s;
    const double pause_s = std::max(0.0, next_s - burst.reference_end_s);
    const double room_s = k + 1 < bursts.size() && pause_s < timing.settle_s + timing.shift_s
                              ? settle_share * pause_s
                              : pause_s;
    burst.reference_end_s =
        standing_until(com_height, rate_hz, limits, burst.reference_end_s,
                       burst.reference_end_s + std::min(timing.settle_s, room_s));
    free_from_s = burst.reference_end_s;
  }
}

void set_body_phases(const std::vector<Burst>& bursts, double end_s, Plan& plan) {
  double clock_s = 0.0;
  const auto stand_until = [&](double time_s) {
    if (time_s - clock_s > 1e-6) {
      plan.phases.push_back(stance(clock_s, time_s, time_s - clock_s, 1.0, 1.0));
    }
    clock_s = std::max(clock_s, time_s);
  };
  for (const Burst& burst : bursts) {
    stand_until(burst.reference_start_s);
    Phase walk;
    walk.kind = PhaseKind::kWalk;
    walk.reference_start_s = clock_s;
    walk.reference_end_s = burst.reference_end_s;
    walk.first_step = static_cast<int>(plan.steps.size());
    walk.step_count = static_cast<int>(burst.steps.size());
    const auto keyframes = static_cast<int>(plan.foot_keyframes.size());
    for (Footstep step : burst.steps) {
      step.first_keyframe += step.keyframe_count > 0 ? keyframes : 0;
      plan.steps.push_back(step);
    }
    plan.foot_keyframes.insert(plan.foot_keyframes.end(), burst.keyframes.begin(),
                               burst.keyframes.end());
    plan.phases.push_back(walk);
    clock_s = burst.reference_end_s;
  }
  stand_until(end_s);
}

void add_opening(const Footstep& opening, Plan& plan) {
  Phase walk;
  walk.kind = PhaseKind::kWalk;
  walk.blend_start = walk.blend_end = 0.0;
  walk.step_count = 1;
  for (Phase& phase : plan.phases) ++phase.first_step;
  plan.phases.insert(plan.phases.begin(), walk);
  plan.steps.insert(plan.steps.begin(), opening);
}

void add_blends(const LevelLimits& limits, double end_s, Plan& plan) {
  const auto& joints = plan.posture.joint_position;
  const double in_s = least_blend_s(plan, limits, joints.row(0));
  const double out_s =
      std::max(kBlend_s, least_blend_s(plan, limits, joints.row(joints.rows() - 1)));
  const auto motion = std::find_if(plan.phases.begin(), plan.phases.end(),
                                   [](const Phase& phase) { return phase.blend_end > 0.0; });
  std::vector<Phase> phases{stance(0, 0, kStand_s, 0, 0)};
  phases.insert(phases.end(), plan.phases.begin(), motion);
  if (motion->kind == PhaseKind::kWalk && in_s <= plan.burst.shift_s) {
    motion->blend_start = 0.0;
  } else {
    phases.push_back(stance(0, 0, std::max(kBlend_s, in_s), 0, 1));
  }
  phases.insert(phases.end(), motion, plan.phases.end());
  phases.push_back(stance(end_s, end_s, out_s, 1, 0));
  phases.push_back(stance(end_s, end_s, kHold_s, 0, 0));
  plan.phases = std::move(phases);
}

}  // namespace exoactor
