#include <exoactor/control/plan_check.hpp>
#include <exoactor/types/plan_bounds.hpp>
#include <sstream>

namespace exoactor {
namespace {

std::string out_of_range(const std::string& what, double got, double lower, double upper) {
  std::ostringstream text;
  text << "plan: " << what << " " << got << " outside " << lower << " .. " << upper
       << "; plan refused";
  return text.str();
}

/// The first bound that is broken, in words.
class Findings {
 public:
  void require(const std::string& what, double got, Bound bound) {
    if (defect_.empty() && !bound.holds(got)) {
      defect_ = out_of_range(what, got, bound.low, bound.high);
    }
  }
  void require(bool sound, const std::string& what) {
    if (defect_.empty() && !sound) defect_ = "plan: " + what + "; plan refused";
  }
  bool empty() const { return defect_.empty(); }
  const std::string& defect() const { return defect_; }

 private:
  std::string defect_;
};

Bound joint_range(int joint) {
  const JointSpec& spec = kJointTable[joint];
  return {spec.lower_rad - plan_bounds::kJointSlack, spec.upper_rad + plan_bounds::kJointSlack};
}

void check_counts(const Plan& plan, Findings& findings) {
  const auto at_most = [](int most) { return Bound{1.0, static_cast<double>(most)}; };
  findings.require(is_known(plan.level), "unknown level");
  findings.require(plan.posture.joint_position.rows() >= 1, "posture has no frame");
  findings.require("number of frames", static_cast<double>(plan.posture.joint_position.rows()),
                   at_most(plan_bounds::kMostFrames));
  findings.require(!plan.phases.empty(), "no phase");
  findings.require("number of phases", static_cast<double>(plan.phases.size()),
                   at_most(plan_bounds::kMostPhases));
  findings.require("number of steps", static_cast<double>(plan.steps.size()),
                   {0.0, static_cast<double>(plan_bounds::kMostSteps)});
  findings.require("number of foot keyframes", static_cast<double>(plan.foot_keyframes.size()),
                   {0.0, static_cast<double>(plan_bounds::kMostKeyframes)});
}

void check_frame(const PostureTrack& posture, Eigen::Index frame, Findings& findings) {
  const std::string at = " at frame " + std::to_string(frame);
  for (int joint = 0; joint < kNumJoints; ++joint) {
    const double angle = posture.joint_position(frame, joint);
    if (!joint_range(joint).holds(angle)) {
      findings.require(kJointTable[joint].name + at, angle, joint_range(joint));
    }
  }
  findings.require("com height" + at, posture.com_height[frame], plan_bounds::kComHeight);
  findings.require("torso quaternion norm" + at, posture.quat_heading_torso_wxyz.row(frame).norm(),
                   plan_bounds::kQuatNorm);
  findings.require("pelvis quaternion norm" + at,
                   posture.quat_heading_pelvis_wxyz.row(frame).norm(), plan_bounds::kQuatNorm);
}

void check_posture(const PostureTrack& posture, Findings& findings) {
  const Eigen::Index frames = posture.joint_position.rows();
  findings.require("posture rate_hz", posture.rate_hz, plan_bounds::kRateHz);
  findings.require(posture.quat_heading_torso_wxyz.rows() == frames &&
                       posture.quat_heading_pelvis_wxyz.rows() == frames &&
                       posture.com_height.size() == frames,
                   "posture arrays differ in length");
  if (!findings.empty()) return;
  findings.require(posture.joint_position.allFinite() && posture.com_height.allFinite() &&
                       posture.quat_heading_torso_wxyz.allFinite() &&
                       posture.quat_heading_pelvis_wxyz.allFinite(),
                   "posture holds a value that is not finite");
  for (Eigen::Index frame = 0; frame < frames && findings.empty(); ++frame) {
    check_frame(posture, frame, findings);
  }
}

void check_step(const Plan& plan, const Footstep& step, const std::string& name,
                Findings& findings) {
  findings.require(is_known(step.side), name + " is of an unknown side");
  findings.require(name + " forward_m", step.forward_m, plan_bounds::kForward);
  findings.require(name + " lateral_m", step.lateral_m, plan_bounds::kLateral);
  findings.require(name + " yaw_rad", step.yaw_rad, plan_bounds::kYaw);
  findings.require(name + " swing_s", step.swing_s,
                   step.keyframe_count == 0 ? plan_bounds::kSwing : plan_bounds::kHeldSwing);
  findings.require(name + " lift_m", step.lift_m, plan_bounds::kLift);
  findings.require(name + " reference_liftoff_s", step.reference_liftoff_s,
                   plan_bounds::kReferenceTime);
  findings.require(name + " reference_touchdown_s", step.reference_touchdown_s,
                   plan_bounds::kReferenceTime);
  const char* path_defect = find_path_defect(step, plan.foot_keyframes);
  if (path_defect != nullptr) findings.require(false, name + " " + path_defect);
}

void check_phase(const Phase& phase, const std::string& name, Findings& findings) {
  findings.require(is_known(phase.kind), name + " is of an unknown kind");
  findings.require(name + " reference_start_s", phase.reference_start_s,
                   plan_bounds::kReferenceTime);
  findings.require(name + " reference_end_s", phase.reference_end_s, plan_bounds::kReferenceTime);
  findings.require(phase.reference_end_s >= phase.reference_start_s,
                   name + " runs backwards in reference time");
  findings.require(name + " blend_start", phase.blend_start, plan_bounds::kBlend);
  findings.require(name + " blend_end", phase.blend_end, plan_bounds::kBlend);
  if (phase.kind == PhaseKind::kStance) {
    findings.require(name + " duration_s", phase.duration_s, plan_bounds::kStanceDuration);
  }
}

/// The steps that a walk takes; `next_step` is the first not taken before, then after it.
void check_walk(const Plan& plan, const Phase& walk, const std::string& name, int& next_step,
                Findings& findings) {
  const int left = static_cast<int>(plan.steps.size()) - next_step;
  findings.require(walk.step_count >= 1, name + " walks no step");
  findings.require(walk.first_step == next_step && walk.step_count <= left,
                   name + " names steps out of order");
  if (!findings.empty()) return;
  for (int count = 0; count < walk.step_count; ++count, ++next_step) {
    if (is_inside(plan.steps[next_step], walk)) continue;
    findings.require(false, "step " + std::to_string(next_step) + " has reference times outside " +
                                "of " + name);
  }
}

}  // namespace

std::string find_plan_defect(const Plan& plan) {
  Findings findings;
  check_counts(plan, findings);
  if (!findings.empty()) return findings.defect();
  for (int joint = 0; joint < kNumJoints; ++joint) {
    findings.require(std::string("standing ") + kJointTable[joint].name,
                     plan.standing_position[joint], joint_range(joint));
  }
  check_posture(plan.posture, findings);
  for (std::size_t index = 0; index < plan.steps.size() && findings.empty(); ++index) {
    check_step(plan, plan.steps[index], "step " + std::to_string(index), findings);
  }
  findings.require("burst shift_s", plan.burst.shift_s, plan_bounds::kShift);
  findings.require("burst double_support_s", plan.burst.double_support_s,
                   plan_bounds::kDoubleSupport);
  findings.require("burst settle_s", plan.burst.settle_s, plan_bounds::kSettle);
  int next_step = 0;
  for (std::size_t index = 0; index < plan.phases.size() && findings.empty(); ++index) {
    const std::string name = "phase " + std::to_string(index);
    const Phase& phase = plan.phases[index];
    check_phase(phase, name, findings);
    if (phase.kind == PhaseKind::kWalk) check_walk(plan, phase, name, next_step, findings);
  }
  findings.require(next_step == static_cast<int>(plan.steps.size()), "steps that no phase walks");
  return findings.defect();
}

}  // namespace exoactor
