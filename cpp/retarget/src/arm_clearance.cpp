#include <Eigen/Geometry>
#include <algorithm>
#include <exoactor/retarget/arm_clearance.hpp>
#include <exoactor/retarget/trajectory_smoothing.hpp>

namespace exoactor {
namespace {

constexpr int kMaxPasses = 4;
constexpr int kMaxIterations = 10;
constexpr double kGapWeight = 1000;    // per m^2
constexpr double kWayWeight = 0.05;    // per rad^2, joints towards where they were
constexpr double kDamping = 0.3;       // per rad^2, joints towards the last iteration
constexpr double kConvergence = 1e-3;  // rad
constexpr int kMotionPasses = 3;

void clear_frames(ArmClearance& clearance, const ArmBounds& bounds, Reference& reference) {
  RobotPose pose;
  for (Eigen::Index frame = 0; frame < reference.joint_position.rows(); ++frame) {
    const auto quat = reference.quat_world_root_wxyz.row(frame);
    pose.root_position_in_world = reference.root_position_in_world.row(frame).transpose();
    pose.R_world_root = Eigen::Quaterniond(quat[0], quat[1], quat[2], quat[3]).toRotationMatrix();
    pose.joint_position = reference.joint_position.row(frame).transpose();
    JointVector lower = bounds.lower, upper = bounds.upper;
    if (frame > 0) {
      const JointVector last = reference.joint_position.row(frame - 1).transpose();
      lower = lower.cwiseMax(last - bounds.reach);
      upper = upper.cwiseMin(last + bounds.reach);
    }
    clearance.clear(lower, upper, pose);
    reference.joint_position.row(frame) = pose.joint_position.transpose();
  }
}

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

void clear_motion(const KinematicTree& tree, const SelfCollision& collision, double clearance_m,
                  double smoothing_s, const ArmBounds& bounds, Reference& reference) {
  ArmClearance clearance(tree, collision, clearance_m);
  const auto asked = reference.joint_position;
  for (int pass = 0; pass < kMotionPasses; ++pass) {
    clear_frames(clearance, bounds, reference);
    reference.joint_position -= asked;
    smooth_upper_body(smoothing_s, reference);
    reference.joint_position += asked;
  }
  clear_frames(clearance, bounds, reference);
}

}  // namespace exoactor
