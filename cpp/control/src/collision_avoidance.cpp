#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>
#include <exoactor/control/collision_avoidance.hpp>
#include <exoactor/model/segments.hpp>

namespace exoactor {
namespace {

/// Capsules whose axes are nearer than this have no direction apart, m.
constexpr double kTouchingAxes = 1e-4;
/// A pair that no joint can move apart, such as two standing feet, has no row.
constexpr double kSmallestLever = 1e-3;

Eigen::Vector3d point(const std::array<double, 3>& values) {
  return {values[0], values[1], values[2]};
}

Eigen::Vector3d velocity_at(const BodyMotion& body, const Eigen::Vector3d& at) {
  return body.velocity.head<3>() + body.velocity.tail<3>().cross(at - body.position_in_world);
}

Eigen::Vector3d bias_at(const BodyMotion& body, const Eigen::Vector3d& at) {
  const Eigen::Vector3d lever = at - body.position_in_world;
  const Eigen::Vector3d angular = body.velocity.tail<3>();
  return body.bias_acceleration.head<3>() + body.bias_acceleration.tail<3>().cross(lever) +
         angular.cross(angular.cross(lever));
}

}  // namespace

CollisionAvoidance::CollisionAvoidance(const RobotModel& model) : chains_(model.chains()) {
  for (std::size_t i = 0; i < kCapsuleTable.size(); ++i) {
    const CapsuleSpec& spec = kCapsuleTable[i];
    const Eigen::Vector3d start = point(spec.start_in_link_m);
    const Eigen::Vector3d end = point(spec.end_in_link_m);
    capsules_[i] = {model.body(spec.link), start, end, 0.5 * (end - start).norm() + spec.radius_m};
  }
}

void CollisionAvoidance::find_near_pairs(const DynamicsData& dynamics, const WbcGains& gains) {
  for (std::size_t i = 0; i < capsules_.size(); ++i) {
    const Capsule& capsule = capsules_[i];
    const BodyMotion& body = dynamics.bodies[capsule.body];
    Placed& placed = placed_[i];
    placed.start = body.position_in_world + body.R_world_link * capsule.start_in_body;
    placed.end = body.position_in_world + body.R_world_link * capsule.end_in_body;
    placed.middle = 0.5 * (placed.start + placed.end);
  }
  near_count_ = 0;
  smallest_gap_m_ = gains.collision_horizon_m;
  for (const auto& [first, second] : kCapsulePairs) {
    const double far = capsules_[first].reach_m + capsules_[second].reach_m;
    const double horizon = far + gains.collision_horizon_m;
    const Placed& a = placed_[first];
    const Placed& b = placed_[second];
    if ((a.middle - b.middle).squaredNorm() > horizon * horizon) continue;
    const CapsuleSpec& one = kCapsuleTable[first];
    const CapsuleSpec& other = kCapsuleTable[second];
    const SegmentPair closest = closest_points(a.start, a.end, b.start, b.end);
    const double axes = (closest.on_first - closest.on_second).norm();
    const double gap = axes - one.radius_m - other.radius_m;
    if (gap > gains.collision_horizon_m || axes < kTouchingAxes) continue;
    smallest_gap_m_ = std::min(smallest_gap_m_, gap);
    const double safe = std::min({gains.collision_gap_m, one.margin_m, other.margin_m});
    NearPair pair{0.0,
                  capsules_[first].body,
                  capsules_[second].body,
                  closest.on_first,
                  closest.on_second,
                  (closest.on_first - closest.on_second) / axes};
    const double speed = pair.apart.dot(velocity_at(dynamics.bodies[pair.first], pair.on_first) -
                                        velocity_at(dynamics.bodies[pair.second], pair.on_second));
    const double rate = gains.collision_rate;
    pair.room = 2.0 * rate * speed + rate * rate * (gap - safe);
    insert(pair);
  }
}

void CollisionAvoidance::insert(const NearPair& pair) {
  int place = near_count_;
  while (place > 0 && near_[place - 1].room > pair.room) --place;
  if (place == kRows) return;
  near_count_ = std::min(near_count_ + 1, kRows);
  for (int i = near_count_ - 1; i > place; --i) near_[i] = near_[i - 1];
  near_[place] = pair;
}

void CollisionAvoidance::fill(const DynamicsData& dynamics, const ReducedDynamics& reduced,
                              const WbcGains& gains, int first_row, Eigen::MatrixXd& CI,
                              Eigen::VectorXd& ci0) {
  find_near_pairs(dynamics, gains);
  RowMatrix levers = RowMatrix::Zero();
  RowVector drift = RowVector::Ones();
  for (int row = 0; row < near_count_; ++row) {
    drift[row] = write_row(dynamics, near_[row], gains, row, levers);
  }
  const AffineMap<kRows> rows = reduced.reduce(levers);
  CI.middleRows<kRows>(first_row) = rows.matrix;
  ci0.segment<kRows>(first_row) = rows.offset + drift;
  for (int row = 0; row < near_count_; ++row) {
    if (rows.matrix.row(row).norm() > kSmallestLever) continue;
    CI.row(first_row + row).setZero();
    ci0[first_row + row] = 1.0;
  }
}

double CollisionAvoidance::write_row(const DynamicsData& dynamics, const NearPair& pair,
                                     const WbcGains& gains, int row, RowMatrix& levers) const {
  const BodyMotion& a = dynamics.bodies[pair.first];
  const BodyMotion& b = dynamics.bodies[pair.second];
  const Eigen::Vector3d moment_first = pair.on_first.cross(pair.apart);
  const Eigen::Vector3d moment_second = pair.on_second.cross(pair.apart);
  // Joints that move both bodies turn the gap without changing it.
  const std::uint32_t first_only = chains_[pair.first] & ~chains_[pair.second];
  const std::uint32_t second_only = chains_[pair.second] & ~chains_[pair.first];
  for (int joint = 0; joint < kNumJoints; ++joint) {
    const bool first = ((first_only >> joint) & 1U) != 0;
    if (!first && ((second_only >> joint) & 1U) == 0) continue;
    const auto column = dynamics.world_jacobian.col(6 + joint);
    const double along = pair.apart.dot(column.head<3>()) +
                         (first ? moment_first : moment_second).dot(column.tail<3>());
    levers(row, 6 + joint) = first ? along : -along;
  }
  return pair.apart.dot(bias_at(a, pair.on_first) - bias_at(b, pair.on_second)) +
         std::max(pair.room, -gains.max_collision_acceleration);
}

}  // namespace exoactor
