#pragma once

#include <Eigen/Core>
#include <array>
#include <exoactor/control/wbc_gains.hpp>
#include <exoactor/control/whole_body_reference.hpp>
#include <exoactor/model/robot_model.hpp>
#include <exoactor/types/state.hpp>
#include <memory>

namespace exoactor {

/// What the QP found.
struct WbcSolution {
  VelocityVector acceleration = VelocityVector::Zero();
  /// N, Nm about the ankle, along world axes; 0 for a foot in the air.
  std::array<Vector6, 2> foot_wrench{Vector6::Zero(), Vector6::Zero()};
  JointVector torque = JointVector::Zero();  ///< Nm
};

/// Which of its problems the QP could solve.
enum class QpLevel : int {
  kFull = 0,     ///< all rows hold
  kRelaxed = 1,  ///< only the soles' rows hold; torques are cut at the joints' limits
  kNone = 2,     ///< the previous solution stays
};

/// One quadratic programme a tick: accelerations and contact wrenches that follow the reference in
/// the least-squares sense, subject to floating-base dynamics, unmoved stance feet, wrench cones of
/// the soles, gaps between the robot's own links, torque limits, and joint limits through
/// accelerations. All equalities are eliminated
/// (`ReducedDynamics`). Solved with eiquadprog (Goldfarb-Idnani, dual active set). Where no
/// acceleration meets all rows, or the iterations run out, those of the soles are kept alone: they
/// can always be met.
class WbcQp {
 public:
  explicit WbcQp(const RobotModel& model, const WbcGains& gains = {});
  ~WbcQp();

  /// Solves for the state that `dynamics` and `state` describe. RT-safe.
  QpLevel solve(const DynamicsData& dynamics, const RobotState& state,
                const WholeBodyReference& reference);

  const WbcSolution& solution() const { return solution_; }
  void reset();
  int status() const { return status_; }          ///< eiquadprog's of the last solve; 0 = optimal
  int iterations() const { return iterations_; }  ///< of the last solve, all levels
  double smallest_gap_m() const;                  ///< see CollisionAvoidance

 private:
  struct Problem;
  void accept(bool cut_torque);

  WbcGains gains_;
  std::unique_ptr<Problem> problem_;
  WbcSolution solution_;
  int status_ = 0;
  int iterations_ = 0;
};

}  // namespace exoactor
