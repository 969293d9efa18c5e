#include <algorithm>
#include <exoactor/retarget/arm_clearance.hpp>

namespace exoactor {
namespace {

constexpr int kMaxPasses = 4;
constexpr int kMaxIterations = 10;
constexpr double kGapWeight = 1000;    // per m^2
constexpr double kWayWeight = 0.05;    // per rad^2, joints towards where they were
constexpr double kDamping = 0.3;       // per rad^2, joints towards the last iteration
constexpr double kConvergence = 1e-3;  // rad

}  // namespace

void ArmClearance::clear(const JointVector& lower, const JointVector& upper, RobotPose& pose) {
  auto arms = pose.joint_position.tail<kArmJoints>();
  const auto lowest = lower.tail<kArmJoints>();
  const auto highest = upper.tail<kArmJoints>();
  arms = arms.cwiseMax(lowest).cwiseMin(highest);
  const ArmVector asked = arms;
  for (int iteration = 0; iteration < kMaxIterations; ++iteration) {
    forward_kinematics(tree_, pose, bodies_);
    equations_.clear();
    const int close_pairs =
        collision_.add_tasks(tree_, bodies_, {clearance_m_, 0}, kGapWeight, equations_);
    if (iteration == 0 && close_pairs == 0) return;
    hessian_ = equations_.hessian.bottomRightCorner<kArmJoints, kArmJoints>();
    hessian_.diagonal().array() += kWayWeight + kDamping;
    const ArmVector before = arms;
    gradient_ = equations_.gradient.tail<kArmJoints>() + kWayWeight * (asked - before);
    find_step(lowest - before, highest - before);
    arms = (before + step_).cwiseMax(lowest).cwiseMin(highest);
    if ((arms - before).cwiseAbs().maxCoeff() < kConvergence) return;
  }
}

// Joints whose step leaves its bounds are fixed on them and the rest is solved again.
void ArmClearance::find_step(const ArmVector& lower, const ArmVector& upper) {
  hessian_ = ArmMatrix(hessian_.selfadjointView<Eigen::Lower>());
  std::array<bool, kArmJoints> fixed{};
  for (int pass = 0; pass < kMaxPasses; ++pass) {
    factor_.compute(hessian_);
    step_ = factor_.solve(gradient_);
    bool changed = false;
    for (int joint = 0; joint < kArmJoints; ++joint) {
      const double bounded = std::clamp(step_[joint], lower[joint], upper[joint]);
      if (fixed[joint] || bounded == step_[joint]) continue;
      gradient_ -= hessian_.col(joint) * bounded;
      hessian_.col(joint).setZero();
      hessian_.row(joint).setZero();
      hessian_(joint, joint) = 1;
      gradient_[joint] = bounded;
      fixed[joint] = changed = true;
    }
    if (!changed) return;
  }
}

}  // namespace exoactor
