#pragma once

#include <Eigen/Core>

namespace exoactor {

/// Gaussian smoothing along the rows, ends held; `sigma` in samples.
Eigen::MatrixXd smooth_rows(const Eigen::MatrixXd& values, double sigma);

/// Rows at times k / `to_hz`, linear between rows at k / `from_hz`, up to the last row or just past
/// it.
Eigen::MatrixXd resample_rows(const Eigen::MatrixXd& values, double from_hz, double to_hz);

/// `angle` moved by whole turns into (-pi, pi].
double wrap_angle(double angle);

/// Median of a copy.
double median_of(Eigen::VectorXd values);

/// The given fraction of sorted values, 0..1, linear between them.
double quantile_of(Eigen::VectorXd values, double fraction);

}  // namespace exoactor
