#pragma once

#include <array>
#include <atomic>
#include <cstdint>

namespace exoactor {

/// The latest value from one writer thread to one reader thread: a triple buffer, wait-free on
/// both sides, never torn. Values that were not read in time are lost; that is the point. T is of
/// fixed size: copying it must not allocate.
template <typename T>
class LatestValue {
 public:
  /// Writer only. RT-safe where copying T is.
  void write(const T& value) noexcept {
    slots_[back_].value = value;
    back_ = middle_.exchange(back_ | kFresh, std::memory_order_acq_rel) & kIndex;
  }

  /// Reader only. Copies the latest value; false, and `value` untouched, before the first write.
  [[nodiscard]] bool read(T& value) noexcept {
    if (middle_.load(std::memory_order_relaxed) & kFresh) {
      front_ = middle_.exchange(front_, std::memory_order_acq_rel) & kIndex;
      any_ = true;
    }
    if (any_) value = slots_[front_].value;
    return any_;
  }

 private:
  static constexpr std::uint8_t kIndex = 3;
  static constexpr std::uint8_t kFresh = 4;

  /// On cache lines of its own, so that writer and reader do not slow each other.
  struct alignas(64) Slot {
    T value{};
  };

  std::array<Slot, 3> slots_{};
  std::atomic<std::uint8_t> middle_{1};
  alignas(64) std::uint8_t back_ = 0;
  alignas(64) std::uint8_t front_ = 2;
  bool any_ = false;
};

}  // namespace exoactor
