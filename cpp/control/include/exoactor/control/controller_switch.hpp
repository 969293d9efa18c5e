#pragma once

#include <array>
#include <cstdint>
#include <exoactor/control/telemetry.hpp>
#include <exoactor/control/tracker_follower.hpp>
#include <exoactor/control/whole_body_controller.hpp>
#include <memory>
#include <string>

namespace exoactor {

/// The two controllers behind the interface of one. The whole-body controller drives unless a
/// tracker was let in; they change places only while the robot stands, blended in torque over
/// half a second.
///
/// One thread calls everything but `offer_plan` and `request_stop`. RT-safe.
class ControllerSwitch {
 public:
  explicit ControllerSwitch(std::shared_ptr<const RobotModel> model, const WbcGains& gains = {})
      : whole_body_(model, gains) {}

  /// The whole-body controller drives, started anew.
  void reset();

  /// As WholeBodyController::offer_plan. Allocates: not RT-safe.
  [[nodiscard]] std::string offer_plan(std::shared_ptr<const Plan> plan) {
    return whole_body_.offer_plan(std::move(plan));
  }

  /// As WholeBodyController::plans_seen.
  std::int64_t plans_seen() const { return whole_body_.plans_seen(); }

  /// As WholeBodyController::request_stop, from any thread.
  void request_stop() noexcept { whole_body_.request_stop(); }

  /// The newest target of the tracker.
  void receive(const TrackerTarget& target) { tracker_.receive(target); }

  /// Lets the tracker in, if its target is fresh and the whole-body controller holds; whether it
  /// did. Whether the robot stands is for the caller to see to.
  [[nodiscard]] bool begin_tracking(std::int64_t now_ns);

  /// The whole-body controller drives alone and follows no plan.
  bool holding() const;

  /// The command that answers `state`. `stands`: both feet on the ground, soles level. A tracker
  /// whose target has ended gives back once the robot has stood still for a while.
  const JointCommand& step(const RobotState& state, std::int64_t now_ns, bool stands);

  /// Feet that stand still: the estimator's contact flags for the next update. `sensed` are those
  /// that seem to, which a tracker has to go by.
  std::array<bool, 2> standing_feet(const std::array<bool, 2>& sensed) const;

  Driver driver() const { return driver_; }
  const ControlTelemetry& telemetry() const { return telemetry_; }

 private:
  void advance(const RobotState& state, std::int64_t now_ns, bool stands);
  void write_telemetry();

  WholeBodyController whole_body_;
  TrackerFollower tracker_;
  Driver driver_ = Driver::kWholeBody;
  double progress_ = 0.0;  ///< of the blend under way, 0 .. 1
  double calm_s_ = 0.0;    ///< how long the robot has stood still since the target ended
  bool tracked_ = false;   ///< the tracker has given back, and no plan has begun since
  std::int64_t last_ns_ = 0;
  JointCommand command_;
  ControlTelemetry telemetry_;
};

/// The command whose torque is (1 - share) that of `from` + share that of `to`, at any state.
void blend_commands(const JointCommand& from, const JointCommand& to, double share,
                    JointCommand& blended);

}  // namespace exoactor
