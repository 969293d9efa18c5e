#pragma once

#include <Eigen/Geometry>
#include <cmath>

namespace exoactor {

/// Rotation matrix of a rotation vector (rad). RT-safe.
inline Eigen::Matrix3d rotation_from_vector(const Eigen::Vector3d& rotation_vector) {
  const double angle = rotation_vector.norm();
  if (angle < 1e-12) return Eigen::Matrix3d::Identity();
  return Eigen::AngleAxisd(angle, rotation_vector / angle).toRotationMatrix();
}

/// Rotation vector (rad, angle 0..pi) of a rotation matrix. RT-safe.
inline Eigen::Vector3d vector_from_rotation(const Eigen::Matrix3d& rotation) {
  Eigen::Quaterniond q(rotation);
  if (q.w() < 0) q.coeffs() = -q.coeffs();
  const double sine = q.vec().norm();
  if (sine < 1e-12) return 2.0 * q.vec();
  return (2.0 * std::atan2(sine, q.w()) / sine) * q.vec();
}

/// Smooth step from 0 to 1 with zero slope at both ends; clamped outside. RT-safe.
inline double smoothstep(double phase) {
  const double p = phase < 0 ? 0 : (phase > 1 ? 1 : phase);
  return p * p * (3 - 2 * p);
}

}  // namespace exoactor
