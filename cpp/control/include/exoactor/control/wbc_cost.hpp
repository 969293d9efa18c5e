#pragma once

#include <Eigen/Core>
#include <exoactor/control/reduced_dynamics.hpp>
#include <exoactor/control/wbc_gains.hpp>
#include <exoactor/control/whole_body_reference.hpp>
#include <exoactor/control/wrench_cone.hpp>
#include <exoactor/model/robot_model.hpp>
#include <exoactor/types/state.hpp>

namespace exoactor {

/// The QP's cost 1/2 x'Hx + g'x: tasks in the least-squares sense, effort of the soles, posture.
class WbcCost {
 public:
  /// `H` gets its lower triangle only. RT-safe.
  void fill(const DynamicsData& dynamics, const ReducedDynamics& reduced, const RobotState& state,
            const WholeBodyReference& reference, const WbcGains& gains, const WrenchCone& cone,
            Eigen::MatrixXd& H, Eigen::VectorXd& g);

 private:
  static constexpr int kMaxRows = 24;

  template <int Rows>
  void add(const AffineMap<Rows>& task, const Eigen::Matrix<double, Rows, 1>& target,
           double weight);
  void add_momentum(const DynamicsData& dynamics, const ReducedDynamics& reduced,
                    const WholeBodyReference& reference, const WbcGains& gains);
  void add_attitude(const LinkMotion& link, const ReducedDynamics& reduced,
                    const Eigen::Matrix3d& R_world_target,
                    const Eigen::Vector3d& angular_velocity_in_world, const WbcGains& gains);
  void add_swing_foot(const LinkMotion& link, const ReducedDynamics& reduced,
                      const FootReference& foot, const WbcGains& gains);

  Eigen::Matrix<double, kMaxRows, kReducedVariables> rows_;  ///< times sqrt(weight)
  Eigen::Matrix<double, kMaxRows, 1> targets_;
  int count_ = 0;
};

}  // namespace exoactor
