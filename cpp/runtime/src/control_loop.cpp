#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <exoactor/hal/pin_thread.hpp>
#include <exoactor/runtime/control_loop.hpp>
#include <future>
#include <stdexcept>

namespace exoactor {
namespace {

constexpr std::int64_t kDampOut = 100'000'000;  // ns

std::string refusal(const char* what, int error) {
  return std::string(what) + ": " + std::strerror(error) + "; the loop runs without it";
}

/// Gives the calling thread SCHED_FIFO; empty, or why it was refused.
std::string claim_scheduler(int priority) {
  if (priority <= 0) return {};
  sched_param parameter{};
  parameter.sched_priority = priority;
  const int error = pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameter);
  return error == 0 ? std::string() : refusal("SCHED_FIFO", error);
}

/// Locks the process into memory. Future pages only where no limit could make later allocations of
/// the process fail.
std::string claim_memory(bool wanted) {
  if (!wanted) return {};
  rlimit limit{};
  getrlimit(RLIMIT_MEMLOCK, &limit);
  const int future = limit.rlim_cur == RLIM_INFINITY ? MCL_FUTURE : 0;
  return mlockall(MCL_CURRENT | future) == 0 ? std::string() : refusal("mlockall", errno);
}

/// Pins the calling thread to one processor; empty, or why that was refused.
std::string claim_cpu(int cpu) {
  const int error = pin_thread(cpu);
  return error == 0 ? std::string() : refusal("CPU pinning", error);
}

/// Keeps the processors awake while `request` lives; empty, or why that was refused.
std::string claim_wakefulness(bool wanted, std::optional<CpuLatencyRequest>& request) {
  if (!wanted) return {};
  const int error = request.emplace().error();
  return error == 0 ? std::string() : refusal("keeping processors awake", error);
}

}  // namespace

ControlLoop::ControlLoop(std::shared_ptr<RobotInterface> robot, std::shared_ptr<ControlTick> tick,
                         std::shared_ptr<Clock> clock, std::shared_ptr<RecordRing> ring,
                         const LoopOptions& options)
    : robot_(std::move(robot)),
      tick_(std::move(tick)),
      clock_(std::move(clock)),
      ring_(std::move(ring)),
      options_(options) {
  if (!robot_ || !tick_ || !clock_ || !ring_)
    throw std::invalid_argument("control loop: null part");
  if (options_.period_ns <= 0) throw std::invalid_argument("control loop: period_ns must be > 0");
}

ControlLoop::~ControlLoop() { stop(); }

LoopRights ControlLoop::start() {
  if (started_) throw std::logic_error("control loop: started twice; make a new loop");
  if (!tick_->claim()) {
    throw std::logic_error("control loop: the tick runs elsewhere; loop not started");
  }
  started_ = true;
  running_.store(true, std::memory_order_release);
  std::promise<LoopRights> granted;
  std::future<LoopRights> rights = granted.get_future();
  LoopRights whole;
  whole.awake_refusal = claim_wakefulness(options_.keep_awake, awake_);
  try {
    thread_ = std::thread([this, promise = std::move(granted), mine = std::move(whole)]() mutable {
      mine.scheduler_refusal = claim_scheduler(options_.fifo_priority);
      mine.memory_refusal = claim_memory(options_.lock_memory);
      mine.cpu_refusal = claim_cpu(options_.cpu);
      promise.set_value(std::move(mine));
      run(options_);
    });
  } catch (...) {
    awake_.reset();
    running_.store(false, std::memory_order_release);
    tick_->release();
    throw;
  }
  return rights.get();
}

void ControlLoop::stop() {
  running_.store(false, std::memory_order_release);
  clock_->interrupt();
  if (!thread_.joinable()) return;
  thread_.join();
  awake_.reset();
  tick_->release();
  if (options_.lock_memory) munlockall();
}

GuardStatus ControlLoop::guard_status() noexcept {
  GuardStatus status;
  if (!guard_status_.read(status)) return GuardStatus{};
  return status;
}

ArmOutcome ControlLoop::arm_outcome() noexcept {
  ArmOutcome outcome;
  if (!arm_outcome_.read(outcome)) return ArmOutcome{};
  return outcome;
}

