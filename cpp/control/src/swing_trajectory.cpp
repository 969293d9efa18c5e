#include <Eigen/Geometry>
#include <algorithm>
#include <exoactor/control/swing_trajectory.hpp>

namespace exoactor {
namespace {

constexpr double kHorizontalShare = 0.92;  ///< of the swing
constexpr double kApexShare = 0.45;        ///< of the swing
constexpr double kPressSpeed = 0.15;       ///< m/s

/// 0 to 1 with rest at both ends, and its derivatives by the argument.
struct Quintic {
  double value = 1.0;
  double slope = 0.0;
  double curvature = 0.0;

  explicit Quintic(double u) {
    if (u >= 1.0) return;
    value = u * u * u * (10.0 + u * (-15.0 + 6.0 * u));
    slope = u * u * (30.0 + u * (-60.0 + 30.0 * u));
    curvature = u * (60.0 + u * (-180.0 + 120.0 * u));
  }
};

double progress(const Swing& swing) { return std::min(swing.elapsed_s / swing.duration_s, 1.0); }

}  // namespace

double swing_yaw(const Swing& swing) {
  const Quintic along(progress(swing) / kHorizontalShare);
  return swing.start_yaw_rad + along.value * (swing.target_yaw_rad - swing.start_yaw_rad);
}

FootReference swing_reference(const Swing& swing) {
  FootReference foot;
  const double u = progress(swing);
  const double along_s = kHorizontalShare * swing.duration_s;
  const Quintic along(u / kHorizontalShare);
  const Eigen::Vector2d way = swing.target_in_world - swing.start_in_world.head<2>();
  const double turn = swing.target_yaw_rad - swing.start_yaw_rad;
  foot.position_in_world.head<2>() = swing.start_in_world.head<2>() + along.value * way;
  foot.velocity.head<2>() = along.slope / along_s * way;
  foot.acceleration.head<2>() = along.curvature / (along_s * along_s) * way;
  foot.velocity[5] = along.slope / along_s * turn;
  foot.acceleration[5] = along.curvature / (along_s * along_s) * turn;

  const double apex = std::max(swing.start_in_world.z(), swing.ground_z) + swing.lift_m;
  const bool rising = u < kApexShare;
  const double part = rising ? kApexShare : 1.0 - kApexShare;
  const double part_s = part * swing.duration_s;
  const Quintic up(rising ? u / part : (u - kApexShare) / part);
  const double from = rising ? swing.start_in_world.z() : apex;
  const double height = (rising ? apex : swing.ground_z) - from;
  foot.position_in_world.z() = from + up.value * height;
  foot.velocity[2] = up.slope / part_s * height;
  foot.acceleration[2] = up.curvature / (part_s * part_s) * height;
  if (swing.late_s > 0.0) {
    foot.position_in_world.z() = swing.ground_z - kPressSpeed * swing.late_s;
    foot.velocity[2] = -kPressSpeed;
    foot.acceleration[2] = 0.0;
  }
  foot.velocity *= swing.rate;
  foot.acceleration *= swing.rate * swing.rate;
  foot.R_world_foot =
      Eigen::AngleAxisd(swing_yaw(swing), Eigen::Vector3d::UnitZ()).toRotationMatrix();
  return foot;
}

}  // namespace exoactor
