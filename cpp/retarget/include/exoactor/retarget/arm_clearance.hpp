#pragma once

#include <Eigen/Cholesky>
#include <array>
#include <exoactor/retarget/self_collision.hpp>
#include <exoactor/types/reference.hpp>

namespace exoactor {

/// Moves the arms of a pose the least way that keeps all capsules apart; root, legs and waist stay.
/// Damped Gauss-Newton on the pairs' gaps and the joints' way.
class ArmClearance {
 public:
  /// `tree` and `collision` must outlive it.
  ArmClearance(const KinematicTree& tree, const SelfCollision& collision, double clearance_m)
      : tree_(tree), collision_(collision), clearance_m_(clearance_m) {}

  /// Clears `pose` with arm joints within [lower, upper]; a pose that is clear is only bounded.
  /// RT-safe.
  void clear(const JointVector& lower, const JointVector& upper, RobotPose& pose);

 private:
  static constexpr int kArmJoints = 14;  // the last of the joint table
  using ArmVector = Eigen::Matrix<double, kArmJoints, 1>;
  using ArmMatrix = Eigen::Matrix<double, kArmJoints, kArmJoints>;

  void find_step(const ArmVector& lower, const ArmVector& upper);

  const KinematicTree& tree_;
  const SelfCollision& collision_;
  double clearance_m_;
  BodyPoses bodies_;
  NormalEquations equations_;
  ArmMatrix hessian_;
  ArmVector gradient_, step_;
  Eigen::LLT<ArmMatrix> factor_;
};

/// How the arms of a motion are cleared.
struct ArmBounds {
  JointVector lower, upper;  ///< rad, of every frame
  JointVector reach;         ///< rad, from one frame to the next
};

/// Clears the arms of all frames, each within reach of the one before. What moves them away is
/// smoothed (Gaussian, `smoothing_s`), so that it starts before the approach; further passes make
/// up for what that took.
void clear_motion(const KinematicTree& tree, const SelfCollision& collision, double clearance_m,
                  double smoothing_s, const ArmBounds& bounds, Reference& reference);

}  // namespace exoactor
