#include <algorithm>
#include <eiquadprog/eiquadprog-fast.hpp>
#include <exoactor/control/collision_avoidance.hpp>
#include <exoactor/control/reduced_dynamics.hpp>
#include <exoactor/control/wbc_cost.hpp>
#include <exoactor/control/wbc_limits.hpp>
#include <exoactor/control/wbc_qp.hpp>
#include <exoactor/control/wrench_cone.hpp>

namespace exoactor {
namespace {

/// Walking takes 15 at most; a hundred stay far below a millisecond.
constexpr int kMaxIterations = 80;
constexpr int kRelaxedMaxIterations = 40;
constexpr int kNoContact = -1;
constexpr int kNotFinite = -2;

/// min 1/2 x'Hx + g'x  s.t.  CI x + ci0 >= 0, for a fixed number of rows.
struct Solver {
  Solver(int rows, int max_iterations)
      : CI(Eigen::MatrixXd::Zero(rows, kReducedVariables)), ci0(Eigen::VectorXd::Zero(rows)) {
    algorithm.reset(kReducedVariables, 0, rows);
    algorithm.setMaxIter(max_iterations);
  }

  int solve(const Eigen::MatrixXd& H, const Eigen::VectorXd& g, Eigen::VectorXd& x) {
    const int status = algorithm.solve_quadprog(H, g, no_rows, no_offsets, CI, ci0, x);
    return status == 0 && !x.allFinite() ? kNotFinite : status;
  }

  Eigen::MatrixXd CI;
  Eigen::VectorXd ci0;
  Eigen::MatrixXd no_rows = Eigen::MatrixXd::Zero(0, kReducedVariables);
  Eigen::VectorXd no_offsets = Eigen::VectorXd::Zero(0);
  eiquadprog::solvers::EiquadprogFast algorithm;
};

}  // namespace

struct WbcQp::Problem {
  Problem(const RobotModel& model, const WbcGains& gains)
      : collisions(model),
        cone(gains.friction, gains.normal_force_weight, gains.tangential_force_weight) {
    WbcLimits::fill_fixed(full.CI);
  }

  CollisionAvoidance collisions;
  WrenchCone cone;
  ReducedDynamics dynamics;
  WbcCost cost;
  Eigen::MatrixXd H = Eigen::MatrixXd::Zero(kReducedVariables, kReducedVariables);
  Eigen::VectorXd g = Eigen::VectorXd::Zero(kReducedVariables);
  Eigen::VectorXd x = Eigen::VectorXd::Zero(kReducedVariables);
  Solver full{WbcLimits::kRows, kMaxIterations};
  Solver relaxed{WbcLimits::kContactRows, kRelaxedMaxIterations};
};

WbcQp::WbcQp(const RobotModel& model, const WbcGains& gains)
    : gains_(gains), problem_(std::make_unique<Problem>(model, gains)) {}

WbcQp::~WbcQp() = default;

void WbcQp::reset() {
  solution_ = WbcSolution();
  status_ = 0;
  iterations_ = 0;
}

QpLevel WbcQp::solve(const DynamicsData& dynamics, const RobotState& state,
                     const WholeBodyReference& reference) {
  Problem& problem = *problem_;
  iterations_ = 0;
  status_ = kNoContact;
  if (!reference.contact[kLeft] && !reference.contact[kRight]) return QpLevel::kNone;
  problem.dynamics.update(dynamics, reference.contact, gains_.stance_damping);
  problem.cost.fill(dynamics, problem.dynamics, state, reference, gains_, problem.cone, problem.H,
                    problem.g);
  status_ = kNotFinite;
  if (!problem.g.allFinite()) return QpLevel::kNone;
  WbcLimits::fill(problem.dynamics, state, reference, gains_, problem.cone, problem.full.CI,
                  problem.full.ci0);
  problem.collisions.fill(dynamics, problem.dynamics, gains_, WbcLimits::kCollisionRow,
                          problem.full.CI, problem.full.ci0);
  status_ = problem.full.solve(problem.H, problem.g, problem.x);
  iterations_ = problem.full.algorithm.getIteratios();
  if (status_ == 0) {
    accept(false);
    return QpLevel::kFull;
  }
  problem.relaxed.CI = problem.full.CI.topRows<WbcLimits::kContactRows>();
  problem.relaxed.ci0 = problem.full.ci0.head<WbcLimits::kContactRows>();
  const int relaxed_status = problem.relaxed.solve(problem.H, problem.g, problem.x);
  iterations_ += problem.relaxed.algorithm.getIteratios();
  if (relaxed_status != 0) return QpLevel::kNone;
  accept(true);
  return QpLevel::kRelaxed;
}

double WbcQp::smallest_gap_m() const { return problem_->collisions.smallest_gap_m(); }

void WbcQp::accept(bool cut_torque) {
  const ReducedDynamics& dynamics = problem_->dynamics;
  const ReducedVector x = problem_->x;
  solution_.acceleration = dynamics.acceleration(x);
  solution_.torque = dynamics.torque().at(x);
  for (int side : {kLeft, kRight}) {
    solution_.foot_wrench[side].setZero();
    if (dynamics.contact(side)) solution_.foot_wrench[side] = dynamics.foot_wrench(side).at(x);
  }
  if (!cut_torque) return;
  for (int joint = 0; joint < kNumJoints; ++joint) {
    const double limit = gains_.torque_share * kJointTable[joint].effort_nm;
    solution_.torque[joint] = std::clamp(solution_.torque[joint], -limit, limit);
  }
}

}  // namespace exoactor
