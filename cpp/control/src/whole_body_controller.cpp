#include <time.h>

#include <algorithm>
#include <atomic>
#include <exoactor/control/feet_pose.hpp>
#include <exoactor/control/motor_targets.hpp>
#include <exoactor/control/plan_check.hpp>
#include <exoactor/control/plan_executor.hpp>
#include <exoactor/control/wbc_qp.hpp>
#include <exoactor/control/whole_body_controller.hpp>
#include <utility>

namespace exoactor {
namespace {

constexpr double kNominalPeriod = 0.002;    // s
constexpr double kShortestPeriod = 0.0005;  // s
constexpr double kLongestPeriod = 0.01;     // s
constexpr int kFailuresToDamping = 10;      // ticks in a row
constexpr int kRelaxedToDamping = 100;      // ticks in a row

double thread_cpu_us() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return 1e6 * static_cast<double>(now.tv_sec) + 1e-3 * static_cast<double>(now.tv_nsec);
}

bool is_finite(const RobotState& state) {
  return state.base_position_in_world.allFinite() && state.quat_world_base_wxyz.allFinite() &&
         state.quat_world_base_wxyz.squaredNorm() > 0.0 &&
         state.base_linear_velocity_in_world.allFinite() &&
         state.base_angular_velocity_in_base.allFinite() && state.joint_position.allFinite() &&
         state.joint_velocity.allFinite() && state.foot_force_in_world[kLeft].allFinite() &&
         state.foot_force_in_world[kRight].allFinite();
}

/// A plan with what is computed of it before it starts.
struct ReadyPlan {
  std::shared_ptr<const Plan> plan;
  double standing_com_height = 0.0;  ///< m above the soles
  std::int64_t number = 0;           ///< of those accepted, from 1
};

}  // namespace

struct WholeBodyController::Impl {
  Impl(std::shared_ptr<const RobotModel> robot, const WbcGains& gains)
      : model(std::move(robot)),
        data(model->make_data()),
        standing_data(model->make_data()),
        qp(*model, gains) {}

  void start_over(const RobotState& state);
  void stop();
  void look_for_plan();
  void take_plan();
  double tick_period(std::int64_t now_ns);
  void solve(const RobotState& state, double dt_s);
  void count(QpLevel level);
  void write_telemetry();

  std::shared_ptr<const RobotModel> model;
  std::unique_ptr<DynamicsData> data;
  std::unique_ptr<DynamicsData> standing_data;  ///< of the thread that offers plans
  WbcQp qp;
  PlanExecutor executor;
  MotorTargets motors;
  WholeBodyReference reference;
  JointCommand command;
  ControlTelemetry telemetry;
  RobotState last_state;  ///< the last that was finite
  bool usable = true;     ///< whether that is this tick's
  bool fresh = true;
  bool failed = false;
  int failures_in_a_row = 0;
  int relaxed_in_a_row = 0;  ///< or failed
  std::int64_t last_ns = 0;
  bool plan_waits = false;  ///< as this step found it
  std::int64_t plans_seen = 0;

  /// Hand-over: `offered` belongs to the offering thread until `waiting` is set, and to the thread
  /// of `step` until it is cleared. What `step` has finished with comes back through it.
  ReadyPlan offered;
  ReadyPlan active;
  std::int64_t plans_accepted = 0;  ///< of the offering thread
  std::atomic<bool> waiting{false};
  std::atomic<bool> stop_requested{false};
};

WholeBodyController::WholeBodyController(std::shared_ptr<const RobotModel> model,
                                         const WbcGains& gains)
    : impl_(std::make_unique<Impl>(std::move(model), gains)) {}

WholeBodyController::~WholeBodyController() = default;

void WholeBodyController::reset() {
  impl_->fresh = true;
  impl_->failed = false;
  impl_->failures_in_a_row = 0;
  impl_->relaxed_in_a_row = 0;
  impl_->telemetry = ControlTelemetry();
  impl_->waiting.store(false, std::memory_order_release);
  impl_->stop_requested.store(false, std::memory_order_release);
}

std::string WholeBodyController::offer_plan(std::shared_ptr<const Plan> plan) {
  if (plan == nullptr) return "plan: none given; plan refused";
  std::string defect = find_plan_defect(*plan);
  if (!defect.empty()) return defect;
  if (impl_->waiting.load(std::memory_order_acquire)) {
    return "plan: another plan still waits to start; plan refused";
  }
  RobotState standing;
  standing.joint_position = plan->standing_position;
  DynamicsData& data = *impl_->standing_data;
  impl_->model->update(standing, data);
  const double height = data.com_in_world.z() - measured_feet(data, FeetPose()).ground_z();
  impl_->offered = {std::move(plan), height, ++impl_->plans_accepted};
  impl_->waiting.store(true, std::memory_order_release);
  return {};
}

