#include <exoactor/retarget/bounded_solver.hpp>

namespace exoactor {

bool BoundedSolver::solve(const NormalEquations& equations, const JointVector& lower,
                          const JointVector& upper, VariableVector& step) {
  constexpr double kTolerance = 1e-12;
  std::array<bool, kNumVariables> fixed{};
  step.setZero();
  for (int pass = 0; pass < kMaxPasses; ++pass) {
    matrix_ = equations.hessian.selfadjointView<Eigen::Lower>();
    right_side_ = equations.gradient;
    for (int i = 0; i < kNumVariables; ++i) {
      if (!fixed[i]) continue;
      right_side_.noalias() -= matrix_.col(i) * step[i];
      matrix_.col(i).setZero();
      matrix_.row(i).setZero();
      matrix_(i, i) = 1;
    }
    for (int i = 0; i < kNumVariables; ++i)
      if (fixed[i]) right_side_[i] = step[i];
    factor_.compute(matrix_);
    if (factor_.info() != Eigen::Success) {
      step.setZero();
      return false;
    }
    factor_.solveInPlace(right_side_);
    step = right_side_;
    bool changed = false;
    for (int joint = 0; joint < kNumJoints; ++joint) {
      double& value = step[6 + joint];
      const double bounded = std::min(std::max(value, lower[joint]), upper[joint]);
      if (std::abs(bounded - value) <= kTolerance) continue;
      value = bounded;
      changed = !fixed[6 + joint] || changed;
      fixed[6 + joint] = true;
    }
    if (!changed) break;
  }
  return true;
}

}  // namespace exoactor
