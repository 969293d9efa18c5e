#pragma once

#include <Eigen/Core>
#include <exoactor/retarget/kinematics.hpp>

namespace exoactor {

/// Weighted least squares in the making: minimise the sum of weight * |J dx - residual|^2.
/// Only the lower triangle of `hessian` is kept.
struct NormalEquations {
  Eigen::Matrix<double, kNumVariables, kNumVariables> hessian;
  Eigen::Matrix<double, kNumVariables, 1> gradient;
  double cost = 0;  ///< the sum at dx = 0

  void clear() {
    cost = 0;
    hessian.setZero();
    gradient.setZero();
  }

  /// Adds three rows with one weight. RT-safe.
  void add(const SparseJacobian& jacobian, const Eigen::Vector3d& residual, double weight) {
    cost += weight * residual.squaredNorm();
    for (int a = 0; a < jacobian.size; ++a) {
      const Eigen::Vector3d scaled = weight * jacobian.value[a];
      gradient[jacobian.column[a]] += scaled.dot(residual);
      for (int b = 0; b <= a; ++b)
        entry(jacobian.column[a], jacobian.column[b]) += scaled.dot(jacobian.value[b]);
    }
  }

  /// Adds one row: the Jacobian projected on `direction`. RT-safe.
  void add_along(const SparseJacobian& jacobian, const Eigen::Vector3d& direction, double residual,
                 double weight) {
    cost += weight * residual * residual;
    std::array<double, 2 * kMaxChain + 6> row;
    for (int a = 0; a < jacobian.size; ++a) {
      row[a] = direction.dot(jacobian.value[a]);
      const double scaled = weight * row[a];
      gradient[jacobian.column[a]] += scaled * residual;
      for (int b = 0; b <= a; ++b)
        entry(jacobian.column[a], jacobian.column[b]) += scaled * row[b];
    }
  }

  /// Pulls one variable's step towards `residual`. RT-safe.
  void add_single(int variable, double residual, double weight) {
    cost += weight * residual * residual;
    hessian(variable, variable) += weight;
    gradient[variable] += weight * residual;
  }

 private:
  double& entry(int i, int j) { return i >= j ? hessian(i, j) : hessian(j, i); }
};

}  // namespace exoactor
