#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace exoactor {

/// Records from one thread to one reader: a lock-free queue of fixed capacity. When it is full new
/// records are dropped and counted; the writer never waits. T is of fixed size: copying it must not
/// allocate.
template <typename T>
class SpscRing {
 public:
  static constexpr std::size_t kGreatestCapacity = 1'000'000;

  /// Throws std::invalid_argument unless `capacity` is 1 .. kGreatestCapacity.
  explicit SpscRing(std::size_t capacity = 2048) : slots_(checked(capacity) + 1) {}

  /// Writer only; false when full. RT-safe.
  bool push(const T& record) noexcept {
    const std::size_t tail = tail_.load(std::memory_order_relaxed);
    const std::size_t next = (tail + 1) % slots_.size();
    if (next == head_.load(std::memory_order_acquire)) {
      dropped_.fetch_add(1, std::memory_order_relaxed);
      return false;
    }
    slots_[tail] = record;
    tail_.store(next, std::memory_order_release);
    return true;
  }

  /// Reader only; false when empty.
  bool pop(T& record) noexcept {
    const std::size_t head = head_.load(std::memory_order_relaxed);
    if (head == tail_.load(std::memory_order_acquire)) return false;
    record = slots_[head];
    head_.store((head + 1) % slots_.size(), std::memory_order_release);
    return true;
  }

  std::int64_t dropped() const noexcept { return dropped_.load(std::memory_order_relaxed); }

 private:
  static std::size_t checked(std::size_t capacity) {
    if (capacity >= 1 && capacity <= kGreatestCapacity) return capacity;
    throw std::invalid_argument("record ring: capacity " + std::to_string(capacity) +
                                ", allowed 1 .. 1000000; no ring");
  }

  std::vector<T> slots_;
  alignas(64) std::atomic<std::size_t> head_{0};
  alignas(64) std::atomic<std::size_t> tail_{0};
  std::atomic<std::int64_t> dropped_{0};
};

}  // namespace exoactor
