#pragma once

#include <atomic>
#include <cstdint>
#include <exoactor/hal/latest_value.hpp>
#include <exoactor/hal/robot_interface.hpp>
#include <exoactor/runtime/clock.hpp>
#include <exoactor/runtime/control_tick.hpp>
#include <exoactor/runtime/cpu_latency_request.hpp>
#include <exoactor/runtime/lateness.hpp>
#include <exoactor/runtime/record_ring.hpp>
#include <memory>
#include <optional>
#include <string>
#include <thread>

namespace exoactor {

struct LoopOptions {
  std::int64_t period_ns = 2'000'000;
  std::int64_t late_ns = 200'000;  ///< a tick that begins later than this counts as late
  int fifo_priority = 80;          ///< SCHED_FIFO priority; 0 leaves the scheduler alone
  bool lock_memory = true;         ///< mlockall for the life of the loop
  int cpu = -1;                    ///< the thread runs on this one only; -1: on any
  bool keep_awake = true;          ///< CpuLatencyRequest for the life of the loop
};

/// What the system granted the loop's thread; empty strings mean granted or not asked for.
struct LoopRights {
  std::string scheduler_refusal;
  std::string memory_refusal;
  std::string cpu_refusal;
  std::string awake_refusal;
};

/// Counts since start.
struct LoopCounts {
  std::int64_t ticks = 0;
  std::int64_t late_ticks = 0;      ///< began more than LoopOptions::late_ns after they were due
  std::int64_t missed_periods = 0;  ///< whole periods skipped after a stall
  std::int64_t blind_ticks = 0;     ///< the robot had not measured anything yet
  std::int64_t worst_late_ns = 0;
  std::int64_t dropped_records = 0;  ///< the ring was full
  LatenessBins lateness{};           ///< ticks by how late they began, see kLatenessEdges
};

/// A thread that runs the tick on an absolute clock. It never touches Python, allocates, locks,
/// logs or throws between start and stop.
///
/// The loop claims the tick from start to stop. Requests (arm, damp, reset ...) may come from any
/// one other thread; each is tried once, in the next tick, stops last. Whether arming was granted
/// shows in guard_status(), why not in arm_outcome(). After a stall missed periods are skipped,
/// never caught up in a burst.
class ControlLoop {
 public:
  ControlLoop(std::shared_ptr<RobotInterface> robot, std::shared_ptr<ControlTick> tick,
              std::shared_ptr<Clock> clock, std::shared_ptr<RecordRing> ring,
              const LoopOptions& options);
  ~ControlLoop();
  ControlLoop(const ControlLoop&) = delete;
  ControlLoop& operator=(const ControlLoop&) = delete;

  /// Starts the thread, once in a loop's life; returns what it was granted. Throws
  /// std::logic_error on a second start or when another has the tick.
  LoopRights start();

  /// Ends the thread; a robot that was ever driven is sent damping for the last 0.1 s.
  void stop();

  void request_arm() noexcept { arm_.store(true, std::memory_order_release); }
  void request_pose() noexcept { pose_.store(true, std::memory_order_release); }
  /// Takes an arming or posing back that no tick has tried yet; false when one has, or none was
  /// asked for.
  bool withdraw_arm() noexcept {
    const bool posing = pose_.exchange(false, std::memory_order_acq_rel);
    return arm_.exchange(false, std::memory_order_acq_rel) || posing;
  }
  void request_damp() noexcept { damp_.store(true, std::memory_order_release); }
  void request_emergency_stop() noexcept { emergency_.store(true, std::memory_order_release); }
  void request_clear_emergency() noexcept { clear_.store(true, std::memory_order_release); }
  /// As ControlTick::beat(), now; from any thread.
  void beat() noexcept { tick_->beat(clock_->now_ns()); }
  void request_reset() noexcept { reset_.store(true, std::memory_order_release); }

  bool is_running() const noexcept { return running_.load(std::memory_order_acquire); }

  /// The guard's status as of the last tick. One reading thread.
  GuardStatus guard_status() noexcept;

  /// The last attempt to arm or pose. One reading thread.
  ArmOutcome arm_outcome() noexcept;

  /// Attempts to arm or pose whose outcome shows in arm_outcome().
  std::int64_t arm_attempts() const noexcept {
    return arm_attempts_.load(std::memory_order_acquire);
  }

  /// Waits until every plan accepted since arming has ended or the guard is damping, at most
  /// `timeout_s`; whether that came.
  bool wait_done(double timeout_s) const;

  LoopCounts counts() const noexcept;

 private:
  void run(const LoopOptions& options) noexcept;
  void tick_once(std::int64_t due_ns, const LoopOptions& options) noexcept;
  void serve_requests(std::int64_t now_ns) noexcept;
  void damp_out(const LoopOptions& options) noexcept;

  std::shared_ptr<RobotInterface> robot_;
  std::shared_ptr<ControlTick> tick_;
  std::shared_ptr<Clock> clock_;
  std::shared_ptr<RecordRing> ring_;
  LoopOptions options_;
  std::optional<CpuLatencyRequest> awake_;
  std::thread thread_;
  std::atomic<bool> running_{false};
  std::atomic<bool> arm_{false}, pose_{false}, damp_{false}, reset_{false}, emergency_{false},
      clear_{false};
  LatestValue<GuardStatus> guard_status_;
  LatestValue<ArmOutcome> arm_outcome_;
  SensorState sensors_;
  RobotHealth health_;
  TickRecord record_;
  bool driven_ = false;   ///< a command was ever sent
  bool sending_ = false;  ///< in the last tick
  bool started_ = false;
  std::atomic<std::int64_t> arm_attempts_{0};
  std::atomic<std::int64_t> ticks_{0}, late_ticks_{0}, missed_periods_{0}, blind_ticks_{0},
      worst_late_ns_{0};
  LatenessHistogram lateness_;
};

}  // namespace exoactor
