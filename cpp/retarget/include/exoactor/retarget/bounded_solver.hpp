#pragma once

#include <Eigen/Cholesky>
#include <exoactor/retarget/normal_equations.hpp>

namespace exoactor {

using VariableVector = Eigen::Matrix<double, kNumVariables, 1>;

/// Solves the normal equations with bounds on the joints' steps by an active set: variables that
/// leave their bounds are fixed on them and the rest is solved again.
class BoundedSolver {
 public:
  /// Step within [lower, upper] for the joint part; the root part is free. Returns false when the
  /// Hessian is not positive definite; `step` is then zero. RT-safe.
  [[nodiscard]] bool solve(const NormalEquations& equations, const JointVector& lower,
                           const JointVector& upper, VariableVector& step);

 private:
  static constexpr int kMaxPasses = 6;
  Eigen::Matrix<double, kNumVariables, kNumVariables> matrix_;
  VariableVector right_side_;
  Eigen::LLT<Eigen::Matrix<double, kNumVariables, kNumVariables>> factor_;
};

}  // namespace exoactor
