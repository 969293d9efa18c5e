#pragma once

#include <Eigen/Core>
#include <exoactor/model/robot_model.hpp>

namespace exoactor {

/// Middle of the sole in the ankle-roll frame, m; the sole frame has the same axes.
inline const Eigen::Vector3d kSoleCentreInFoot{0.035, 0.0, -0.035};

/// Which wrenches a sole can pass to flat ground with dry friction: force and moment about the
/// sole's centre, in the sole frame, with `rows * wrench >= 0`.
///
/// Caron et al., "Stability of surface contacts for humanoid robots: closed-form formulae of the
/// contact wrench cone for rectangular support areas", ICRA 2015. The centre of pressure stays on
/// the trapezoid of the sole; the moment about the normal is that of the inscribed rectangle.
struct WrenchCone {
  static constexpr int kRows = 16;
  using Matrix6 = Eigen::Matrix<double, 6, 6>;

  /// `friction`: tangential over normal force, along each axis. The effort of a wrench is the least
  /// of w_n f_n^2 + w_t |f_t|^2 over forces at the four corners of the sole that sum up to it.
  WrenchCone(double friction, double normal_weight, double tangential_weight);

  Eigen::Matrix<double, kRows, 6> rows;
  Matrix6 effort_root;  ///< its square norm times the wrench is the effort
};

}  // namespace exoactor
