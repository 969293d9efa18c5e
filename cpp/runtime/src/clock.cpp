#include <time.h>

#include <cerrno>
#include <chrono>
#include <exoactor/runtime/clock.hpp>

namespace exoactor {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

}  // namespace

std::int64_t RealClock::now_ns() noexcept {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * kSecond + now.tv_nsec;
}

void RealClock::sleep_until(std::int64_t until_ns) noexcept {
  const timespec until{until_ns / kSecond, until_ns % kSecond};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) == EINTR) {
  }
}

std::int64_t ManualClock::now_ns() noexcept {
  const std::lock_guard lock(mutex_);
  return now_ns_;
}

void ManualClock::sleep_until(std::int64_t until_ns) noexcept {
  std::unique_lock lock(mutex_);
  ++sleepers_;
  changed_.notify_all();
  changed_.wait(lock, [&] { return interrupted_ || now_ns_ >= until_ns; });
  --sleepers_;
}

void ManualClock::interrupt() noexcept {
  const std::lock_guard lock(mutex_);
  interrupted_ = true;
  changed_.notify_all();
}

void ManualClock::advance(std::int64_t duration_ns) noexcept {
  const std::lock_guard lock(mutex_);
  now_ns_ += duration_ns;
  changed_.notify_all();
}

bool ManualClock::wait_for_sleeper(double timeout_s) noexcept {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::duration<double>(timeout_s),
                           [&] { return sleepers_ > 0; });
}

}  // namespace exoactor
