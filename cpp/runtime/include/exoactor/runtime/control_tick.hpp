#pragma once

#include <atomic>
#include <cstdint>
#include <exoactor/control/controller_switch.hpp>
#include <exoactor/control/standing_ramp.hpp>
#include <exoactor/estimation/foot_contacts.hpp>
#include <exoactor/estimation/state_estimator.hpp>
#include <exoactor/hal/latest_value.hpp>
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
/// A learned tracker runs elsewhere: it reads latest_state(), answers through offer_target(), and
/// drives once begin_tracking() has been granted.
///
/// One thread at a time, told by claim(). offer_plan() and begin_tracking() may be called from one
/// other thread; latest_state() and offer_target() from one more, or the same; what only reads
/// (guard_state(), driver(), plans_done()) from any.
class ControlTick {
 public:
  /// `gains` other than the default are for finding out what they change.
  ControlTick(std::shared_ptr<const RobotModel> model, const GuardLimits& limits,
              const WbcGains& gains = {});

  /// Answers `sensors` at `now_ns`, of a robot that tells `health` of itself; fills all of `record`
  /// but late_ns and took_ns. The command to send, if record.guard.may_send(), is record.sent.
  /// RT-safe.
  void step(const SensorState& sensors, const RobotHealth& health, std::int64_t now_ns,
            TickRecord& record) noexcept;

  /// Whoever supervises is alive, at `now_ns`. Once this was called it must be called again and
  /// again, else a task is stopped; from any thread. RT-safe.
  void beat(std::int64_t now_ns) noexcept {
    heartbeat_ns_.store(now_ns, std::memory_order_release);
  }

  /// Hands a plan to the controller. Empty, or why it is refused: the guard holds no robot up or
  /// has a concern, or the controller's reason.
  [[nodiscard]] std::string offer_plan(std::shared_ptr<const Plan> plan);

  /// Asks that the tracker whose targets are offered drives: it does from the next step in which
  /// the robot stands and a target is fresh. `joint_speed` rad/s: up to which the guard lets the
  /// joints move meanwhile, see Guard::raise_speed(). Empty, or why it is refused: the guard
  /// holds no robot up or has a concern, a plan or a tracker is under way, or the robot does not
  /// stand.
  [[nodiscard]] std::string begin_tracking(const JointVector& joint_speed);

  /// Hands over the tracker's newest target. RT-safe.
  void offer_target(const TrackerTarget& target) noexcept {
    targets_.write({target, ++targets_offered_});
  }

  /// The newest estimate; false before the first.
  [[nodiscard]] bool latest_state(RobotState& state) noexcept { return states_.read(state); }

  /// Which controller drives, as of the last step.
  Driver driver() const noexcept { return driver_.load(std::memory_order_acquire); }
  /// A controlled stop, see WholeBodyController::request_stop(); from any thread. RT-safe.
  /// A tracking that waits is dropped; one under way is for the tracker to end, see stop_asked().
  void request_stop() noexcept { stops_.fetch_add(1, std::memory_order_acq_rel); }

  /// Whether a controlled stop was asked for since the tracking began, or the guard wants one; the
  /// tracker then leads the
  /// robot to standing. From any thread.
  bool stop_asked() const noexcept {
    return guard_stops_.load(std::memory_order_acquire) ||
           stops_.load(std::memory_order_acquire) >
               stops_at_tracking_.load(std::memory_order_acquire);
  }

  /// As Guard::arm(), for a robot that stands on its feet; the controller starts anew. RT-safe.
  ArmOutcome arm(std::int64_t now_ns) noexcept;
  /// As Guard::pose(), for a robot that hangs upright; its joints are led to the standing posture,
  /// where arm() is for a robot that has been lowered onto its feet. While they are on their way
  /// feet that come to carry the robot end it in damping. RT-safe.
  ArmOutcome pose(std::int64_t now_ns) noexcept;
  /// Whether the standing posture is reached, in pose; from any thread.
  bool posed() const noexcept { return posed_.load(std::memory_order_acquire); }
  /// As Guard::damp(). RT-safe.
  void damp(std::int64_t now_ns) noexcept;
  /// As Guard::stop_for_good() and Guard::clear_emergency(). RT-safe.
  void stop_for_good(std::int64_t now_ns) noexcept;
  void clear_emergency() noexcept;
  /// As Guard::reset(); where that ends damping or silence, estimator and controller forget.
  /// RT-safe.
  void reset(std::int64_t now_ns) noexcept;

