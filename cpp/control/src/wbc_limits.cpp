#include <algorithm>
#include <exoactor/control/wbc_limits.hpp>

namespace exoactor {
namespace {

constexpr double kAccelerationBound = 1e4;  // rad/s^2
/// A joint beyond its limit is brought back no harder than this, rad/s^2.
constexpr double kRecoveryAcceleration = 5e2;
constexpr int kKneeOfLeg = 3;

constexpr int kLowerTorque = WbcLimits::kCollisionRow + CollisionAvoidance::kRows;
constexpr int kUpperTorque = kLowerTorque + kNumJoints;
constexpr int kLowerMotion = kUpperTorque + kNumJoints;
constexpr int kUpperMotion = kLowerMotion + kNumJoints;

struct Bounds {
  double low;
  double high;
};

/// Accelerations that keep a joint within its position and speed for the next `horizon`.
Bounds acceleration_bounds(int joint, double q, double v, const WbcGains& gains) {
  const JointSpec& spec = kJointTable[joint];
  const double dt = gains.limit_horizon_s;
  const double max_speed = std::min(gains.max_joint_speed, spec.velocity_rad_s);
  const bool knee = joint % kLegJoints == kKneeOfLeg && joint < 2 * kLegJoints;
  const double min_q = knee ? std::max(spec.lower_rad, gains.min_knee_position) : spec.lower_rad;
  double low = std::max((-max_speed - v) / dt, 2 * (min_q - q - v * dt) / (dt * dt));
  double high = std::min((max_speed - v) / dt, 2 * (spec.upper_rad - q - v * dt) / (dt * dt));
  low = std::clamp(low, -kAccelerationBound, kRecoveryAcceleration);
  high = std::clamp(high, -kRecoveryAcceleration, kAccelerationBound);
  if (low > high) {
    const double middle = 0.5 * (low + high);
    return {middle - 1.0, middle + 1.0};
  }
  return {low, high};
}

void fill_sole(const ReducedDynamics& reduced, int side, double max_normal_force_n,
               const WrenchCone& cone, Eigen::MatrixXd& CI, Eigen::VectorXd& ci0) {
  constexpr int kCone = WrenchCone::kRows;
  const int row = WbcLimits::kSoleRows * side;
  auto rows = CI.middleRows<WbcLimits::kSoleRows>(row);
  auto bounds = ci0.segment<WbcLimits::kSoleRows>(row);
  if (!reduced.contact(side)) {
    rows.setZero();
    bounds.setOnes();
    return;
  }
  const AffineMap<6>& sole = reduced.sole_wrench(side);
  rows.topRows<kCone>().noalias() = cone.rows * sole.matrix;
  bounds.head<kCone>().noalias() = cone.rows * sole.offset;
  rows.row(kCone) = -sole.matrix.row(2);
  bounds[kCone] = max_normal_force_n - sole.offset[2];
}

}  // namespace

void WbcLimits::fill_fixed(Eigen::MatrixXd& CI) {
  CI.block<kUpperJoints, kUpperJoints>(kLowerMotion + 2 * kLegJoints, kUpperVariable).setIdentity();
  CI.block<kUpperJoints, kUpperJoints>(kUpperMotion + 2 * kLegJoints, kUpperVariable) =
      -Eigen::Matrix<double, kUpperJoints, kUpperJoints>::Identity();
}

void WbcLimits::fill(const ReducedDynamics& reduced, const RobotState& state,
                     const WholeBodyReference& reference, const WbcGains& gains,
                     const WrenchCone& cone, Eigen::MatrixXd& CI, Eigen::VectorXd& ci0) {
  for (int side : {kLeft, kRight}) {
    fill_sole(reduced, side, reference.feet[side].max_normal_force_n, cone, CI, ci0);
    auto lower = CI.middleRows<kLegJoints>(kLowerMotion + kLegJoints * side);
    lower.setZero();
    if (reduced.contact(side)) {
      lower.leftCols<6>() = reduced.leg(side).map;
    } else {
      lower.middleCols<kLegJoints>(kSharedVariable).setIdentity();
    }
    CI.middleRows<kLegJoints>(kUpperMotion + kLegJoints * side) = -lower;
  }
  CI.middleRows<kNumJoints>(kLowerTorque) = reduced.torque().matrix;
  CI.middleRows<kNumJoints>(kUpperTorque) = -reduced.torque().matrix;
  for (int joint = 0; joint < kNumJoints; ++joint) {
    const double torque = gains.torque_share * kJointTable[joint].effort_nm;
    ci0[kLowerTorque + joint] = torque + reduced.torque().offset[joint];
    ci0[kUpperTorque + joint] = torque - reduced.torque().offset[joint];
    const int side = joint / kLegJoints;
    const double offset = side < 2 && reduced.contact(side)
                              ? reduced.leg(side).offset[joint - kLegJoints * side]
                              : 0.0;
    const Bounds bounds =
        acceleration_bounds(joint, state.joint_position[joint], state.joint_velocity[joint], gains);
    ci0[kLowerMotion + joint] = offset - bounds.low;
    ci0[kUpperMotion + joint] = bounds.high - offset;
  }
}

}  // namespace exoactor
