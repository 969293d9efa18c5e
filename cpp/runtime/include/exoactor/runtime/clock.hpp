#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace exoactor {

/// Monotonic time and waiting on it; the only clock a loop reads.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual std::int64_t now_ns() noexcept = 0;
  /// Returns at `until_ns` or later.
  virtual void sleep_until(std::int64_t until_ns) noexcept = 0;
  /// Lets every present and future sleep return at once.
  virtual void interrupt() noexcept {}
};

/// CLOCK_MONOTONIC with absolute sleeps. RT-safe.
class RealClock final : public Clock {
 public:
  std::int64_t now_ns() noexcept override;
  void sleep_until(std::int64_t until_ns) noexcept override;
};

/// Time that moves only when told to, for tests. Not RT-safe.
class ManualClock final : public Clock {
 public:
  std::int64_t now_ns() noexcept override;
  void sleep_until(std::int64_t until_ns) noexcept override;
  void interrupt() noexcept override;
  void advance(std::int64_t duration_ns) noexcept;
  /// Waits until a thread sleeps on this clock, at most `timeout_s`; whether one does.
  bool wait_for_sleeper(double timeout_s) noexcept;

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::int64_t now_ns_ = 0;
  int sleepers_ = 0;
  bool interrupted_ = false;
};

}  // namespace exoactor
