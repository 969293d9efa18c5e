#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>
#include <exoactor/planning/check_plan.hpp>
#include <exoactor/planning/leg_reach.hpp>
#include <exoactor/planning/level_limits.hpp>
#include <exoactor/planning/plan_clock.hpp>
#include <exoactor/planning/rate_limiter.hpp>
#include <exoactor/types/plan_bounds.hpp>
#include <set>

namespace exoactor {
namespace {

constexpr double kSlack = 1e-6;
constexpr double kLegMost_m = 0.65;  // hip to ankle, the knee all but straight
constexpr double kRateSlack = 1.01;  // of speeds and accelerations
constexpr int kFirstUpperJoint = 12;

std::string number(double value) {
  std::string text = std::to_string(value);
  return text.substr(0, text.find('.') + 4);
}

/// Collects violations, one line each, the first of every kind.
class Findings {
 public:
  /// `value` of `what` must lie in [low, high]; NaN does not.
  void within(const std::string& where, const std::string& what, double value, double low,
              double high) {
    if (value >= low - kSlack && value <= high + kSlack) return;
    add(what, where + ": " + what + " " + number(value) + ", allowed " + number(low) + ".." +
                  number(high) + "; plan refused");
  }
  void within(const std::string& where, const std::string& what, double value, Bound bound) {
    within(where, what, value, bound.low, bound.high);
  }
  void require(bool holds, const std::string& where, const std::string& what) {
    if (!holds) add(what, where + ": " + what + "; plan refused");
  }
  bool empty() const { return lines_.empty(); }
  std::vector<std::string> take() { return std::move(lines_); }

