#include <cmath>
#include <exoactor/control/plan_check.hpp>
#include <sstream>

namespace exoactor {
namespace {

constexpr double kJointTolerance = 1e-6;  // rad
constexpr double kQuatTolerance = 1e-3;

std::string out_of_range(const std::string& what, double got, double lower, double upper) {
  std::ostringstream text;
  text << "plan: " << what << " " << got << " outside " << lower << " .. " << upper
       << "; plan refused";
  return text.str();
}

/// The first bound that is broken, in words.
class Bounds {
 public:
  void require(const std::string& what, double got, double lower, double upper) {
    if (defect_.empty() && !(got >= lower && got <= upper)) {
      defect_ = out_of_range(what, got, lower, upper);
    }
  }
  void require(bool sound, const std::string& what) {
    if (defect_.empty() && !sound) defect_ = "plan: " + what + "; plan refused";
  }
  const std::string& defect() const { return defect_; }

 private:
  std::string defect_;
};

void check_posture(const Plan& plan, Bounds& bounds) {
  const PostureTrack& posture = plan.posture;
  const Eigen::Index frames = posture.joint_position.rows();
  bounds.require(frames >= 1, "posture has no frame");
  bounds.require("posture rate_hz", posture.rate_hz, 1.0, 1000.0);
  bounds.require(posture.quat_heading_torso_wxyz.rows() == frames &&
                     posture.quat_heading_pelvis_wxyz.rows() == frames &&
                     posture.com_height.size() == frames,
                 "posture arrays differ in length");
  if (!bounds.defect().empty()) return;
  bounds.require(posture.joint_position.allFinite() && posture.com_height.allFinite(),
                 "posture holds a value that is not finite");
  for (Eigen::Index frame = 0; frame < frames; ++frame) {
    const std::string at = " at frame " + std::to_string(frame);
    bounds.require("com height" + at, posture.com_height[frame], 0.3, 0.8);
    bounds.require("torso quaternion norm" + at, posture.quat_heading_torso_wxyz.row(frame).norm(),
                   1.0 - kQuatTolerance, 1.0 + kQuatTolerance);
    bounds.require("pelvis quaternion norm" + at,
                   posture.quat_heading_pelvis_wxyz.row(frame).norm(), 1.0 - kQuatTolerance,
                   1.0 + kQuatTolerance);
  }
}

void check_step(const Footstep& step, const std::string& name, Bounds& bounds) {
  bounds.require(name + " forward_m", step.forward_m, -0.35, 0.45);
  bounds.require(name + " lateral_m", step.lateral_m, 0.13, 0.45);
  bounds.require(name + " yaw_rad", step.yaw_rad, -0.6, 0.6);
  bounds.require(name + " swing_s", step.swing_s, 0.25, 2.0);
  bounds.require(name + " lift_m", step.lift_m, 0.02, 0.20);
  bounds.require(
      std::isfinite(step.reference_liftoff_s) && std::isfinite(step.reference_touchdown_s),
      name + " has a reference time that is not finite");
}

void check_phase(const Phase& phase, const std::string& name, int steps, int& next_step,
                 Bounds& bounds) {
  bounds.require(
      std::isfinite(phase.reference_start_s) && phase.reference_end_s >= phase.reference_start_s,
      name + " runs backwards in reference time");
  bounds.require(name + " blend_start", phase.blend_start, 0.0, 1.0);
  bounds.require(name + " blend_end", phase.blend_end, 0.0, 1.0);
  if (phase.kind == PhaseKind::kStance) {
    bounds.require(name + " duration_s", phase.duration_s, 0.0, 3600.0);
    return;
  }
  bounds.require(phase.step_count >= 1, name + " walks no step");
  bounds.require(phase.first_step == next_step && phase.first_step + phase.step_count <= steps,
                 name + " names steps out of order");
  next_step = phase.first_step + phase.step_count;
}

}  // namespace

std::string find_plan_defect(const Plan& plan) {
  Bounds bounds;
  for (int joint = 0; joint < kNumJoints; ++joint) {
    const JointSpec& spec = kJointTable[joint];
    bounds.require(std::string("standing ") + spec.name, plan.standing_position[joint],
                   spec.lower_rad - kJointTolerance, spec.upper_rad + kJointTolerance);
  }
  check_posture(plan, bounds);
  for (std::size_t index = 0; index < plan.steps.size(); ++index) {
    check_step(plan.steps[index], "step " + std::to_string(index), bounds);
  }
  bounds.require("burst shift_s", plan.burst.shift_s, 0.5, 5.0);
  bounds.require("burst double_support_s", plan.burst.double_support_s, 0.05, 1.0);
  bounds.require("burst settle_s", plan.burst.settle_s, 0.4, 5.0);
  bounds.require(!plan.phases.empty(), "no phase");
  int next_step = 0;
  const int steps = static_cast<int>(plan.steps.size());
  for (std::size_t index = 0; index < plan.phases.size(); ++index) {
    check_phase(plan.phases[index], "phase " + std::to_string(index), steps, next_step, bounds);
  }
  bounds.require(next_step == steps, "steps that no phase walks");
  return bounds.defect();
}

}  // namespace exoactor