  const GuardStatus& guard_status() const noexcept { return guard_.status(); }
  /// Of the last attempt to arm or pose.
  const ArmOutcome& arm_outcome() const noexcept { return arm_outcome_; }

  /// The guard's state after the last call, from any thread.
  GuardState guard_state() const noexcept { return guard_state_.load(std::memory_order_acquire); }

  /// Whether there were plans or trackings since arming and all have ended, from any thread.
  bool plans_done() const noexcept;

  /// Takes the tick for one caller; false when another has it.
  [[nodiscard]] bool claim() noexcept {
    return !claimed_.exchange(true, std::memory_order_acq_rel);
  }
  void release() noexcept { claimed_.store(false, std::memory_order_release); }

 private:
  struct NumberedTarget {
    TrackerTarget target;
    std::int64_t number = 0;
  };

  void note(TickCall call, std::int64_t now_ns) noexcept;
  void sample_inputs() noexcept;
  void record_inputs(TickRecord& record) noexcept;
  void damp_for_controller(std::int64_t now_ns, TickRecord& record) noexcept;
  void control(const SensorState& sensors, std::int64_t now_ns, TickRecord& record) noexcept;
  void lead_to_posture(const SensorState& sensors, std::int64_t now_ns,
                       TickRecord& record) noexcept;
  void begin_driving() noexcept;
  void estimate(const SensorState& sensors, std::int64_t now_ns, TickRecord& record);
  void let_tracker_in(bool stands, std::int64_t now_ns) noexcept;
  void guard_for_driver() noexcept;
  void fill_context(const RobotHealth& health, std::int64_t now_ns, TickRecord& record) noexcept;
  void note_progress(const ControlTelemetry& telemetry, std::int64_t now_ns) noexcept;
  /// As this step sees it.
  bool is_task_under_way() const noexcept;
  /// Whether plans or trackings accepted have not ended; from any thread.
  bool has_open_plans() const noexcept;
  /// A driving tracker's target is so old that the guard says so itself.
  bool is_target_lost(std::int64_t now_ns) const noexcept;
  std::string find_refusal() const;
  void count_ended_plan(bool done) noexcept;
  void forget_plans() noexcept;
  void publish_state() noexcept;

  StateEstimator estimator_;
  FootContacts contacts_;
  std::int64_t estimated_ns_ = 0;
  ControllerSwitch controller_;
  Guard guard_;
  double weight_n_;
  StandingRamp ramp_;
  JointCommand last_wanted_;
  JointVector position_ = JointVector::Zero();  ///< rad, of the last usable sample
  std::int64_t sensor_stamp_ns_ = 0;
  bool usable_ = false;  ///< the last sample
  bool was_done_ = false;
  ArmOutcome arm_outcome_;
  std::atomic<GuardState> guard_state_{GuardState::kSilent};
  std::atomic<TripCause> concern_{TripCause::kNone};
  std::atomic<std::int64_t> heartbeat_ns_{0};
  std::int64_t progress_ns_ = 0;  ///< when the task last came forward
  double progress_s_ = 0.0;       ///< its reference time then
  int progress_steps_ = 0;        ///< its steps then
  bool was_task_ = false;
  std::atomic<bool> posed_{false};
  std::atomic<bool> guard_stops_{false};  ///< the guard wants a controlled stop
  std::atomic<Driver> driver_{Driver::kWholeBody};
  std::atomic<bool> standing_{false};  ///< on both feet, the whole-body controller holding
  LatestValue<NumberedTarget> targets_;
  NumberedTarget target_;
  std::int64_t targets_offered_ = 0;  ///< of the thread that offers
  LatestValue<RobotState> states_;
  TickInputs inputs_;  ///< of the step under way, calls since the last
  std::int64_t tick_index_ = 0;
  /// Belongs to the thread that asks for tracking until the request is set, then to step().
  JointVector tracker_speed_ = JointVector::Zero();
  std::int64_t tracking_number_ = 0;
  std::atomic<bool> tracking_requested_{false};
  bool tracking_seen_ = false;  ///< the request, as sampled by this step, until it is granted
  std::atomic<std::int64_t> stops_{0}, stops_at_tracking_{0};
  std::atomic<bool> claimed_{false};
  /// Plans and trackings accepted, ended, and accepted before the last arming or reset. The first
  /// is written by the thread that offers, the others by that of step().
  std::atomic<std::int64_t> plans_accepted_{0}, plans_ended_{0}, plans_forgotten_{0};
};

}  // namespace exoactor
