#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>
#include <eiquadprog/eiquadprog-fast.hpp>
#include <exoactor/control/wbc_qp.hpp>

namespace exoactor {
namespace {

constexpr int kMaxIterations = 200;
constexpr double kAccelerationBound = 1e4;
/// A joint beyond its limit is brought back no harder than this.
constexpr double kRecoveryAcceleration = 5e2;
constexpr std::array<int, 2> kKneeJoints = {3, 9};
constexpr int kLegJoints = 12;

/// Sole corners in the ankle-roll frame, m.
const std::array<Eigen::Vector3d, kPointsPerFoot> kSoleCorners = {
    Eigen::Vector3d(-0.05, 0.025, -0.035), Eigen::Vector3d(-0.05, -0.025, -0.035),
    Eigen::Vector3d(0.12, 0.03, -0.035), Eigen::Vector3d(0.12, -0.03, -0.035)};

Eigen::Matrix3d cross_matrix(const Eigen::Vector3d& v) {
  Eigen::Matrix3d m;
  m << 0, -v.z(), v.y(), v.z(), 0, -v.x(), -v.y(), v.x(), 0;
  return m;
}

/// Rotation vector along world axes that turns `from` into `to`.
Eigen::Vector3d rotation_between(const Eigen::Matrix3d& from, const Eigen::Matrix3d& to) {
  const Eigen::AngleAxisd turn(Eigen::Matrix3d(to * from.transpose()));
  return turn.angle() * turn.axis();
}

}  // namespace

/// min 1/2 x'Hx + g'x  s.t.  CE x + ce0 = 0,  CI x + ci0 >= 0, with x = accelerations, forces.
///
/// Rows of CI: four friction rows, then lower and upper normal force of every contact point; upper
/// and lower torque; lower and upper acceleration of every joint.
struct WbcQp::Problem {
  explicit Problem(int feet, double friction)
      : feet_count(feet),
        forces(feet * kForcesPerFoot),
        variables(kNumVelocities + forces),
        equalities(6 + 6 * feet),
        force_rows(6 * feet * kPointsPerFoot),
        rows(force_rows + 4 * kNumJoints),
        H(Eigen::MatrixXd::Zero(variables, variables)),
        CE(Eigen::MatrixXd::Zero(equalities, variables)),
        CI(Eigen::MatrixXd::Zero(rows, variables)),
        force_map(Eigen::MatrixXd::Zero(kNumVelocities, forces)),
        g(Eigen::VectorXd::Zero(variables)),
        ce0(Eigen::VectorXd::Zero(equalities)),
        ci0(Eigen::VectorXd::Zero(rows)),
        x(Eigen::VectorXd::Zero(variables)) {
    for (int point = 0; point < feet * kPointsPerFoot; ++point) {
      const int row = 6 * point;
      const int column = kNumVelocities + 3 * point;
      for (int axis = 0; axis < 2; ++axis) {
        CI(row + 2 * axis, column + axis) = 1.0;
        CI(row + 2 * axis + 1, column + axis) = -1.0;
        CI(row + 2 * axis, column + 2) = friction;
        CI(row + 2 * axis + 1, column + 2) = friction;
      }
      CI(row + 4, column + 2) = 1.0;
      CI(row + 5, column + 2) = -1.0;
    }
    for (int joint = 0; joint < kNumJoints; ++joint) {
      CI(force_rows + 2 * kNumJoints + joint, 6 + joint) = 1.0;
      CI(force_rows + 3 * kNumJoints + joint, 6 + joint) = -1.0;
    }
    solver.reset(variables, equalities, rows);
    solver.setMaxIter(kMaxIterations);
  }

