#pragma once

#include <Eigen/Core>
#include <array>
#include <exoactor/control/whole_body_reference.hpp>
#include <exoactor/model/robot_model.hpp>
#include <exoactor/types/state.hpp>
#include <memory>

namespace exoactor {

inline constexpr int kPointsPerFoot = 4;
inline constexpr int kForcesPerFoot = 3 * kPointsPerFoot;

/// Task weights, feedback gains and limits of the QP. Weights are relative to each other.
struct WbcGains {
  double com_weight = 1000.0;
  double angular_momentum_weight = 1.0;
  double angular_momentum_damping = 3.0;  ///< 1/s
  double attitude_weight = 10.0;          ///< pelvis and torso, tilt
  double yaw_weight = 1.0;                ///< pelvis and torso, about the vertical
  double attitude_stiffness = 100.0;      ///< 1/s^2
  double attitude_damping = 20.0;         ///< 1/s
  double swing_weight = 100.0;
  double swing_stiffness = 400.0;  ///< 1/s^2
  double swing_damping = 40.0;     ///< 1/s
  double stance_damping = 20.0;    ///< 1/s, stops a slipping foot
  double leg_posture_weight = 0.01;
  double upper_posture_weight = 0.3;  ///< waist and arms
  double posture_stiffness = 60.0;    ///< 1/s^2
  double posture_damping = 12.0;      ///< 1/s
  double acceleration_weight = 1e-4;  ///< regularisation
  double normal_force_weight = 1e-4;
  double tangential_force_weight = 1e-3;
  double friction = 0.3;            ///< tangential over normal force, along each axis
  double torque_share = 0.95;       ///< of the joint's effort limit
  double max_joint_speed = 20.0;    ///< rad/s, where the joint's own limit is not lower
  double limit_horizon_s = 0.02;    ///< position and velocity limits hold this far ahead
  double min_knee_position = 0.12;  ///< rad, away from the straight leg
};

/// What the QP found.
struct WbcSolution {
  VelocityVector acceleration = VelocityVector::Zero();
  /// N along world axes, left foot's four sole corners then the right's; 0 for a foot in the air.
  Eigen::Matrix<double, 2 * kForcesPerFoot, 1> contact_force =
      Eigen::Matrix<double, 2 * kForcesPerFoot, 1>::Zero();
  JointVector torque = JointVector::Zero();  ///< Nm
};

/// One quadratic programme a tick: generalised accelerations and contact forces that follow the
/// reference in the least-squares sense, subject to floating-base dynamics, unmoved stance feet,
/// friction pyramids, torque limits, and joint limits through accelerations. Torques are
/// eliminated. Solved with eiquadprog (Goldfarb-Idnani, dual active set).
class WbcQp {
 public:
  explicit WbcQp(double mass_kg, const WbcGains& gains = {});
  ~WbcQp();

  /// Solves for the state that `dynamics` and `state` describe; at least one foot must be in
  /// contact. Returns true and updates `solution` when an optimum was found; otherwise keeps the
  /// previous solution. RT-safe.
  bool solve(const DynamicsData& dynamics, const RobotState& state,
             const WholeBodyReference& reference);

  const WbcSolution& solution() const { return solution_; }
  void reset();
  int status() const { return status_; }          ///< eiquadprog's of the last solve; 0 = optimal
  int iterations() const { return iterations_; }  ///< of the last solve

 private:
  struct Problem;
  static constexpr int kMaxTaskRows = 18;

  void add_tasks(const DynamicsData& dynamics, const WholeBodyReference& reference);
  void add_attitude(const LinkMotion& link, const Eigen::Matrix3d& R_world_target,
                    const Eigen::Vector3d& angular_velocity_in_world);
  void add_swing_foot(const LinkMotion& link, const FootReference& foot);
  template <typename Jacobian, typename Target>
  void add_rows(const Jacobian& jacobian, const Target& target, double weight);
  void fill_cost(Problem& problem, const RobotState& state, const WholeBodyReference& reference);
  void fill_contacts(Problem& problem, const DynamicsData& dynamics,
                     const WholeBodyReference& reference);
  void fill_limits(Problem& problem, const DynamicsData& dynamics, const RobotState& state);
  bool accept(Problem& problem, const DynamicsData& dynamics, const WholeBodyReference& reference);

  double mass_kg_;
  WbcGains gains_;
  std::array<std::unique_ptr<Problem>, 2> problems_;                   ///< one foot, two feet
  Eigen::Matrix<double, kMaxTaskRows, kNumVelocities> task_jacobian_;  ///< times sqrt(weight)
  Eigen::Matrix<double, kMaxTaskRows, 1> task_target_;
  int task_rows_ = 0;
  WbcSolution solution_;
  int status_ = 0;
  int iterations_ = 0;
};

}  // namespace exoactor
