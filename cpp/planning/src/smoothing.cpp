#include <algorithm>
#include <cmath>
#include <exoactor/planning/smoothing.hpp>

namespace exoactor {

Eigen::MatrixXd smooth_rows(const Eigen::MatrixXd& values, double sigma) {
  const int radius = static_cast<int>(std::ceil(4.0 * sigma));
  const int rows = static_cast<int>(values.rows());
  if (radius < 1 || rows < 2) return values;
  Eigen::VectorXd kernel(2 * radius + 1);
  for (int k = -radius; k <= radius; ++k)
    kernel[k + radius] = std::exp(-0.5 * k * k / sigma / sigma);
  kernel /= kernel.sum();
  Eigen::MatrixXd smooth = Eigen::MatrixXd::Zero(rows, values.cols());
  for (int t = 0; t < rows; ++t) {
    for (int k = -radius; k <= radius; ++k) {
      smooth.row(t) += kernel[k + radius] * values.row(std::clamp(t + k, 0, rows - 1));
    }
  }
  return smooth;
}

Eigen::MatrixXd resample_rows(const Eigen::MatrixXd& values, double from_hz, double to_hz) {
  const int last = static_cast<int>(values.rows()) - 1;
  const int rows = static_cast<int>(std::ceil(last / from_hz * to_hz - 1e-6)) + 1;
  Eigen::MatrixXd out(rows, values.cols());
  for (int k = 0; k < rows; ++k) {
    const double position = std::min(k / to_hz * from_hz, static_cast<double>(last));
    const int i = std::min(static_cast<int>(position), std::max(last - 1, 0));
    const double a = position - i;
    out.row(k) = (1.0 - a) * values.row(i) + a * values.row(std::min(i + 1, last));
  }
  return out;
}

double wrap_angle(double angle) { return std::remainder(angle, 2.0 * M_PI); }

double quantile_of(Eigen::VectorXd values, double fraction) {
  std::sort(values.data(), values.data() + values.size());
  const double position = fraction * static_cast<double>(values.size() - 1);
  const auto i = static_cast<Eigen::Index>(position);
  const Eigen::Index j = std::min(i + 1, values.size() - 1);
  return values[i] + (position - static_cast<double>(i)) * (values[j] - values[i]);
}

double median_of(Eigen::VectorXd values) { return quantile_of(std::move(values), 0.5); }

}  // namespace exoactor
