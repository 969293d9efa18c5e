#pragma once

#include <Eigen/Core>
#include <array>

namespace exoactor {

inline constexpr double kGravity = 9.81;
/// CoM height that the walking pattern assumes, m above the soles.
inline constexpr double kWalkingComHeight = 0.65;
/// Natural frequency of the linear inverted pendulum at that height, 1/s.
inline constexpr double kPendulumFrequency = 3.8848819405881168;
/// Feedback gain on the divergent component of motion, 1/s.
inline constexpr double kDcmGain = 4.0;
inline constexpr double kComHeightStiffness = 100.0;  ///< 1/s^2
inline constexpr double kComHeightDamping = 20.0;     ///< 1/s

/// Divergent component of motion of the CoM, horizontal, m.
Eigen::Vector2d divergent_component(const Eigen::Vector3d& com_in_world,
                                    const Eigen::Vector3d& com_velocity_in_world);

/// ZMP that drives the DCM's error to zero: zmp + (1 + k / omega) (dcm - dcm_ref).
Eigen::Vector2d feedback_zmp(const Eigen::Vector2d& planned_zmp, const Eigen::Vector2d& dcm_error);

/// CoM acceleration that puts the ZMP there, horizontal.
Eigen::Vector2d acceleration_from_zmp(const Eigen::Vector3d& com_in_world,
                                      const Eigen::Vector2d& zmp_in_world);

/// A piecewise-linear ZMP from now on, and the bounded DCM that belongs to it in closed form
/// (Englsberger, Ott, Albu-Schaeffer, "Three-dimensional bipedal walking control based on divergent
/// component of motion", 2015).
class ZmpPath {
 public:
  void clear() { count_ = 0; }

  /// Appends a stretch of `duration_s` from `start` to `end`; ignored when it has no duration.
  void append(double duration_s, const Eigen::Vector2d& start, const Eigen::Vector2d& end);

  /// ZMP now; the rest point where nothing is left.
  Eigen::Vector2d zmp() const { return count_ > 0 ? pieces_[0].start : rest_; }

  /// DCM now, such that it comes to rest at the end of the path.
  Eigen::Vector2d dcm() const;

 private:
  struct Piece {
    double duration_s;
    Eigen::Vector2d start;
    Eigen::Vector2d end;
  };
  static constexpr int kMaxPieces = 12;
  std::array<Piece, kMaxPieces> pieces_;
  int count_ = 0;
  Eigen::Vector2d rest_ = Eigen::Vector2d::Zero();
};

}  // namespace exoactor
