#include <algorithm>
#include <exoactor/control/controller_switch.hpp>

namespace exoactor {
namespace {

constexpr double kBlendTime = 0.5;       // s
constexpr double kLongestTick = 0.01;    // s, counted of a blend
constexpr double kCalmTime = 0.1;        // s, of standing still before a tracker gives back
constexpr double kCalmBaseSpeed = 0.15;  // m/s
constexpr double kCalmJointSpeed = 1.0;  // rad/s

bool is_calm(const RobotState& state) {
  return state.base_linear_velocity_in_world.norm() < kCalmBaseSpeed &&
         state.joint_velocity.cwiseAbs().maxCoeff() < kCalmJointSpeed;
}

double smooth(double share) { return share * share * (3.0 - 2.0 * share); }

/// (1 - share) from * gain + share to * gain', over the blended gain; `from` where that is none.
JointVector weighted(const JointVector& from, const JointVector& from_gain, const JointVector& to,
                     const JointVector& to_gain, double share) {
  JointVector mean = from;
  for (int j = 0; j < kNumJoints; ++j) {
    const double before = (1.0 - share) * from_gain[j];
    const double after = share * to_gain[j];
    if (before + after > 0.0) mean[j] = (before * from[j] + after * to[j]) / (before + after);
  }
  return mean;
}

}  // namespace

void blend_commands(const JointCommand& from, const JointCommand& to, double share,
                    JointCommand& blended) {
  const auto mix = [share](const JointVector& a, const JointVector& b) -> JointVector {
    return (1.0 - share) * a + share * b;
  };
  blended.stamp_ns = from.stamp_ns;
  blended.position = weighted(from.position, from.stiffness, to.position, to.stiffness, share);
  blended.velocity = weighted(from.velocity, from.damping, to.velocity, to.damping, share);
  blended.torque = mix(from.torque, to.torque);
  blended.stiffness = mix(from.stiffness, to.stiffness);
  blended.damping = mix(from.damping, to.damping);
}

void ControllerSwitch::reset() {
  whole_body_.reset();
  tracker_.reset();
  driver_ = Driver::kWholeBody;
  tracked_ = false;
  telemetry_ = ControlTelemetry();
}

bool ControllerSwitch::holding() const {
  const ControlTelemetry& now = whole_body_.telemetry();
  return driver_ == Driver::kWholeBody && now.activity == Activity::kHold &&
         now.status == ControlStatus::kOk;
}

bool ControllerSwitch::begin_tracking(std::int64_t now_ns) {
  if (!holding() || !tracker_.is_fresh(now_ns)) return false;
  tracker_.reset();
  driver_ = Driver::kToTracker;
  progress_ = 0.0;
  tracked_ = false;
  last_ns_ = now_ns;
  return true;
}

const JointCommand& ControllerSwitch::step(const RobotState& state, std::int64_t now_ns,
                                           bool stands) {
  advance(state, now_ns, stands);
  const bool blending = driver_ == Driver::kToTracker || driver_ == Driver::kToWholeBody;
  if (driver_ == Driver::kWholeBody) {
    command_ = whole_body_.step(state, now_ns);
  } else if (driver_ == Driver::kTracker) {
    command_ = tracker_.step(state, now_ns);
  } else if (blending) {
    const JointCommand& own = whole_body_.step(state, now_ns);
    const JointCommand& learned = tracker_.step(state, now_ns);
    const bool leaving = driver_ == Driver::kToWholeBody;
    blend_commands(own, learned, smooth(leaving ? 1.0 - progress_ : progress_), command_);
  }
  write_telemetry();
  return command_;
}

void ControllerSwitch::advance(const RobotState& state, std::int64_t now_ns, bool stands) {
  const double elapsed_s = 1e-9 * static_cast<double>(now_ns - last_ns_);
  const double dt_s = std::clamp(elapsed_s, 0.0, kLongestTick);
  last_ns_ = now_ns;
  if (driver_ == Driver::kToTracker || driver_ == Driver::kToWholeBody) {
    progress_ = std::min(1.0, progress_ + dt_s / kBlendTime);
    if (progress_ < 1.0) return;
    tracked_ = driver_ == Driver::kToWholeBody;
    driver_ = tracked_ ? Driver::kWholeBody : Driver::kTracker;
    calm_s_ = 0.0;
  } else if (driver_ == Driver::kTracker) {
    const bool rests = tracker_.target().ended && stands && is_calm(state);
    calm_s_ = rests ? calm_s_ + dt_s : 0.0;
    if (calm_s_ < kCalmTime) return;
    whole_body_.reset();
    driver_ = Driver::kToWholeBody;
    progress_ = 0.0;
  }
}

std::array<bool, 2> ControllerSwitch::standing_feet(const std::array<bool, 2>& sensed) const {
  if (driver_ == Driver::kWholeBody) return whole_body_.standing_feet();
  return driver_ == Driver::kTracker ? sensed : std::array<bool, 2>{true, true};
}

void ControllerSwitch::write_telemetry() {
  const ControlTelemetry& own = whole_body_.telemetry();
  const ControlTelemetry& learned = tracker_.telemetry();
  if (driver_ == Driver::kWholeBody) {
    telemetry_ = own;
    tracked_ = tracked_ && !own.has_plan;
    if (tracked_) {
      telemetry_.has_plan = telemetry_.done = true;
      telemetry_.reference_time_s = learned.reference_time_s;
    }
  } else {
    telemetry_ = learned;
    telemetry_.has_plan = true;
    if (driver_ != Driver::kTracker && own.status != ControlStatus::kOk &&
        learned.status != ControlStatus::kFailed) {
      telemetry_.status = own.status;
    }
  }
  telemetry_.driver = driver_;
  telemetry_.late_ticks = learned.late_ticks;
}

}  // namespace exoactor
