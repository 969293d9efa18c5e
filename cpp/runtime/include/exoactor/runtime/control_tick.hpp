#pragma once

#include <cstdint>
#include <exoactor/control/whole_body_controller.hpp>
#include <exoactor/estimation/state_estimator.hpp>
#include <exoactor/runtime/tick_record.hpp>
#include <exoactor/safety/guard.hpp>
#include <memory>
#include <string>

namespace exoactor {

/// One tick, the same on every robot: estimate -> control -> enforce. What reads and writes the
/// robot, and when, is the caller's.
///
/// While silent only the estimator runs; the controller starts from what it finds when armed. Once
/// damping neither runs: nothing but the guard speaks.
class ControlTick {
 public:
  ControlTick(std::shared_ptr<const RobotModel> model, const GuardLimits& limits);

  /// Answers `sensors` at `now_ns`; fills all of `record` but late_ns and took_ns. The command to
  /// send, if record.guard.may_send(), is record.sent. RT-safe.
  void step(const SensorState& sensors, std::int64_t now_ns, TickRecord& record) noexcept;

  /// Hands a plan to the controller, from any one thread. Empty, or why it is refused.
  [[nodiscard]] std::string offer_plan(std::shared_ptr<const Plan> plan) {
    return controller_.offer_plan(std::move(plan));
  }

  /// As Guard::arm(), and the controller starts anew. RT-safe; thread of step() only.
  [[nodiscard]] bool arm(std::int64_t now_ns) noexcept;
  void damp(std::int64_t now_ns) noexcept { guard_.damp(now_ns); }
  /// Back to silent; estimator and controller forget. RT-safe; thread of step() only.
  void reset() noexcept;

  const GuardStatus& guard_status() const noexcept { return guard_.status(); }

 private:
  void control(const SensorState& sensors, std::int64_t now_ns, TickRecord& record) noexcept;

  StateEstimator estimator_;
  WholeBodyController controller_;
  Guard guard_;
};

}  // namespace exoactor
