#include <algorithm>
#include <exoactor/control/support_area.hpp>

namespace exoactor {
namespace {

/// Where a sole bears, from the ankle, m: forward, left.
const Eigen::Vector2d kSoleLower{-0.045, -0.025};
const Eigen::Vector2d kSoleUpper{0.115, 0.025};
constexpr double kRounding = 1e-9;  // m

Eigen::Vector2d nearest_in_sole(const Eigen::Vector2d& ankle, double yaw_rad,
                                const Eigen::Vector2d& point, double margin_m) {
  const Eigen::Matrix2d R = planar_rotation(yaw_rad);
  const Eigen::Vector2d margin(margin_m, margin_m);
  const Eigen::Vector2d in_foot = R.transpose() * (point - ankle);
  return ankle + R * in_foot.cwiseMax(kSoleLower + margin).cwiseMin(kSoleUpper - margin);
}

}  // namespace

Eigen::Vector2d nearest_in_foot(const FeetPose& feet, int side, const Eigen::Vector2d& point,
                                double margin_m) {
  return nearest_in_sole(feet.ankle_in_world[side].head<2>(), feet.yaw_rad[side], point, margin_m);
}

Eigen::Vector2d nearest_in_feet(const FeetPose& feet, const Eigen::Vector2d& point,
                                double margin_m) {
  const Eigen::Vector2d right = feet.ankle_in_world[kRight].head<2>();
  const Eigen::Vector2d across = feet.ankle_in_world[kLeft].head<2>() - right;
  const double share =
      std::clamp((point - right).dot(across) / std::max(across.squaredNorm(), 1e-6), 0.0, 1.0);
  return nearest_in_sole(right + share * across, feet.heading_rad(), point, margin_m);
}

bool is_in_foot(const FeetPose& feet, int side, const Eigen::Vector2d& point, double margin_m) {
  return (nearest_in_foot(feet, side, point, margin_m) - point).norm() < kRounding;
}

bool is_in_feet(const FeetPose& feet, const Eigen::Vector2d& point, double margin_m) {
  return (nearest_in_feet(feet, point, margin_m) - point).norm() < kRounding;
}

}  // namespace exoactor