 private:
  void add(const std::string& kind, std::string line) {
    if (kinds_.insert(kind).second) lines_.push_back(std::move(line));
  }
  std::set<std::string> kinds_;
  std::vector<std::string> lines_;
};

void check_shapes(const Plan& plan, Findings& findings) {
  const PostureTrack& track = plan.posture;
  const Eigen::Index frames = track.com_height.size();
  findings.require(is_known(plan.level), "plan", "unknown level");
  findings.require(plan.phases.size() <= plan_bounds::kMostPhases &&
                       plan.steps.size() <= plan_bounds::kMostSteps &&
                       plan.foot_keyframes.size() <= plan_bounds::kMostKeyframes &&
                       frames <= plan_bounds::kMostFrames,
                   "plan", "too many phases, steps or frames");
  findings.require(frames >= 3, "posture", "fewer than 3 frames");
  findings.require(track.joint_position.rows() == frames &&
                       track.quat_heading_torso_wxyz.rows() == frames &&
                       track.quat_heading_pelvis_wxyz.rows() == frames,
                   "posture", "arrays of different length");
  findings.within("posture", "rate Hz", track.rate_hz, plan_bounds::kRateHz);
  findings.require(track.joint_position.allFinite() && track.com_height.allFinite() &&
                       track.quat_heading_torso_wxyz.allFinite() &&
                       track.quat_heading_pelvis_wxyz.allFinite() &&
                       plan.standing_position.allFinite(),
                   "posture", "values that are not finite");
  findings.within("plan", "weight shift s", plan.burst.shift_s, plan_bounds::kShift);
  findings.within("plan", "double support s", plan.burst.double_support_s,
                  plan_bounds::kDoubleSupport);
  findings.within("plan", "settling s", plan.burst.settle_s, plan_bounds::kSettle);
}

void check_steps(const Plan& plan, const LevelLimits& limits, Findings& findings) {
  findings.require(limits.steps_allowed || plan.steps.empty(), "plan",
                   "steps in a plan that only stands");
  double clock_s = 0.0;
  for (std::size_t k = 0; k < plan.steps.size(); ++k) {
    const Footstep& step = plan.steps[k];
    const std::string where = "step " + std::to_string(k);
    findings.require(is_known(step.side), where, "unknown side");
    findings.within(where, "forward m", step.forward_m, limits.forward_min_m, limits.forward_max_m);
    findings.within(where, "lateral m", step.lateral_m, limits.lateral_min_m, limits.lateral_max_m);
    findings.within(where, "yaw rad", step.yaw_rad, limits.yaw_min_rad(step.side),
                    limits.yaw_max_rad(step.side));
    if (step.keyframe_count == 0) {
      findings.within(where, "swing s", step.swing_s, limits.swing_min_s,
                      limits.raised_swing_max_s);
    } else {
      findings.within(where, "swing s", step.swing_s, plan_bounds::kHeldSwing);
    }
    const char* path_defect = find_path_defect(step, plan.foot_keyframes);
    if (path_defect != nullptr) findings.require(false, where, path_defect);
    const bool held = limits.feet_held && step.keyframe_count > 0;
    findings.within(where, "lift m", step.lift_m, limits.lift_min_m,
                    held ? plan_bounds::kLift.high : limits.raised_lift_max_m);
    findings.require(limits.feet_held || step.keyframe_count == 0, where,
                     "foot held in the air at a level without");
    findings.within(where, "reference time s", step.reference_liftoff_s,
                    plan_bounds::kReferenceTime);
    findings.within(where, "reference time s", step.reference_touchdown_s,
                    plan_bounds::kReferenceTime);
    findings.require(step.reference_liftoff_s >= clock_s - kSlack &&
                         step.reference_touchdown_s >= step.reference_liftoff_s - kSlack,
                     where, "reference time goes back");
    clock_s = step.reference_touchdown_s;
  }
}

void check_phase(const Plan& plan, std::size_t index, Findings& findings) {
  const Phase& phase = plan.phases[index];
  const std::string where = "phase " + std::to_string(index);
  findings.require(is_known(phase.kind), where, "unknown kind");
  findings.within(where, "reference time s", phase.reference_start_s, plan_bounds::kReferenceTime);
  findings.within(where, "reference time s", phase.reference_end_s, plan_bounds::kReferenceTime);
  findings.require(phase.reference_end_s >= phase.reference_start_s - kSlack, where,
                   "reference time goes back");
  findings.within(where, "blend", phase.blend_start, plan_bounds::kBlend);
  findings.within(where, "blend", phase.blend_end, plan_bounds::kBlend);
  if (index > 0) {
    const Phase& before = plan.phases[index - 1];
    findings.require(std::abs(phase.reference_start_s - before.reference_end_s) < 1e-3, where,
                     "reference time jumps");
    findings.require(std::abs(phase.blend_start - before.blend_end) < 1e-6, where, "blend jumps");
  }
  if (phase.kind == PhaseKind::kStance) {
    findings.within(where, "duration s", phase.duration_s, plan_bounds::kStanceDuration);
  } else {
    const bool blends_in = phase.blend_start == 0.0 && phase.blend_end == 1.0;
    const bool constant = phase.blend_start == phase.blend_end &&
                          (phase.blend_start == 0.0 || phase.blend_start == 1.0);
    findings.require(blends_in || constant, where, "blend inside a burst");
  }
}

void check_phases(const Plan& plan, Findings& findings) {
  findings.require(!plan.phases.empty(), "plan", "no phases");
  if (plan.phases.empty()) return;
  int next_step = 0;
  for (std::size_t k = 0; k < plan.phases.size(); ++k) {
    check_phase(plan, k, findings);
    const Phase& phase = plan.phases[k];
    if (phase.kind != PhaseKind::kWalk) continue;
    const bool ordered = phase.step_count > 0 && phase.first_step == next_step &&
                         phase.step_count <= static_cast<int>(plan.steps.size()) - next_step;
    findings.require(ordered, "phase " + std::to_string(k), "steps out of order");
    if (!ordered) return;
    for (int step = next_step; step < next_step + phase.step_count; ++step) {
      findings.require(is_inside(plan.steps[step], phase), "step " + std::to_string(step),
                       "reference time outside of its phase");
    }
    next_step += phase.step_count;
  }
  findings.require(next_step == static_cast<int>(plan.steps.size()), "plan",
                   "steps that no phase takes");
  findings.within("plan", "blend at the begin", plan.phases.front().blend_start, 0.0, 0.0);
  findings.within("plan", "blend at the end", plan.phases.back().blend_end, 0.0, 0.0);
  const double end_s =
      static_cast<double>(plan.posture.com_height.size() - 1) / plan.posture.rate_hz;
  findings.within("plan", "reference start s", plan.phases.front().reference_start_s, 0.0, 0.0);
  findings.within("plan", "reference end s", plan.phases.back().reference_end_s, 0.0, end_s + 1e-3);
}

void check_attitude(const Eigen::Ref<const Eigen::RowVector4d>& wxyz, const std::string& where,
                    const Eigen::Vector3d& most, Findings& findings) {
  findings.within(where, "quaternion norm", wxyz.norm(), plan_bounds::kQuatNorm);
  const Eigen::Matrix3d R =
      Eigen::Quaterniond(wxyz[0], wxyz[1], wxyz[2], wxyz[3]).normalized().toRotationMatrix();
  const double pitch = std::asin(std::clamp(-R(2, 0), -1.0, 1.0));
  findings.within(where, "yaw rad", std::abs(std::atan2(R(1, 0), R(0, 0))), 0.0, most[0] + 1e-4);
  findings.within(where, "pitch rad", std::abs(pitch), 0.0, most[1] + 1e-4);
  findings.within(where, "roll rad", std::abs(std::atan2(R(2, 1), R(2, 2))), 0.0, most[2] + 1e-4);
}

void check_posture(const Plan& plan, const LevelLimits& limits, Findings& findings) {
  const PostureTrack& track = plan.posture;
  const auto frames = static_cast<int>(track.com_height.size());
  const FrameTiming timing = frame_timing(plan, frames, track.rate_hz);
  for (int t = 0; t < frames; ++t) {
    const std::string frame = " frame " + std::to_string(t);
    for (int j = 0; j < kNumJoints; ++j) {
      findings.within(kJointTable[j].name + frame, "rad", track.joint_position(t, j),
                      kJointTable[j].lower_rad, kJointTable[j].upper_rad);
    }
    check_attitude(track.quat_heading_torso_wxyz.row(t), "torso" + frame,
                   limits.torso_yaw_pitch_roll_max_rad, findings);
    check_attitude(track.quat_heading_pelvis_wxyz.row(t), "pelvis" + frame,
                   limits.pelvis_yaw_pitch_roll_max_rad, findings);
    const bool steps = timing.stepping[t];
    findings.within("centre of mass" + frame, steps ? "stepping height m" : "height m",
                    track.com_height[t],
                    steps ? limits.com_stepping_min_m : limits.com_stance_min_m,
                    steps ? limits.com_stepping_max_m : limits.com_stance_max_m);
  }
  LevelLimits stretched = limits;
  stretched.leg_reach_m = kLegMost_m;
  const Eigen::VectorXd ceiling = reach_ceiling(plan, stretched, frames, track.rate_hz);
  for (int t = 0; t < frames; ++t) {
    findings.within("centre of mass frame " + std::to_string(t), "height within the legs' reach m",
                    track.com_height[t], 0.0, std::max(ceiling[t], limits.com_stepping_min_m));
  }
  const RateLimiter rates(timing.duration_s);
  const auto check_rate = [&](const std::string& what, const Eigen::VectorXd& curve, double speed,
                              double acceleration) {
    const RateLimits bounds{{}, {}, Eigen::VectorXd::Constant(frames - 1, speed), acceleration};
    findings.within(what, "speed or acceleration over its limit", rates.excess(curve, bounds), 0.0,
                    kRateSlack);
  };
  for (int j = 0; j < kNumJoints; ++j) {
    const bool arm = j >= kFirstUpperJoint;
    check_rate(kJointTable[j].name, track.joint_position.col(j),
               arm ? limits.arm_speed_rad_s : limits.leg_speed_rad_s,
               arm ? limits.arm_acceleration_rad_s2 : limits.leg_acceleration_rad_s2);
  }
  check_rate("centre of mass", track.com_height, limits.com_stance_speed_m_s,
             limits.com_acceleration_m_s2);
}

void check_blends(const Plan& plan, const LevelLimits& limits, Findings& findings) {
  const auto& joints = plan.posture.joint_position;
  for (std::size_t k = 0; k < plan.phases.size(); ++k) {
    const Phase& phase = plan.phases[k];
    const double blend = std::abs(phase.blend_end - phase.blend_start);
    if (blend == 0.0) continue;
    const double lasts_s = phase.kind == PhaseKind::kStance ? phase.duration_s : plan.burst.shift_s;
    const auto frame = static_cast<Eigen::Index>(std::clamp(
        std::round(phase.reference_start_s * plan.posture.rate_hz), 0.0, joints.rows() - 1.0));
    const double furthest = (joints.row(frame).transpose() - plan.standing_position)
                                .tail(kNumJoints - kFirstUpperJoint)
                                .cwiseAbs()
                                .maxCoeff();
    findings.within("phase " + std::to_string(k), "blend speed rad/s", blend * furthest / lasts_s,
                    0.0, limits.arm_speed_rad_s);
  }
  for (int j = 0; j < kNumJoints; ++j) {
    findings.within(std::string("standing ") + kJointTable[j].name, "rad",
                    plan.standing_position[j], kJointTable[j].lower_rad, kJointTable[j].upper_rad);
  }
}

}  // namespace

std::vector<std::string> check_plan(const Plan& plan) {
  Findings findings;
  check_shapes(plan, findings);
  if (!findings.empty()) return findings.take();
  const LevelLimits limits = level_limits(plan.level);
  check_steps(plan, limits, findings);
  check_phases(plan, findings);
  if (!findings.empty()) return findings.take();
  check_posture(plan, limits, findings);
  check_blends(plan, limits, findings);
  return findings.take();
}

}  // namespace exoactor
