#include <algorithm>
#include <cmath>
#include <exoactor/runtime/control_tick.hpp>
#include <utility>

namespace exoactor {
namespace {

constexpr double kGravity = 9.81;

/// What no sensor of this robot truly says. A filter fed one bad number is lost for good: the guard
/// sees such a sample, nobody else. Far above what the guard allows, which acts after its debounce.
constexpr double kPositionBound = 10.0;  // rad
constexpr double kSpeedBound = 60.0;     // rad/s
constexpr double kTorqueBound = 300.0;   // Nm
constexpr double kGyroBound = 30.0;      // rad/s
constexpr double kAccelBound = 300.0;    // m/s^2
constexpr double kQuatNormError = 0.1;

/// False for a value that is not finite.
template <typename Vector>
bool is_below(const Vector& values, double bound) noexcept {
  return (values.array().abs() < bound).all();
}

bool is_usable(const SensorState& sensors) noexcept {
  return is_below(sensors.joint_position, kPositionBound) &&
         is_below(sensors.joint_velocity, kSpeedBound) &&
         is_below(sensors.joint_torque, kTorqueBound) &&
         is_below(sensors.gyro_in_imu, kGyroBound) && is_below(sensors.accel_in_imu, kAccelBound) &&
         std::abs(sensors.quat_world_imu_wxyz.norm() - 1.0) < kQuatNormError;
}

}  // namespace

ControlTick::ControlTick(std::shared_ptr<const RobotModel> model, const GuardLimits& limits,
                         const WbcGains& gains)
    : estimator_(model),
      controller_(model, gains),
      guard_(limits),
      weight_n_(kGravity * model->mass_kg()) {}

void ControlTick::step(const SensorState& sensors, const RobotHealth& health, std::int64_t now_ns,
                       TickRecord& record) noexcept {
  record.now_ns = now_ns;
  record.sensors = sensors;
  record.controller_failed = false;
  record.state = estimator_.state();
  record.telemetry = controller_.telemetry();
  sample_inputs();
  record.wanted = JointCommand{};
  record.wanted.stamp_ns = sensors.stamp_ns;
  sensor_stamp_ns_ = sensors.stamp_ns;
  usable_ = is_usable(sensors);
  if (usable_) position_ = sensors.joint_position;
  const GuardState state = guard_.status().state;
  if (usable_ && state != GuardState::kDamping) {
    control(sensors, now_ns, record);
  } else if (is_driven(state)) {
    record.wanted = last_wanted_;
  }
  fill_context(health, now_ns, record);
  record.guard = guard_.enforce(record.wanted, sensors, record.context, now_ns, record.sent);
  if (record.guard.wants_stop() && !guard_stops_) controller_.request_stop();
  guard_stops_.store(record.guard.wants_stop(), std::memory_order_release);
  record_inputs(record);
  publish_state();
}

void ControlTick::note(TickCall call, std::int64_t now_ns) noexcept {
  const auto last = static_cast<std::size_t>(inputs_.call_count);
  const bool asks = call == TickCall::kArm || call == TickCall::kPose;
  const bool asked_again =
      asks && last > 0 && inputs_.calls[last - 1] == call && !arm_outcome_.granted();
  if (!asked_again && inputs_.call_count == TickInputs::kMostCalls) {
    ++inputs_.lost_calls;
    return;
  }
  const std::size_t place = asked_again ? last - 1 : last;
  inputs_.calls[place] = call;
  inputs_.call_ns[place] = now_ns;
  inputs_.call_count = static_cast<int>(place) + 1;
}

void ControlTick::sample_inputs() noexcept {
  TickInputs& seen = inputs_;
  const std::int64_t targets = seen.targets, trackings = seen.trackings;
  tracking_seen_ = tracking_requested_.load(std::memory_order_acquire);
  if (tracking_seen_) {
    seen.trackings = tracking_number_;
    seen.tracking_speed = tracker_speed_;
    seen.stops_before_tracking = stops_at_tracking_.load(std::memory_order_acquire);
  }
  if (targets_.read(target_)) {
    seen.target = target_.target;
    seen.targets = target_.number;
  }
  const std::int64_t stops = stops_.load(std::memory_order_acquire);
  if (stops > std::max(seen.stops, seen.stops_forgotten)) controller_.request_stop();
  seen.fresh = seen.call_count > 0 || stops != seen.stops || seen.trackings != trackings ||
               seen.targets != targets;
  seen.stops = stops;
}

void ControlTick::record_inputs(TickRecord& record) noexcept {
  const std::int64_t plans = controller_.plans_seen();
  inputs_.fresh = inputs_.fresh || plans != inputs_.plans;
  inputs_.plans = plans;
  inputs_.fresh_ticks += inputs_.fresh;
  record.tick_index = tick_index_++;
  record.inputs = inputs_;
  record.arm = arm_outcome_;
  inputs_.calls.fill(TickCall::kNone);
  inputs_.call_ns.fill(0);
  inputs_.call_count = 0;
}

void ControlTick::damp_for_controller(std::int64_t now_ns, TickRecord& record) noexcept {
  record.controller_failed = true;
  guard_.damp(now_ns, TripCause::kController);
}

void ControlTick::fill_context(const RobotHealth& health, std::int64_t now_ns,
                               TickRecord& record) noexcept {
  GuardContext& context = record.context;
  context.health = health;
  context.task = is_task_under_way();
  context.heartbeat_ns = heartbeat_ns_.load(std::memory_order_acquire);
  note_progress(controller_.telemetry(), now_ns);
  context.progress_ns = progress_ns_;
  context.target_ns = controller_.driver() == Driver::kWholeBody ? 0 : inputs_.target.stamp_ns;
}

bool ControlTick::is_target_lost(std::int64_t now_ns) const noexcept {
  return controller_.driver() != Driver::kWholeBody &&
         now_ns - inputs_.target.stamp_ns > guard_.limits().target_age_ns;
}

void ControlTick::note_progress(const ControlTelemetry& telemetry, std::int64_t now_ns) noexcept {
  const bool task = is_task_under_way();
  const bool led = controller_.driver() == Driver::kTracker && !inputs_.target.ended;
  const bool forward = telemetry.reference_time_s != progress_s_ || led ||
                       telemetry.steps_done != progress_steps_ || task != was_task_;
  if (forward) progress_ns_ = now_ns;
  progress_s_ = telemetry.reference_time_s;
  progress_steps_ = telemetry.steps_done;
  was_task_ = task;
}

bool ControlTick::is_task_under_way() const noexcept {
  const ControlTelemetry& now = controller_.telemetry();
  const bool planned = now.has_plan && !now.done;
  return planned || tracking_seen_ || controller_.driver() != Driver::kWholeBody;
}

bool ControlTick::has_open_plans() const noexcept {
  return plans_ended_.load(std::memory_order_acquire) <
         plans_accepted_.load(std::memory_order_acquire);
}

void ControlTick::control(const SensorState& sensors, std::int64_t now_ns,
                          TickRecord& record) noexcept {
  try {
    estimate(sensors, now_ns, record);
    if (guard_.status().state == GuardState::kPose) lead_to_posture(sensors, now_ns, record);
    if (!is_armed(guard_.status().state)) return;
    const bool stands = inspect_stand(record.state, estimator_.footing(), weight_n_).granted();
    let_tracker_in(stands, now_ns);
    record.wanted = controller_.step(record.state, now_ns, stands);
    guard_for_driver();
    record.wanted.stamp_ns = sensors.stamp_ns;
    record.telemetry = controller_.telemetry();
    if (controller_.driver() == Driver::kTracker) record.telemetry.contact = contacts_.contact();
    last_wanted_ = record.wanted;
    standing_.store(stands && controller_.holding(), std::memory_order_release);
    count_ended_plan(record.telemetry.done);
    if (record.telemetry.status == ControlStatus::kFailed && !is_target_lost(now_ns)) {
      damp_for_controller(now_ns, record);
    }
  } catch (...) {
    damp_for_controller(now_ns, record);
  }
}

void ControlTick::lead_to_posture(const SensorState& sensors, std::int64_t now_ns,
                                  TickRecord& record) noexcept {
  record.wanted = ramp_.command(now_ns);
  record.wanted.stamp_ns = sensors.stamp_ns;
  last_wanted_ = record.wanted;
  const bool over = ramp_.is_over(now_ns);
  posed_.store(over, std::memory_order_release);
  if (!over && is_carried_by_feet(record.state, weight_n_)) damp_for_controller(now_ns, record);
}

void ControlTick::estimate(const SensorState& sensors, std::int64_t now_ns, TickRecord& record) {
  const auto standing = controller_.standing_feet(contacts_.contact());
  const bool sensed = controller_.driver() == Driver::kTracker;
  record.state = estimator_.update(sensors, standing, now_ns,
                                   sensed ? ContactSource::kSensed : ContactSource::kCommanded);
  if (sensed) {
    contacts_.update(estimator_, 1e-9 * static_cast<double>(now_ns - estimated_ns_));
  } else {
    contacts_.reset();
  }
  estimated_ns_ = now_ns;
  states_.write(record.state);
}

void ControlTick::let_tracker_in(bool stands, std::int64_t now_ns) noexcept {
  if (inputs_.targets > 0) controller_.receive(inputs_.target);
  if (!tracking_seen_) return;
  if (inputs_.stops > inputs_.stops_before_tracking || guard_stops_) {
    tracking_seen_ = false;
    tracking_requested_.store(false, std::memory_order_release);
    plans_ended_.fetch_add(1, std::memory_order_acq_rel);
  } else if (stands && controller_.begin_tracking(now_ns)) {
    guard_.raise_speed(tracker_speed_);
    tracking_seen_ = false;
    tracking_requested_.store(false, std::memory_order_release);
  }
}

void ControlTick::guard_for_driver() noexcept {
  const Driver now = controller_.driver();
  if (now == Driver::kWholeBody) guard_.restore_speed();
  driver_.store(now, std::memory_order_release);
}

std::string ControlTick::find_refusal() const {
  const GuardState state = guard_state();
  if (!is_armed(state)) {
    return std::string("guard is ") + to_string(state) + ", must be armed";
  }
  const TripCause concern = concern_.load(std::memory_order_acquire);
  if (concern == TripCause::kNone) return {};
  return std::string("guard has a concern, ") + to_string(concern);
}

std::string ControlTick::offer_plan(std::shared_ptr<const Plan> plan) {
  const std::string obstacle = find_refusal();
  if (!obstacle.empty()) return "plan: " + obstacle + "; plan refused";
  if (driver() != Driver::kWholeBody || tracking_requested_.load(std::memory_order_acquire)) {
    return "plan: a tracker drives; plan refused";
  }
  std::string refusal = controller_.offer_plan(std::move(plan));
  if (refusal.empty()) plans_accepted_.fetch_add(1, std::memory_order_acq_rel);
  return refusal;
}

std::string ControlTick::begin_tracking(const JointVector& joint_speed) {
  const std::string obstacle = find_refusal();
  if (!obstacle.empty()) return "tracker: " + obstacle + "; tracking refused";
  if (driver() != Driver::kWholeBody || tracking_requested_.load(std::memory_order_acquire)) {
    return "tracker: another tracking is under way; tracking refused";
  }
  if (has_open_plans()) {
    return "tracker: a plan is under way; tracking refused";
  }
  if (!standing_.load(std::memory_order_acquire)) {
    return "tracker: the robot does not stand still on both feet; tracking refused";
  }
  tracker_speed_ = joint_speed;
  ++tracking_number_;
  stops_at_tracking_.store(stops_.load(std::memory_order_acquire), std::memory_order_release);
  plans_accepted_.fetch_add(1, std::memory_order_acq_rel);
  tracking_requested_.store(true, std::memory_order_release);
  return {};
}

ArmOutcome ControlTick::arm(std::int64_t now_ns) noexcept {
  note(TickCall::kArm, now_ns);
  if (!usable_ || !guard_.can_arm(now_ns)) {
    arm_outcome_ = {ArmRefusal::kGuard, 0.0, 0.0, false};
    return arm_outcome_;
  }
  arm_outcome_ = inspect_stand(estimator_.state(), estimator_.footing(), weight_n_);
  if (arm_outcome_.granted() && guard_.arm(now_ns)) begin_driving();
  return arm_outcome_;
}

ArmOutcome ControlTick::pose(std::int64_t now_ns) noexcept {
  note(TickCall::kPose, now_ns);
  const bool may = usable_ && guard_.can_pose(now_ns);
  arm_outcome_ = may ? inspect_hang(estimator_.state(), weight_n_)
                     : ArmOutcome{ArmRefusal::kGuard, 0.0, 0.0, true};
  arm_outcome_.posing = true;
  if (!arm_outcome_.granted() || !guard_.pose(now_ns)) return arm_outcome_;
  ramp_.begin(position_, now_ns);
  begin_driving();
  return arm_outcome_;
}

void ControlTick::begin_driving() noexcept {
  controller_.reset();
  forget_plans();
  posed_.store(false, std::memory_order_release);
  last_wanted_ = JointCommand{};
  last_wanted_.stamp_ns = sensor_stamp_ns_;
  last_wanted_.damping = guard_.limits().damping_command;
  publish_state();
}

void ControlTick::damp(std::int64_t now_ns) noexcept {
  note(TickCall::kDamp, now_ns);
  guard_.damp(now_ns);
  publish_state();
}

void ControlTick::stop_for_good(std::int64_t now_ns) noexcept {
  note(TickCall::kStopForGood, now_ns);
  guard_.stop_for_good(now_ns);
  publish_state();
}

void ControlTick::clear_emergency() noexcept {
  note(TickCall::kClearEmergency, 0);
  guard_.clear_emergency();
  publish_state();
}

void ControlTick::reset(std::int64_t now_ns) noexcept {
  note(TickCall::kReset, now_ns);
  guard_.reset(now_ns);
  publish_state();
  if (guard_.status().state == GuardState::kDamping) return;
  estimator_.reset();
  controller_.reset();
  forget_plans();
}

bool ControlTick::plans_done() const noexcept {
  const std::int64_t accepted = plans_accepted_.load(std::memory_order_acquire);
  return accepted > plans_forgotten_.load(std::memory_order_acquire) &&
         plans_ended_.load(std::memory_order_acquire) >= accepted;
}

void ControlTick::count_ended_plan(bool done) noexcept {
  if (done && !was_done_) plans_ended_.fetch_add(1, std::memory_order_acq_rel);
  was_done_ = done;
}

void ControlTick::forget_plans() noexcept {
  tracking_requested_.store(false, std::memory_order_release);
  inputs_.stops_forgotten = stops_.load(std::memory_order_acquire);
  standing_.store(false, std::memory_order_release);
  driver_.store(controller_.driver(), std::memory_order_release);
  const std::int64_t accepted = plans_accepted_.load(std::memory_order_acquire);
  plans_forgotten_.store(accepted, std::memory_order_release);
  plans_ended_.store(accepted, std::memory_order_release);
  was_done_ = false;
}

void ControlTick::publish_state() noexcept {
  guard_state_.store(guard_.status().state, std::memory_order_release);
  concern_.store(guard_.status().concern.cause, std::memory_order_release);
}

}  // namespace exoactor
