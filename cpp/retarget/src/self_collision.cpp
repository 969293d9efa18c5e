#include <Eigen/Geometry>
#include <algorithm>
#include <exoactor/retarget/self_collision.hpp>
#include <limits>
#include <stdexcept>

namespace exoactor {
namespace {

constexpr int kFirstArmBody = 16;  // left_shoulder_pitch_link; legs and torso come before

}  // namespace

SelfCollision::SelfCollision(std::vector<Capsule> capsules, std::vector<std::pair<int, int>> pairs)
    : capsules_(std::move(capsules)), pairs_(std::move(pairs)) {
  const int count = static_cast<int>(capsules_.size());
  if (count > kMaxCapsules)
    throw std::invalid_argument("self collision: " + std::to_string(count) + " capsules, at most " +
                                std::to_string(kMaxCapsules));
  for (const auto& [first, second] : pairs_)
    if (std::min(first, second) < 0 || std::max(first, second) >= count)
      throw std::invalid_argument("self collision: a pair names capsule " +
                                  std::to_string(std::max(first, second)) + " of " +
                                  std::to_string(count));
}

void SelfCollision::place(const BodyPoses& bodies, std::array<Placed, kMaxCapsules>& placed) const {
  for (size_t i = 0; i < capsules_.size(); ++i) {
    const Capsule& capsule = capsules_[i];
    const Eigen::Matrix3d& R = bodies.R_world_body[capsule.body];
    const Eigen::Vector3d& p = bodies.position_in_world[capsule.body];
    placed[i].start = p + R * capsule.start_in_body;
    placed[i].end = p + R * capsule.end_in_body;
  }
}

namespace {

// d(point_a - point_b): columns shared by both chains are merged. Root motion cancels.
void difference_jacobian(const KinematicTree& tree, const BodyPoses& bodies, int body_a,
                         const Eigen::Vector3d& point_a, int body_b, const Eigen::Vector3d& point_b,
                         SparseJacobian& jacobian) {
  jacobian.size = 0;
  for (int i = 0; i < tree.chain_length(body_a); ++i) {
    const int joint = tree.chain(body_a, i);
    const bool shared = i < tree.chain_length(body_b) && tree.chain(body_b, i) == joint;
    const Eigen::Vector3d lever = point_a - (shared ? point_b : bodies.position_in_world[joint]);
    jacobian.push(5 + joint, bodies.joint_axis_in_world[joint].cross(lever));
  }
  for (int i = 0; i < tree.chain_length(body_b); ++i) {
    const int joint = tree.chain(body_b, i);
    if (i < tree.chain_length(body_a) && tree.chain(body_a, i) == joint) continue;
    jacobian.push(5 + joint, bodies.joint_axis_in_world[joint].cross(
                                 bodies.position_in_world[joint] - point_b));
  }
}

}  // namespace

int SelfCollision::add_tasks(const KinematicTree& tree, const BodyPoses& bodies,
                             const PairMargins& margins, double weight,
                             NormalEquations& equations) const {
  std::array<Placed, kMaxCapsules> placed;
  place(bodies, placed);
  SparseJacobian jacobian;
  int close_pairs = 0;
  for (const auto& [first, second] : pairs_) {
    const Capsule &a = capsules_[first], &b = capsules_[second];
    const bool arm = std::max(a.body, b.body) >= kFirstArmBody;
    const double asked = arm ? margins.arms_m : margins.others_m;
    const double wanted = a.radius_m + b.radius_m + std::min({asked, a.margin_m, b.margin_m});
    const SegmentPair closest = closest_points(placed[first].start, placed[first].end,
                                               placed[second].start, placed[second].end);
    const Eigen::Vector3d apart = closest.on_first - closest.on_second;
    const double distance = apart.norm();
    if (distance > wanted || distance < 1e-6) continue;
    ++close_pairs;
    difference_jacobian(tree, bodies, a.body, closest.on_first, b.body, closest.on_second,
                        jacobian);
    equations.add_along(jacobian, apart / distance, wanted - distance, weight);
  }
  return close_pairs;
}

double SelfCollision::smallest_gap_m(const BodyPoses& bodies) const {
  std::array<Placed, kMaxCapsules> placed;
  place(bodies, placed);
  double smallest = std::numeric_limits<double>::infinity();
  for (const auto& [first, second] : pairs_) {
    const SegmentPair closest = closest_points(placed[first].start, placed[first].end,
                                               placed[second].start, placed[second].end);
    const double gap = (closest.on_first - closest.on_second).norm() - capsules_[first].radius_m -
                       capsules_[second].radius_m;
    smallest = std::min(smallest, gap);
  }
  return smallest;
}

}  // namespace exoactor
