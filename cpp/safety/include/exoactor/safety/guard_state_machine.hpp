#pragma once

#include <cstdint>
#include <exoactor/safety/guard_status.hpp>

namespace exoactor {

/// What moves the guard from one state to another.
enum class GuardEvent : std::uint8_t { kArm = 0, kTaskBegun, kTaskEnded, kFault, kReset, kPose };
inline constexpr int kGuardEvents = 6;

/// The state that `event` leads to from `state`; the same where it changes nothing.
constexpr GuardState next_state(GuardState state, GuardEvent event) noexcept {
  using S = GuardState;
  constexpr S kTable[kGuardStates][kGuardEvents] = {
      // arm, task begun, task ended, fault, reset, pose
      {S::kHold, S::kSilent, S::kSilent, S::kDamping, S::kSilent, S::kPose},         // silent
      {S::kHold, S::kRun, S::kHold, S::kDamping, S::kDamping, S::kHold},             // hold
      {S::kDamping, S::kDamping, S::kDamping, S::kDamping, S::kReady, S::kDamping},  // damping
      {S::kHold, S::kReady, S::kReady, S::kDamping, S::kSilent, S::kPose},           // ready
      {S::kRun, S::kRun, S::kHold, S::kDamping, S::kDamping, S::kRun},               // run
      {S::kHold, S::kPose, S::kPose, S::kDamping, S::kDamping, S::kPose},            // pose
  };
  return kTable[static_cast<int>(state)][static_cast<int>(event)];
}

/// The guard's states and latches, without its checks. Reads no clock. RT-safe. One thread.
class GuardStateMachine {
 public:
  /// How long a concern is remembered after it was last found; it never goes during a task.
  static constexpr std::int64_t kConcernMemory = 1'000'000'000;  // ns

  GuardState state() const noexcept { return state_; }
  const Trip& trip() const noexcept { return trip_; }
  const Trip& concern() const noexcept { return concern_; }
  bool stop_requested() const noexcept { return stop_requested_; }
  bool emergency() const noexcept { return emergency_; }

  /// Whether arm() is granted, as far as states and latches go. An emergency stop forbids it too:
  /// it is in damping, or a stop kept from before the first arming.
  bool can_arm() const noexcept { return may_begin(GuardEvent::kArm, GuardState::kHold); }
  /// Whether pose() is granted, likewise.
  bool can_pose() const noexcept { return may_begin(GuardEvent::kPose, GuardState::kPose); }

  /// To hold, trip forgotten. Refused (false) unless can_arm().
  [[nodiscard]] bool arm() noexcept {
    if (!can_arm()) return false;
    begin(GuardEvent::kArm);
    return true;
  }
  /// To pose, likewise.
  [[nodiscard]] bool pose() noexcept {
    if (!can_pose()) return false;
    begin(GuardEvent::kPose);
    return true;
  }

  /// Latches what leads to damping, and notes what asks for a controlled stop. Before the first
  /// arming nothing is sent, so that damping is no answer: the request is kept.
  void report(const Trip& found, std::int64_t now_ns) noexcept {
    const Reaction reaction = reaction_to(found.cause);
    if (reaction == Reaction::kControlledStop) note_concern(found, now_ns);
    if (reaction == Reaction::kEmergencyStop) emergency_ = true;
    if (reaction != Reaction::kDamp && reaction != Reaction::kEmergencyStop) return;
    if (state_ == GuardState::kDamping) return;
    if (!ever_driven_) {
      stop_requested_ = true;
    } else {
      move(GuardEvent::kFault);
    }
    trip_ = found;
    trip_.stamp_ns = now_ns;
  }

  /// Whether a plan or a tracker is under way now; forgets a concern that is over.
  void follow(bool task, std::int64_t now_ns) noexcept {
    move(task ? GuardEvent::kTaskBegun : GuardEvent::kTaskEnded);
    const bool over = now_ns - concern_ns_ >= kConcernMemory;
    if (over && state_ != GuardState::kRun) concern_ = Trip{};
  }

  /// One step down: driven to damping, damping to ready, ready to silent. An emergency stop keeps
  /// damping. Returns whether what led to damping was forgotten.
  bool reset(std::int64_t now_ns) noexcept {
    if (driven()) {
      report(Trip{TripCause::kRequested, -1, 0.0, 0.0, 0}, now_ns);
      return false;
    }
    if (emergency_) return false;
    move(GuardEvent::kReset);
    trip_ = Trip{};
    stop_requested_ = false;
    return true;
  }

  /// Lets go of an emergency stop. What is left of it is for reset() to forget.
  void clear_emergency() noexcept { emergency_ = false; }

 private:
  bool driven() const noexcept { return is_driven(state_); }

  bool may_begin(GuardEvent event, GuardState aim) const noexcept {
    const bool leads_there = state_ != aim && next_state(state_, event) == aim;
    return leads_there && !stop_requested_ && !concern_;
  }

  void begin(GuardEvent event) noexcept {
    move(event);
    trip_ = Trip{};
    ever_driven_ = true;
  }

  void move(GuardEvent event) noexcept { state_ = next_state(state_, event); }

  void note_concern(const Trip& found, std::int64_t now_ns) noexcept {
    concern_ns_ = now_ns;
    if (concern_) return;
    concern_ = found;
    concern_.stamp_ns = now_ns;
  }

  GuardState state_ = GuardState::kSilent;
  Trip trip_;
  Trip concern_;
  std::int64_t concern_ns_ = 0;
  bool stop_requested_ = false;
  bool emergency_ = false;
  bool ever_driven_ = false;
};

}  // namespace exoactor
