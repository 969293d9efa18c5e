#pragma once

#include <Eigen/Core>

namespace exoactor {

/// Bounds of one channel. N samples, N-1 intervals.
struct RateLimits {
  Eigen::VectorXd lower;      ///< [N]
  Eigen::VectorXd upper;      ///< [N]
  Eigen::VectorXd speed;      ///< [N-1] per second
  double acceleration = 1.0;  ///< per second squared
};

/// Finds the curve nearest to a wanted one, in the least-squares sense, within bounds on value,
/// speed and acceleration; it neither leads nor lags. Solved by ADMM over a banded matrix that
/// depends on the intervals only (Boyd et al. 2011, section 5), then drawn towards a constant
/// until every bound holds exactly.
class RateLimiter {
 public:
  /// `duration_s` [N-1] are the intervals between samples, all positive.
  explicit RateLimiter(const Eigen::VectorXd& duration_s);

  /// The limited curve. `lower` and `upper` must leave a constant between them.
  Eigen::VectorXd limit(const Eigen::VectorXd& wanted, const RateLimits& limits) const;

  /// Largest ratio of `curve` to its speed and acceleration bounds; at most 1 if feasible.
  double excess(const Eigen::VectorXd& curve, const RateLimits& limits) const;

 private:
  Eigen::VectorXd solve(const Eigen::VectorXd& right) const;

  Eigen::VectorXd duration_s_;
  Eigen::MatrixX3d curvature_;  ///< [N-2] rows of the second difference, scaled to about 1 -2 1
  Eigen::VectorXd curvature_bound_s2_;  ///< acceleration times this bounds a row
  Eigen::MatrixX3d factor_;             ///< [N] banded Cholesky factor
};

}  // namespace exoactor
