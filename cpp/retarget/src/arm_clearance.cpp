#include <algorithm>
#include <exoactor/retarget/arm_clearance.hpp>

namespace exoactor {
namespace {

constexpr int kFirstArmJoint = 15;  // left_shoulder_pitch_joint; legs and waist come before
constexpr int kMaxIterations = 12;
constexpr double kGapWeight = 1000;    // per m^2
constexpr double kWayWeight = 0.05;    // per rad^2, joints towards where they were
constexpr double kDamping = 0.5;       // per rad^2, joints towards the last iteration
constexpr double kConvergence = 1e-4;  // rad

}  // namespace

void ArmClearance::clear(const JointVector& lower, const JointVector& upper, RobotPose& pose) {
  constexpr int kArmJoints = kNumJoints - kFirstArmJoint;
  auto arms = pose.joint_position.tail<kArmJoints>();
  arms = arms.cwiseMax(lower.tail<kArmJoints>()).cwiseMin(upper.tail<kArmJoints>());
  asked_ = pose.joint_position;
  step_lower_.setZero();
  step_upper_.setZero();
  for (int iteration = 0; iteration < kMaxIterations; ++iteration) {
    forward_kinematics(tree_, pose, bodies_);
    equations_.clear();
    const int close_pairs =
        collision_.add_tasks(tree_, bodies_, {clearance_m_, 0}, kGapWeight, equations_);
    if (iteration == 0 && close_pairs == 0) return;
    for (int joint = 0; joint < kNumJoints; ++joint)
      equations_.add_single(6 + joint, asked_[joint] - pose.joint_position[joint], kWayWeight);
    equations_.hessian.diagonal().array() += kDamping;
    step_lower_.tail<kArmJoints>() = (lower.tail<kArmJoints>() - arms).cwiseMin(0);
    step_upper_.tail<kArmJoints>() = (upper.tail<kArmJoints>() - arms).cwiseMax(0);
    if (!solver_.solve(equations_, step_lower_, step_upper_, step_)) return;
    arms += step_.tail<kArmJoints>();
    if (step_.tail<kArmJoints>().cwiseAbs().maxCoeff() < kConvergence) return;
  }
}

}  // namespace exoactor