bool ControlLoop::wait_done(double timeout_s) const {
  const auto until = std::chrono::steady_clock::now() + std::chrono::duration<double>(timeout_s);
  while (tick_->guard_state() != GuardState::kDamping && !tick_->plans_done()) {
    if (!is_running() || std::chrono::steady_clock::now() >= until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

LoopCounts ControlLoop::counts() const noexcept {
  return LoopCounts{ticks_.load(),       late_ticks_.load(),    missed_periods_.load(),
                    blind_ticks_.load(), worst_late_ns_.load(), ring_->dropped(),
                    lateness_.bins()};
}

void ControlLoop::run(const LoopOptions& options) noexcept {
  std::int64_t due_ns = clock_->now_ns() + options.period_ns;
  while (running_.load(std::memory_order_acquire)) {
    clock_->sleep_until(due_ns);
    if (!running_.load(std::memory_order_acquire)) break;
    tick_once(due_ns, options);
    due_ns += options.period_ns;
    const std::int64_t behind_ns = clock_->now_ns() - due_ns;
    if (behind_ns > 0) {
      const std::int64_t missed = behind_ns / options.period_ns;
      missed_periods_.fetch_add(missed, std::memory_order_relaxed);
      due_ns += missed * options.period_ns;
    }
  }
  if (driven_) damp_out(options);
}

void ControlLoop::damp_out(const LoopOptions& options) noexcept {
  std::int64_t due_ns = clock_->now_ns();
  for (std::int64_t sent_ns = 0; sent_ns < kDampOut; sent_ns += options.period_ns) {
    static_cast<void>(robot_->read(sensors_));
    robot_->read_health(health_);
    const std::int64_t now_ns = clock_->now_ns();
    tick_->damp(now_ns);
    tick_->step(sensors_, health_, now_ns, record_);
    robot_->write(record_.sent);
    if (sent_ns == 0) ring_->push(record_);
    due_ns += options.period_ns;
    clock_->sleep_until(due_ns);
  }
  robot_->let_go();
  guard_status_.write(record_.guard);
}

void ControlLoop::tick_once(std::int64_t due_ns, const LoopOptions& options) noexcept {
  const std::int64_t woken_ns = clock_->now_ns();
  const std::int64_t late_ns = woken_ns - due_ns;
  ticks_.fetch_add(1, std::memory_order_relaxed);
  lateness_.add(late_ns);
  if (late_ns > options.late_ns) late_ticks_.fetch_add(1, std::memory_order_relaxed);
  if (late_ns > worst_late_ns_.load(std::memory_order_relaxed)) {
    worst_late_ns_.store(late_ns, std::memory_order_relaxed);
  }
  const bool seen = robot_->read(sensors_);
  robot_->read_health(health_);
  const std::int64_t now_ns = clock_->now_ns();  // after reading: no measurement is from the future
  serve_requests(now_ns);
  if (!seen) {
    blind_ticks_.fetch_add(1, std::memory_order_relaxed);
    guard_status_.write(tick_->guard_status());
    return;
  }
  tick_->step(sensors_, health_, now_ns, record_);
  if (record_.guard.may_send()) {
    robot_->write(record_.sent);
    driven_ = sending_ = true;
  } else if (sending_) {
    robot_->let_go();
    sending_ = false;
  }
  record_.late_ns = late_ns;
  record_.took_ns = clock_->now_ns() - woken_ns;
  ring_->push(record_);
  guard_status_.write(record_.guard);
}

void ControlLoop::serve_requests(std::int64_t now_ns) noexcept {
  if (clear_.exchange(false, std::memory_order_acq_rel)) tick_->clear_emergency();
  if (reset_.exchange(false, std::memory_order_acq_rel)) tick_->reset(now_ns);
  if (pose_.exchange(false, std::memory_order_acq_rel)) {
    arm_outcome_.write(tick_->pose(now_ns));
    arm_attempts_.fetch_add(1, std::memory_order_release);
  }
  if (arm_.exchange(false, std::memory_order_acq_rel)) {
    arm_outcome_.write(tick_->arm(now_ns));
    arm_attempts_.fetch_add(1, std::memory_order_release);
  }
  if (damp_.exchange(false, std::memory_order_acq_rel)) tick_->damp(now_ns);
  if (emergency_.exchange(false, std::memory_order_acq_rel)) tick_->stop_for_good(now_ns);
}

}  // namespace exoactor
