#include <Eigen/Geometry>
#include <cmath>
#include <exoactor/control/wbc_cost.hpp>

namespace exoactor {
namespace {

constexpr double kGravity = 9.81;

/// Rotation vector along world axes that turns `from` into `to`.
Eigen::Vector3d rotation_between(const Eigen::Matrix3d& from, const Eigen::Matrix3d& to) {
  const Eigen::AngleAxisd turn(Eigen::Matrix3d(to * from.transpose()));
  return turn.angle() * turn.axis();
}

/// Weights and pulls of the posture, a joint each.
struct PosturePull {
  PosturePull(const RobotState& state, const WholeBodyReference& reference, const WbcGains& gains) {
    weight.head<2 * kLegJoints>().setConstant(gains.leg_posture_weight);
    weight.tail<kUpperJoints>().setConstant(gains.upper_posture_weight);
    const JointVector target =
        reference.joint_acceleration +
        gains.posture_stiffness * (reference.joint_position - state.joint_position) +
        gains.posture_damping * (reference.joint_velocity - state.joint_velocity);
    pull = weight.cwiseProduct(target);
    weight.array() += gains.acceleration_weight;
  }

  JointVector weight;
  JointVector pull;
};

void add_posture(const ReducedDynamics& reduced, const PosturePull& posture, Eigen::MatrixXd& H,
                 Eigen::VectorXd& g) {
  H.diagonal().tail<kUpperJoints>() += posture.weight.tail<kUpperJoints>();
  g.tail<kUpperJoints>() -= posture.pull.tail<kUpperJoints>();
  for (int side : {kLeft, kRight}) {
    const Vector6 weight = posture.weight.segment<kLegJoints>(kLegJoints * side);
    const Vector6 pull = posture.pull.segment<kLegJoints>(kLegJoints * side);
    if (!reduced.contact(side)) {
      H.diagonal().segment<kLegJoints>(kSharedVariable) += weight;
      g.segment<kLegJoints>(kSharedVariable) -= pull;
      continue;
    }
    const StanceLeg& leg = reduced.leg(side);
    H.topLeftCorner<6, 6>() += leg.map.transpose() * weight.asDiagonal() * leg.map;
    g.head<6>() += leg.map.transpose() * (weight.cwiseProduct(leg.offset) - pull);
  }
}

void add_slip(const StanceLeg& leg, double weight, Eigen::MatrixXd& H, Eigen::VectorXd& g) {
  H.topLeftCorner<6, 6>() += weight * leg.slip_map.transpose() * leg.slip_map;
  g.head<6>() += weight * leg.slip_map.transpose() * leg.slip_offset;
}

}  // namespace

void WbcCost::fill(const DynamicsData& dynamics, const ReducedDynamics& reduced,
                   const RobotState& state, const WholeBodyReference& reference,
                   const WbcGains& gains, const WrenchCone& cone, Eigen::MatrixXd& H,
                   Eigen::VectorXd& g) {
  count_ = 0;
  add_momentum(dynamics, reduced, reference, gains);
  add_attitude(dynamics.links[kPelvisLink], reduced, reference.R_world_pelvis,
               reference.pelvis_angular_velocity_in_world, gains);
  add_attitude(dynamics.links[kTorsoLink], reduced, reference.R_world_torso,
               reference.torso_angular_velocity_in_world, gains);
  for (int side : {kLeft, kRight}) {
    if (reduced.contact(side)) {
      const AffineMap<6>& sole = reduced.sole_wrench(side);
      AffineMap<6> effort;
      effort.matrix.noalias() = cone.effort_root * sole.matrix;
      effort.offset.noalias() = cone.effort_root * sole.offset;
      add<6>(effort, Vector6::Zero(), 1.0);
    } else {
      add_swing_foot(dynamics.links[kLeftFootLink + side], reduced, reference.feet[side], gains);
    }
  }
  const auto A = rows_.topRows(count_);
  H.setZero();
  H.selfadjointView<Eigen::Lower>().rankUpdate(A.transpose());
  g.noalias() = -A.transpose() * targets_.head(count_);
  H.diagonal().head<6>().array() += gains.acceleration_weight;
  add_posture(reduced, PosturePull(state, reference, gains), H, g);
  for (int side : {kLeft, kRight}) {
    if (reduced.contact(side)) add_slip(reduced.leg(side), gains.stance_weight, H, g);
  }
}

template <int Rows>
void WbcCost::add(const AffineMap<Rows>& task, const Eigen::Matrix<double, Rows, 1>& target,
                  double weight) {
  const double root = std::sqrt(weight);
  rows_.template middleRows<Rows>(count_) = root * task.matrix;
  targets_.template segment<Rows>(count_) = root * (target - task.offset);
  count_ += Rows;
}

/// The contact forces are the rate of momentum, gravity's share taken off.
void WbcCost::add_momentum(const DynamicsData& dynamics, const ReducedDynamics& reduced,
                           const WholeBodyReference& reference, const WbcGains& gains) {
  const double mass = dynamics.mass_matrix(0, 0);
  const AffineMap<6>& total = reduced.total_wrench();
  AffineMap<3> force;
  force.matrix = total.matrix.topRows<3>();
  force.offset = total.offset.head<3>();
  const Eigen::Vector3d up(0.0, 0.0, kGravity);
  add<3>(force, mass * (reference.com_acceleration_in_world + up),
         gains.com_weight / (mass * mass));
  const Eigen::Vector3d lever =
      dynamics.com_in_world - dynamics.links[kPelvisLink].position_in_world;
  AffineMap<3> moment;
  for (int axis = 0; axis < 3; ++axis) {
    const int next = (axis + 1) % 3;
    const int last = (axis + 2) % 3;
    moment.matrix.row(axis) = total.matrix.row(3 + axis) - lever[next] * total.matrix.row(last) +
                              lever[last] * total.matrix.row(next);
  }
  moment.offset = total.offset.tail<3>() - lever.cross(force.offset);
  add<3>(moment, -gains.angular_momentum_damping * dynamics.centroidal_momentum.tail<3>(),
         gains.angular_momentum_weight);
}

void WbcCost::add_attitude(const LinkMotion& link, const ReducedDynamics& reduced,
                           const Eigen::Matrix3d& R_world_target,
                           const Eigen::Vector3d& angular_velocity_in_world,
                           const WbcGains& gains) {
  const Eigen::Vector3d target =
      gains.attitude_stiffness * rotation_between(link.R_world_link, R_world_target) +
      gains.attitude_damping * (angular_velocity_in_world - link.velocity.tail<3>()) -
      link.bias_acceleration.tail<3>();
  add<2>(reduced.reduce(link.jacobian.middleRows<2>(3)), target.head<2>(), gains.attitude_weight);
  add<1>(reduced.reduce(link.jacobian.bottomRows<1>()), target.tail<1>(), gains.yaw_weight);
}

void WbcCost::add_swing_foot(const LinkMotion& link, const ReducedDynamics& reduced,
                             const FootReference& foot, const WbcGains& gains) {
  Vector6 error;
  error << foot.position_in_world - link.position_in_world,
      rotation_between(link.R_world_link, foot.R_world_foot);
  const Vector6 target = foot.acceleration + gains.swing_stiffness * error +
                         gains.swing_damping * (foot.velocity - link.velocity) -
                         link.bias_acceleration;
  add<6>(reduced.reduce(link.jacobian), target, gains.swing_weight);
}

}  // namespace exoactor
