#include <algorithm>
#include <cmath>
#include <exoactor/planning/rate_limiter.hpp>

namespace exoactor {
namespace {

constexpr double kPenalty = 8.0;
constexpr double kRelaxation = 1.6;
constexpr double kTightening = 0.97;
constexpr int kIterationsMax = 3000;
constexpr int kIterationsPerCheck = 25;

}  // namespace

RateLimiter::RateLimiter(const Eigen::VectorXd& duration_s) : duration_s_(duration_s) {
  const Eigen::Index n = duration_s.size() + 1;
  curvature_.resize(std::max<Eigen::Index>(n - 2, 0), 3);
  curvature_bound_s2_.resize(curvature_.rows());
  for (Eigen::Index k = 0; k + 2 < n; ++k) {
    const double a = duration_s[k];
    const double b = duration_s[k + 1];
    const double scale = 2.0 * a * b / (a + b);
    curvature_.row(k) << scale / a, -scale / a - scale / b, scale / b;
    curvature_bound_s2_[k] = scale * 0.5 * (a + b);
  }
  // Lower band of I + penalty (I + D1'D1 + D2'D2): columns hold the diagonal and two below.
  Eigen::MatrixX3d band = Eigen::MatrixX3d::Zero(n, 3);
  band.col(0).setConstant(1.0 + kPenalty);
  for (Eigen::Index k = 0; k + 1 < n; ++k) {
    band(k, 0) += kPenalty;
    band(k + 1, 0) += kPenalty;
    band(k, 1) -= kPenalty;
  }
  for (Eigen::Index k = 0; k + 2 < n; ++k) {
    for (int i = 0; i < 3; ++i) {
      for (int j = i; j < 3; ++j) {
        band(k + i, j - i) += kPenalty * curvature_(k, i) * curvature_(k, j);
      }
    }
  }
  factor_ = band;
  for (Eigen::Index k = 0; k < n; ++k) {
    factor_(k, 0) = std::sqrt(factor_(k, 0));
    for (int i = 1; i < 3 && k + i < n; ++i) factor_(k, i) /= factor_(k, 0);
    for (int i = 1; i < 3 && k + i < n; ++i) {
      for (int j = i; j < 3 && k + j < n; ++j) {
        factor_(k + i, j - i) -= factor_(k, i) * factor_(k, j);
      }
    }
  }
}

Eigen::VectorXd RateLimiter::solve(const Eigen::VectorXd& right) const {
  Eigen::VectorXd x = right;
  const Eigen::Index n = x.size();
  for (Eigen::Index k = 0; k < n; ++k) {
    x[k] /= factor_(k, 0);
    for (int i = 1; i < 3 && k + i < n; ++i) x[k + i] -= factor_(k, i) * x[k];
  }
  for (Eigen::Index k = n - 1; k >= 0; --k) {
    for (int i = 1; i < 3 && k + i < n; ++i) x[k] -= factor_(k, i) * x[k + i];
    x[k] /= factor_(k, 0);
  }
  return x;
}

double RateLimiter::excess(const Eigen::VectorXd& curve, const RateLimits& limits) const {
  double worst = 0.0;
  for (Eigen::Index k = 0; k < duration_s_.size(); ++k) {
    worst = std::max(worst, std::abs(curve[k + 1] - curve[k]) / (limits.speed[k] * duration_s_[k]));
  }
  for (Eigen::Index k = 0; k < curvature_.rows(); ++k) {
    const double row = std::abs(curvature_.row(k) * curve.segment<3>(k));
    worst = std::max(worst, row / (limits.acceleration * curvature_bound_s2_[k]));
  }
  return worst;
}

Eigen::VectorXd RateLimiter::limit(const Eigen::VectorXd& wanted, const RateLimits& limits) const {
  const Eigen::Index n = wanted.size();
  const auto within = [&](const Eigen::VectorXd& x) {
    return x.cwiseMax(limits.lower).cwiseMin(limits.upper).eval();
  };
  Eigen::VectorXd curve = within(wanted);
  if (excess(curve, limits) <= 1.0) return curve;

  const Eigen::VectorXd step = kTightening * limits.speed.cwiseProduct(duration_s_);
  const Eigen::VectorXd bend = kTightening * limits.acceleration * curvature_bound_s2_;
  const auto slopes = [n](const Eigen::VectorXd& x) {
    return (x.tail(n - 1) - x.head(n - 1)).eval();
  };
  const auto bends = [&](const Eigen::VectorXd& x) {
    const Eigen::Index m = n - 2;
    return (curvature_.col(0).cwiseProduct(x.head(m)) +
            curvature_.col(1).cwiseProduct(x.segment(1, m)) +
            curvature_.col(2).cwiseProduct(x.tail(m)))
        .eval();
  };
  // Splittings z of the three groups of rows, and their scaled multipliers y.
  Eigen::VectorXd z0 = curve, z1 = slopes(curve), z2 = bends(curve);
  Eigen::VectorXd y0 = Eigen::VectorXd::Zero(n), y1 = 0.0 * z1, y2 = 0.0 * z2;
  for (int iteration = 0; iteration < kIterationsMax; ++iteration) {
    Eigen::VectorXd right = wanted + kPenalty * (z0 - y0);
    const Eigen::VectorXd r1 = kPenalty * (z1 - y1);
    const Eigen::VectorXd r2 = kPenalty * (z2 - y2);
    right.tail(n - 1) += r1;
    right.head(n - 1) -= r1;
    right.head(n - 2) += curvature_.col(0).cwiseProduct(r2);
    right.segment(1, n - 2) += curvature_.col(1).cwiseProduct(r2);
    right.tail(n - 2) += curvature_.col(2).cwiseProduct(r2);
    curve = solve(right);
    if (iteration % kIterationsPerCheck == 0 && excess(within(curve), limits) <= 1.0) break;
    const auto update = [](const Eigen::VectorXd& row, const Eigen::VectorXd& low,
                           const Eigen::VectorXd& high, Eigen::VectorXd& z, Eigen::VectorXd& y) {
      const Eigen::VectorXd relaxed = kRelaxation * row + (1.0 - kRelaxation) * z;
      z = (relaxed + y).cwiseMax(low).cwiseMin(high);
      y += relaxed - z;
    };
    update(curve, limits.lower, limits.upper, z0, y0);
    update(slopes(curve), -step, step, z1, y1);
    update(bends(curve), -bend, bend, z2, y2);
  }
  curve = within(curve);
  const double over = excess(curve, limits);
  if (over > 1.0) {
    const double lowest = limits.lower.maxCoeff();
    const double highest = std::max(limits.upper.minCoeff(), lowest);
    const double centre = std::clamp(curve.mean(), lowest, highest);
    curve = (centre + (curve.array() - centre) / over).matrix();
  }
  return curve;
}

}  // namespace exoactor
