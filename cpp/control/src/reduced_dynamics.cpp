#include <Eigen/Cholesky>
#include <Eigen/Geometry>
#include <exoactor/control/reduced_dynamics.hpp>
#include <exoactor/control/wrench_cone.hpp>

namespace exoactor {
namespace {

/// Of the leg Jacobian's Gram matrix, whose least eigenvalue is 2.4e-4 at a knee of 0.12 rad.
constexpr double kStraightLegDamping = 1e-7;

Eigen::Matrix3d cross_matrix(const Eigen::Vector3d& v) {
  Eigen::Matrix3d m;
  m << 0, -v.z(), v.y(), v.z(), 0, -v.x(), -v.y(), v.x(), 0;
  return m;
}

}  // namespace

void ReducedDynamics::update(const DynamicsData& dynamics, const std::array<bool, 2>& contact,
                             double stance_damping) {
  contact_ = contact;
  for (int side : {kLeft, kRight}) {
    if (contact_[side]) bind_leg(dynamics.links[kLeftFootLink + side], side, stance_damping);
  }
  total_ = reduce(dynamics.mass_matrix.topRows<6>());
  total_.offset += dynamics.bias_force.head<6>();
  const Eigen::Matrix3d& R = dynamics.links[kPelvisLink].R_world_link;
  for (int part : {0, 3}) {
    total_.matrix.middleRows<3>(part) = R.lazyProduct(total_.matrix.middleRows<3>(part)).eval();
    total_.offset.segment<3>(part) = (R * total_.offset.segment<3>(part)).eval();
  }
  share_wrench(dynamics);
  for (int side : {kLeft, kRight}) {
    if (contact_[side]) move_to_sole(dynamics.links[kLeftFootLink + side], side);
  }
  write_torque(dynamics);
}

void ReducedDynamics::bind_leg(const LinkMotion& foot, int side, double stance_damping) {
  const Matrix6 J = foot.jacobian.middleCols<kLegJoints>(6 + kLegJoints * side);
  const Matrix6 base = foot.jacobian.leftCols<6>();
  const Vector6 wanted = stance_damping * foot.velocity + foot.bias_acceleration;
  Matrix6 gram = J * J.transpose();
  gram.diagonal().array() += kStraightLegDamping;
  const Eigen::LLT<Matrix6> factor(gram);
  StanceLeg& leg = legs_[side];
  leg.slip_map = factor.solve(base);
  leg.slip_offset = factor.solve(wanted);
  leg.map.noalias() = -J.transpose() * leg.slip_map;
  leg.offset.noalias() = -J.transpose() * leg.slip_offset;
  leg.slip_map *= kStraightLegDamping;
  leg.slip_offset *= kStraightLegDamping;
}

void ReducedDynamics::share_wrench(const DynamicsData& dynamics) {
  const Eigen::Vector3d& pelvis = dynamics.links[kPelvisLink].position_in_world;
  const bool both = contact_[kLeft] && contact_[kRight];
  const double share = both ? 0.5 : 1.0;
  AffineMap<6> moment_left = total_;  // of the forces: what the ankles' moments must make up for
  for (int side : {kLeft, kRight}) {
    if (!contact_[side]) continue;
    AffineMap<6>& foot = feet_[side];
    foot.matrix.topRows<3>() = share * total_.matrix.topRows<3>();
    foot.offset.head<3>() = share * total_.offset.head<3>();
    const double sign = side == kLeft ? 1.0 : -1.0;
    if (both) foot.matrix.block<3, 3>(0, kSharedVariable).diagonal().array() += sign;
    const Eigen::Matrix3d lever =
        cross_matrix(dynamics.links[kLeftFootLink + side].position_in_world - pelvis);
    moment_left.matrix.bottomRows<3>() -= lever.lazyProduct(foot.matrix.topRows<3>());
    moment_left.offset.tail<3>() -= lever * foot.offset.head<3>();
  }
  for (int side : {kLeft, kRight}) {
    if (!contact_[side]) continue;
    AffineMap<6>& foot = feet_[side];
    foot.matrix.bottomRows<3>() = share * moment_left.matrix.bottomRows<3>();
    foot.offset.tail<3>() = share * moment_left.offset.tail<3>();
    const double sign = side == kLeft ? 1.0 : -1.0;
    if (both) foot.matrix.block<3, 3>(3, kSharedVariable + 3).diagonal().array() += sign;
  }
}

void ReducedDynamics::move_to_sole(const LinkMotion& foot, int side) {
  const Eigen::Matrix3d R = foot.R_world_link.transpose();
  const Eigen::Matrix3d lever = -R * cross_matrix(foot.R_world_link * kSoleCentreInFoot);
  const AffineMap<6>& ankle = feet_[side];
  AffineMap<6>& sole = soles_[side];
  sole.matrix.topRows<3>() = R.lazyProduct(ankle.matrix.topRows<3>());
  sole.matrix.bottomRows<3>() =
      R.lazyProduct(ankle.matrix.bottomRows<3>()) + lever.lazyProduct(ankle.matrix.topRows<3>());
  sole.offset.head<3>() = R * ankle.offset.head<3>();
  sole.offset.tail<3>() = R * ankle.offset.tail<3>() + lever * ankle.offset.head<3>();
}

void ReducedDynamics::write_torque(const DynamicsData& dynamics) {
  const MassMatrix& M = dynamics.mass_matrix;
  torque_.offset = dynamics.bias_force.tail<kNumJoints>();
  torque_.matrix.leftCols<6>() = M.bottomLeftCorner<kNumJoints, 6>();
  torque_.matrix.bottomRightCorner<kUpperJoints, kUpperJoints>() =
      M.bottomRightCorner<kUpperJoints, kUpperJoints>();
  for (int side : {kLeft, kRight}) {
    const int row = kLegJoints * side;
    const Matrix6 inertia = M.block<kLegJoints, kLegJoints>(6 + row, 6 + row);
    auto rows = torque_.matrix.middleRows<kLegJoints>(row);
    rows.rightCols<kReducedVariables - kSharedVariable>().setZero();
    if (!contact_[side]) {
      rows.middleCols<kLegJoints>(kSharedVariable) = inertia;
      continue;
    }
    rows.leftCols<6>() += inertia * legs_[side].map;
    torque_.offset.segment<kLegJoints>(row) += inertia * legs_[side].offset;
    const Matrix6 lever =
        dynamics.links[kLeftFootLink + side].jacobian.middleCols<kLegJoints>(6 + row).transpose();
    rows.noalias() -= lever * feet_[side].matrix;
    torque_.offset.segment<kLegJoints>(row).noalias() -= lever * feet_[side].offset;
  }
}

VelocityVector ReducedDynamics::acceleration(const ReducedVector& x) const {
  VelocityVector out;
  out.head<6>() = x.head<6>();
  out.tail<kUpperJoints>() = x.tail<kUpperJoints>();
  for (int side : {kLeft, kRight}) {
    auto joints = out.segment<kLegJoints>(6 + kLegJoints * side);
    if (contact_[side]) {
      joints = legs_[side].map * x.head<6>() + legs_[side].offset;
    } else {
      joints = x.segment<kLegJoints>(kSharedVariable);
    }
  }
  return out;
}

}  // namespace exoactor
