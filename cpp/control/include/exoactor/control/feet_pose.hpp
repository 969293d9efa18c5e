#pragma once

#include <Eigen/Core>
#include <array>
#include <cmath>
#include <exoactor/model/robot_model.hpp>
#include <exoactor/types/state.hpp>

namespace exoactor {

inline constexpr double kSoleBelowAnkle = 0.035;  ///< m
/// Where the ZMP rests under a foot, in its yaw frame: ahead of the ankle, a little inward.
inline constexpr double kZmpForward = 0.03;  ///< m
inline constexpr double kZmpInward = 0.01;   ///< m

/// +1 for the left foot, -1 for the right: the sign of outward along y.
inline double outward(int side) { return side == kLeft ? 1.0 : -1.0; }

inline Eigen::Matrix2d planar_rotation(double yaw_rad) {
  Eigen::Matrix2d R;
  R << std::cos(yaw_rad), -std::sin(yaw_rad), std::sin(yaw_rad), std::cos(yaw_rad);
  return R;
}

/// Where the feet stand: ankle positions and yaws that accumulate over turns.
struct FeetPose {
  std::array<Eigen::Vector3d, 2> ankle_in_world{Eigen::Vector3d::Zero(), Eigen::Vector3d::Zero()};
  std::array<double, 2> yaw_rad{0.0, 0.0};

  double heading_rad() const { return 0.5 * (yaw_rad[kLeft] + yaw_rad[kRight]); }
  double ground_z() const {
    return 0.5 * (ankle_in_world[kLeft].z() + ankle_in_world[kRight].z()) - kSoleBelowAnkle;
  }
};

/// Where the ZMP shall be over a foot of `side` with its ankle at `ankle_in_world`.
inline Eigen::Vector2d foot_centre(int side, const Eigen::Vector2d& ankle_in_world,
                                   double yaw_rad) {
  return ankle_in_world +
         planar_rotation(yaw_rad) * Eigen::Vector2d(kZmpForward, -outward(side) * kZmpInward);
}

/// The feet's poses as kinematics give them; yaws are kept within half a turn of `previous`.
inline FeetPose measured_feet(const DynamicsData& dynamics, const FeetPose& previous) {
  FeetPose feet;
  for (int side : {kLeft, kRight}) {
    const LinkMotion& link = dynamics.links[kLeftFootLink + side];
    feet.ankle_in_world[side] = link.position_in_world;
    const double yaw = std::atan2(link.R_world_link(1, 0), link.R_world_link(0, 0));
    feet.yaw_rad[side] =
        previous.yaw_rad[side] + std::remainder(yaw - previous.yaw_rad[side], 2.0 * M_PI);
  }
  return feet;
}

}  // namespace exoactor