  int feet_count;
  int forces;
  int variables;
  int equalities;
  int force_rows;
  int rows;
  Eigen::MatrixXd H, CE, CI;
  Eigen::MatrixXd force_map;  ///< generalised force of the contact forces
  Eigen::VectorXd g, ce0, ci0, x;
  eiquadprog::solvers::EiquadprogFast solver;
};

WbcQp::WbcQp(double mass_kg, const WbcGains& gains) : mass_kg_(mass_kg), gains_(gains) {
  for (int feet : {1, 2}) problems_[feet - 1] = std::make_unique<Problem>(feet, gains.friction);
}

WbcQp::~WbcQp() = default;

void WbcQp::reset() {
  solution_.acceleration.setZero();
  solution_.contact_force.setZero();
  solution_.torque.setZero();
  status_ = 0;
  iterations_ = 0;
}

bool WbcQp::solve(const DynamicsData& dynamics, const RobotState& state,
                  const WholeBodyReference& reference) {
  const int feet = static_cast<int>(reference.contact[kLeft]) + reference.contact[kRight];
  Problem& problem = *problems_[feet == 2 ? 1 : 0];
  task_rows_ = 0;
  add_tasks(dynamics, reference);
  fill_cost(problem, state, reference);
  fill_contacts(problem, dynamics, reference);
  fill_limits(problem, dynamics, state);
  return accept(problem, dynamics, reference);
}

template <typename Jacobian, typename Target>
void WbcQp::add_rows(const Jacobian& jacobian, const Target& target, double weight) {
  constexpr int kRows = Jacobian::RowsAtCompileTime;
  const double root = std::sqrt(weight);
  task_jacobian_.template middleRows<kRows>(task_rows_) = root * jacobian;
  task_target_.template segment<kRows>(task_rows_) = root * target;
  task_rows_ += kRows;
}

void WbcQp::add_tasks(const DynamicsData& dynamics, const WholeBodyReference& reference) {
  // The rows give the CoM's acceleration times the mass, hence the weight over its square.
  const Eigen::Vector3d force =
      mass_kg_ * reference.com_acceleration_in_world - dynamics.centroidal_momentum_bias.head<3>();
  add_rows(dynamics.centroidal_map.topRows<3>(), force, gains_.com_weight / (mass_kg_ * mass_kg_));
  const Eigen::Vector3d moment =
      -gains_.angular_momentum_damping * dynamics.centroidal_momentum.tail<3>() -
      dynamics.centroidal_momentum_bias.tail<3>();
  add_rows(dynamics.centroidal_map.bottomRows<3>(), moment, gains_.angular_momentum_weight);
  add_attitude(dynamics.links[kPelvisLink], reference.R_world_pelvis,
               reference.pelvis_angular_velocity_in_world);
  add_attitude(dynamics.links[kTorsoLink], reference.R_world_torso,
               reference.torso_angular_velocity_in_world);
  for (int side : {kLeft, kRight}) {
    if (!reference.contact[side]) {
      add_swing_foot(dynamics.links[kLeftFootLink + side], reference.feet[side]);
    }
  }
}

void WbcQp::add_attitude(const LinkMotion& link, const Eigen::Matrix3d& R_world_target,
                         const Eigen::Vector3d& angular_velocity_in_world) {
  const Eigen::Vector3d target =
      gains_.attitude_stiffness * rotation_between(link.R_world_link, R_world_target) +
      gains_.attitude_damping * (angular_velocity_in_world - link.velocity.tail<3>()) -
      link.bias_acceleration.tail<3>();
  add_rows(link.jacobian.middleRows<2>(3), target.head<2>(), gains_.attitude_weight);
  add_rows(link.jacobian.bottomRows<1>(), target.tail<1>(), gains_.yaw_weight);
}

void WbcQp::add_swing_foot(const LinkMotion& link, const FootReference& foot) {
  Vector6 error;
  error << foot.position_in_world - link.position_in_world,
      rotation_between(link.R_world_link, foot.R_world_foot);
  const Vector6 target = foot.acceleration + gains_.swing_stiffness * error +
                         gains_.swing_damping * (foot.velocity - link.velocity) -
                         link.bias_acceleration;
  add_rows(link.jacobian, target, gains_.swing_weight);
}

void WbcQp::fill_cost(Problem& problem, const RobotState& state,
                      const WholeBodyReference& reference) {
  const auto A = task_jacobian_.topRows(task_rows_);
  auto H = problem.H.topLeftCorner<kNumVelocities, kNumVelocities>();
  H.noalias() = A.transpose() * A;
  problem.g.setZero();
  problem.g.head<kNumVelocities>().noalias() = -A.transpose() * task_target_.head(task_rows_);
  H.diagonal().array() += gains_.acceleration_weight;
  for (int joint = 0; joint < kNumJoints; ++joint) {
    const double weight =
        joint < kLegJoints ? gains_.leg_posture_weight : gains_.upper_posture_weight;
    const double target =
        reference.joint_acceleration[joint] +
        gains_.posture_stiffness * (reference.joint_position[joint] - state.joint_position[joint]) +
        gains_.posture_damping * (reference.joint_velocity[joint] - state.joint_velocity[joint]);
    H(6 + joint, 6 + joint) += weight;
    problem.g[6 + joint] -= weight * target;
  }
  for (int force = 0; force < problem.forces; ++force) {
    const int column = kNumVelocities + force;
    problem.H(column, column) =
        force % 3 == 2 ? gains_.normal_force_weight : gains_.tangential_force_weight;
  }
}

void WbcQp::fill_contacts(Problem& problem, const DynamicsData& dynamics,
                          const WholeBodyReference& reference) {
  int foot_index = 0;
  for (int side : {kLeft, kRight}) {
    if (!reference.contact[side] || foot_index == problem.feet_count) continue;
    const LinkMotion& foot = dynamics.links[kLeftFootLink + side];
    for (int corner = 0; corner < kPointsPerFoot; ++corner) {
      const int point = kPointsPerFoot * foot_index + corner;
      const Eigen::Matrix3d lever = cross_matrix(foot.R_world_link * kSoleCorners[corner]);
      problem.force_map.middleCols<3>(3 * point) =
          foot.jacobian.topRows<3>().transpose() +
          foot.jacobian.bottomRows<3>().transpose().lazyProduct(lever);
      problem.ci0[6 * point + 5] = reference.feet[side].max_normal_force_n / kPointsPerFoot;
    }
    problem.CE.block<6, kNumVelocities>(6 + 6 * foot_index, 0) = foot.jacobian;
    problem.ce0.segment<6>(6 + 6 * foot_index) =
        gains_.stance_damping * foot.velocity + foot.bias_acceleration;
    ++foot_index;
  }
  problem.CE.topLeftCorner<6, kNumVelocities>() = dynamics.mass_matrix.topRows<6>();
  problem.CE.topRightCorner(6, problem.forces) = -problem.force_map.topRows<6>();
  problem.ce0.head<6>() = dynamics.bias_force.head<6>();
}

void WbcQp::fill_limits(Problem& problem, const DynamicsData& dynamics, const RobotState& state) {
  const int upper_torque = problem.force_rows;
  const int lower_torque = upper_torque + kNumJoints;
  const int lower_motion = lower_torque + kNumJoints;
  const int upper_motion = lower_motion + kNumJoints;
  auto lower = problem.CI.middleRows<kNumJoints>(lower_torque);
  auto upper = problem.CI.middleRows<kNumJoints>(upper_torque);
  lower.leftCols<kNumVelocities>() = dynamics.mass_matrix.bottomRows<kNumJoints>();
  lower.rightCols(problem.forces) = -problem.force_map.bottomRows<kNumJoints>();
  upper = -lower;
  const double dt = gains_.limit_horizon_s;
  for (int joint = 0; joint < kNumJoints; ++joint) {
    const JointSpec& spec = kJointTable[joint];
    const double torque = gains_.torque_share * spec.effort_nm;
    const double bias = dynamics.bias_force[6 + joint];
    problem.ci0[lower_torque + joint] = torque + bias;
    problem.ci0[upper_torque + joint] = torque - bias;

    const double q = state.joint_position[joint];
    const double v = state.joint_velocity[joint];
    const double max_speed = std::min(gains_.max_joint_speed, spec.velocity_rad_s);
    const bool knee = joint == kKneeJoints[kLeft] || joint == kKneeJoints[kRight];
    const double min_q = knee ? std::max(spec.lower_rad, gains_.min_knee_position) : spec.lower_rad;
    double high = std::min((max_speed - v) / dt, 2 * (spec.upper_rad - q - v * dt) / (dt * dt));
    double low = std::max((-max_speed - v) / dt, 2 * (min_q - q - v * dt) / (dt * dt));
    low = std::clamp(low, -kAccelerationBound, kRecoveryAcceleration);
    high = std::clamp(high, -kRecoveryAcceleration, kAccelerationBound);
    if (low > high) {
      const double middle = 0.5 * (low + high);
      low = middle - 1.0;
      high = middle + 1.0;
    }
    problem.ci0[lower_motion + joint] = -low;
    problem.ci0[upper_motion + joint] = high;
  }
}

bool WbcQp::accept(Problem& problem, const DynamicsData& dynamics,
                   const WholeBodyReference& reference) {
  status_ = problem.solver.solve_quadprog(problem.H, problem.g, problem.CE, problem.ce0, problem.CI,
                                          problem.ci0, problem.x);
  iterations_ = problem.solver.getIteratios();
  if (status_ != eiquadprog::solvers::EIQUADPROG_FAST_OPTIMAL || !problem.x.allFinite()) {
    return false;
  }
  const auto forces = problem.x.tail(problem.forces);
  solution_.acceleration = problem.x.head<kNumVelocities>();
  solution_.torque = dynamics.bias_force.tail<kNumJoints>();
  solution_.torque.noalias() +=
      dynamics.mass_matrix.bottomRows<kNumJoints>() * solution_.acceleration;
  solution_.torque.noalias() -= problem.force_map.bottomRows<kNumJoints>() * forces;
  solution_.contact_force.setZero();
  int foot_index = 0;
  for (int side : {kLeft, kRight}) {
    if (!reference.contact[side] || foot_index == problem.feet_count) continue;
    solution_.contact_force.segment<kForcesPerFoot>(kForcesPerFoot * side) =
        forces.segment<kForcesPerFoot>(kForcesPerFoot * foot_index++);
  }
  return true;
}

}  // namespace exoactor
