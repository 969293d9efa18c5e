#pragma once

#include <array>
#include <cstdint>
#include <exoactor/control/telemetry.hpp>
#include <exoactor/control/wbc_gains.hpp>
#include <exoactor/model/robot_model.hpp>
#include <exoactor/types/plan.hpp>
#include <exoactor/types/state.hpp>
#include <memory>
#include <string>

namespace exoactor {

/// Executes a Plan with a QP whole-body controller and DCM walking, and stands when there is none.
///
/// One thread calls `step`; one other thread may call `offer_plan`. Everything else belongs to the
/// thread of `step`.
class WholeBodyController {
 public:
  explicit WholeBodyController(std::shared_ptr<const RobotModel> model, const WbcGains& gains = {});
  ~WholeBodyController();

  /// Forgets plan, failures and motor targets; the next `step` holds the posture it finds, as long
  /// as both feet are on the ground. RT-safe.
  void reset();

  /// Hands over a plan. It starts at the next `step` in which the robot stands and holds; until
  /// then it waits. Returns an empty string, or in one line why the plan is refused: it is
  /// malformed, or another plan still waits. Allocates: not RT-safe.
  [[nodiscard]] std::string offer_plan(std::shared_ptr<const Plan> plan);

  /// Number of the newest plan that a `step` has found waiting, counted from 1 over the
  /// controller's life; a step looks once, when it begins.
  std::int64_t plans_seen() const;

  /// A controlled stop, asked for by any thread: from the next `step` until the robot holds, every
  /// plan under way or waiting ends at the next stand. RT-safe.
  void request_stop() noexcept;

  /// The command that answers `state`; one that is not finite counts as a failed QP. RT-safe:
  /// allocates nothing, reads no clock but the thread's CPU time.
  const JointCommand& step(const RobotState& state, std::int64_t now_ns);

  /// Feet that stand still at the end of the last step: the estimator's contact flags for the next.
  std::array<bool, 2> standing_feet() const;

  const ControlTelemetry& telemetry() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace exoactor
