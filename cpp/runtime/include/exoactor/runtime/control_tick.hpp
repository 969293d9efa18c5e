#pragma once

#include <atomic>
#include <cstdint>
#include <exoactor/control/whole_body_controller.hpp>
#include <exoactor/estimation/state_estimator.hpp>
#include <exoactor/runtime/arm_outcome.hpp>
#include <exoactor/runtime/tick_record.hpp>
#include <exoactor/safety/guard.hpp>
#include <memory>
#include <string>

namespace exoactor {

/// One tick, the same on every robot: estimate -> control -> enforce. What reads and writes the
/// robot, and when, is the caller's.
///
/// While silent only the estimator runs; the controller starts from what it finds when armed. Once
/// damping neither runs: nothing but the guard speaks. An implausible sample reaches neither; while
/// the guard counts such samples the last wanted command is repeated.
///
/// One thread at a time, told by claim(); offer_plan(), guard_state() and plans_done() may be
/// called from one other thread.
class ControlTick {
 public:
  ControlTick(std::shared_ptr<const RobotModel> model, const GuardLimits& limits);

  /// Answers `sensors` at `now_ns`; fills all of `record` but late_ns and took_ns. The command to
  /// send, if record.guard.may_send(), is record.sent. RT-safe.
  void step(const SensorState& sensors, std::int64_t now_ns, TickRecord& record) noexcept;

  /// Hands a plan to the controller. Empty, or why it is refused: the guard is not active, or the
  /// controller's reason.
  [[nodiscard]] std::string offer_plan(std::shared_ptr<const Plan> plan);

  /// A controlled stop, see WholeBodyController::request_stop(); from any thread. RT-safe.
  void request_stop() noexcept { controller_.request_stop(); }

  /// As Guard::arm(), for a robot that stands on its feet; the controller starts anew. RT-safe.
  ArmOutcome arm(std::int64_t now_ns) noexcept;
  /// As Guard::damp(). RT-safe.
  void damp(std::int64_t now_ns) noexcept;
  /// As Guard::reset(); unless that is a stop, estimator and controller forget. RT-safe.
  void reset(std::int64_t now_ns) noexcept;

  const GuardStatus& guard_status() const noexcept { return guard_.status(); }
  const ArmOutcome& arm_outcome() const noexcept { return arm_outcome_; }

  /// The guard's state after the last call, from any thread.
  GuardState guard_state() const noexcept { return guard_state_.load(std::memory_order_acquire); }

  /// Whether there were plans since arming and all of them have ended, from any thread.
  bool plans_done() const noexcept;

  /// Takes the tick for one caller; false when another has it.
  [[nodiscard]] bool claim() noexcept {
    return !claimed_.exchange(true, std::memory_order_acq_rel);
  }
  void release() noexcept { claimed_.store(false, std::memory_order_release); }

 private:
  void control(const SensorState& sensors, std::int64_t now_ns, TickRecord& record) noexcept;
  void count_ended_plan(bool done) noexcept;
  void forget_plans() noexcept;
  void publish_state() noexcept;

  StateEstimator estimator_;
  WholeBodyController controller_;
  Guard guard_;
  double weight_n_;
  JointCommand last_wanted_;
  std::int64_t sensor_stamp_ns_ = 0;
  bool usable_ = false;  ///< the last sample
  bool was_done_ = false;
  ArmOutcome arm_outcome_;
  std::atomic<GuardState> guard_state_{GuardState::kSilent};
  std::atomic<bool> claimed_{false};
  /// Plans accepted, ended, and accepted before the last arming or reset. The first is written by
  /// the thread that offers, the others by that of step().
  std::atomic<std::int64_t> plans_accepted_{0}, plans_ended_{0}, plans_forgotten_{0};
};

}  // namespace exoactor