void WholeBodyController::request_stop() noexcept {
  impl_->stop_requested.store(true, std::memory_order_release);
}

const JointCommand& WholeBodyController::step(const RobotState& state, std::int64_t now_ns) {
  Impl& self = *impl_;
  const double start_us = thread_cpu_us();
  const double dt_s = self.tick_period(now_ns);
  self.look_for_plan();
  self.usable = is_finite(state);
  if (self.usable) {
    self.last_state = state;
    self.model->update(state, *self.data);
    self.telemetry.dynamics_us = thread_cpu_us() - start_us;
    if (self.fresh) self.start_over(state);
    self.take_plan();
    self.executor.update(*self.data, state.foot_force_in_world, dt_s, self.reference);
    if (self.stop_requested.load(std::memory_order_acquire)) self.stop();
  }
  self.solve(self.last_state, dt_s);
  self.command.stamp_ns = state.stamp_ns;
  self.telemetry.stamp_ns = now_ns;
  self.write_telemetry();
  self.telemetry.tick_us = thread_cpu_us() - start_us;
  return self.command;
}

void WholeBodyController::Impl::start_over(const RobotState& state) {
  fresh = false;
  executor.reset(*data, state.joint_position);
  motors.reset(state.joint_position);
  qp.reset();
}

double WholeBodyController::Impl::tick_period(std::int64_t now_ns) {
  const double dt_s = fresh ? kNominalPeriod : 1e-9 * static_cast<double>(now_ns - last_ns);
  last_ns = now_ns;
  return std::clamp(dt_s, kShortestPeriod, kLongestPeriod);
}

void WholeBodyController::Impl::stop() {
  executor.stop(*data);
  if (executor.holding() && !plan_waits) stop_requested.store(false, std::memory_order_release);
}

void WholeBodyController::Impl::look_for_plan() {
  plan_waits = waiting.load(std::memory_order_acquire);
  if (plan_waits) plans_seen = offered.number;
}

void WholeBodyController::Impl::take_plan() {
  if (failed || !executor.holding() || !plan_waits) return;
  std::swap(offered, active);
  executor.start(*active.plan, active.standing_com_height, *data);
  plan_waits = false;
  waiting.store(false, std::memory_order_release);
}

void WholeBodyController::Impl::solve(const RobotState& state, double dt_s) {
  const double start_us = thread_cpu_us();
  const QpLevel level = failed || !usable ? QpLevel::kNone : qp.solve(*data, state, reference);
  telemetry.qp_us = thread_cpu_us() - start_us;
  count(level);
  if (failed || fresh) {
    motors.damp(state, command);
    return;
  }
  const WbcSolution& solution = qp.solution();
  motors.update(state, solution.acceleration.tail<kNumJoints>(), solution.torque, dt_s, command);
}

void WholeBodyController::Impl::count(QpLevel level) {
  if (failed) return;
  failures_in_a_row = level == QpLevel::kNone ? failures_in_a_row + 1 : 0;
  relaxed_in_a_row = level == QpLevel::kFull ? 0 : relaxed_in_a_row + 1;
  telemetry.qp_failures += level == QpLevel::kNone;
  telemetry.qp_relaxed += level == QpLevel::kRelaxed;
  failed = failures_in_a_row >= kFailuresToDamping || relaxed_in_a_row >= kRelaxedToDamping;
  telemetry.status = failed                       ? ControlStatus::kFailed
                     : level == QpLevel::kFull    ? ControlStatus::kOk
                     : level == QpLevel::kRelaxed ? ControlStatus::kRelaxed
                                                  : ControlStatus::kHeldSolution;
}

void WholeBodyController::Impl::write_telemetry() {
  executor.write(telemetry);
  telemetry.com_in_world = data->com_in_world;
  telemetry.dcm_in_world = divergent_component(data->com_in_world, data->com_velocity_in_world);
  telemetry.contact = reference.contact;
  telemetry.qp_status = qp.status();
  telemetry.qp_iterations = qp.iterations();
  telemetry.smallest_gap_m = qp.smallest_gap_m();
  for (int side : {kLeft, kRight}) {
    telemetry.foot_position_in_world[side] = data->links[kLeftFootLink + side].position_in_world;
    telemetry.foot_target_in_world[side] = reference.feet[side].position_in_world;
    telemetry.planned_foot_force_in_world[side] = qp.solution().foot_wrench[side].head<3>();
  }
}

std::int64_t WholeBodyController::plans_seen() const { return impl_->plans_seen; }

std::array<bool, 2> WholeBodyController::standing_feet() const {
  return impl_->fresh ? std::array<bool, 2>{true, true} : impl_->executor.standing_feet();
}

const ControlTelemetry& WholeBodyController::telemetry() const { return impl_->telemetry; }

}  // namespace exoactor
