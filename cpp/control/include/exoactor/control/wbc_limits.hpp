#pragma once

#include <Eigen/Core>
#include <exoactor/control/collision_avoidance.hpp>
#include <exoactor/control/reduced_dynamics.hpp>
#include <exoactor/control/wbc_gains.hpp>
#include <exoactor/control/whole_body_reference.hpp>
#include <exoactor/control/wrench_cone.hpp>
#include <exoactor/model/robot_model.hpp>
#include <exoactor/types/state.hpp>

namespace exoactor {

/// The QP's rows CI x + ci0 >= 0: wrench cone and largest force of each sole; gaps between
/// capsules; torque, from below and above; acceleration, from below and above, of every joint.
class WbcLimits {
 public:
  static constexpr int kSoleRows = WrenchCone::kRows + 1;
  static constexpr int kContactRows = 2 * kSoleRows;
  static constexpr int kCollisionRow = kContactRows;
  static constexpr int kRows = kContactRows + CollisionAvoidance::kRows + 4 * kNumJoints;

  /// What never changes in a matrix of zeros.
  static void fill_fixed(Eigen::MatrixXd& CI);

  /// All the rest but the gaps. RT-safe.
  static void fill(const ReducedDynamics& reduced, const RobotState& state,
                   const WholeBodyReference& reference, const WbcGains& gains,
                   const WrenchCone& cone, Eigen::MatrixXd& CI, Eigen::VectorXd& ci0);
};

}  // namespace exoactor
