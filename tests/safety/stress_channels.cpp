// What two threads share, hammered by both: to be run under ThreadSanitizer.

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <exoactor/hal/latest_value.hpp>
#include <exoactor/runtime/record_ring.hpp>
#include <thread>

namespace exoactor {
namespace {

constexpr std::int64_t kWrites = 20'000;

/// Every field derives from the stamp, so that a torn copy shows.
SensorState patterned(std::int64_t stamp) {
  SensorState state;
  state.stamp_ns = stamp;
  state.joint_position.setConstant(static_cast<double>(stamp));
  state.accel_in_imu.setConstant(static_cast<double>(-stamp));
  return state;
}

bool is_whole(const SensorState& state) {
  const auto value = static_cast<double>(state.stamp_ns);
  return (state.joint_position.array() == value).all() &&
         (state.accel_in_imu.array() == -value).all();
}

int stress_latest_value() {
  LatestValue<SensorState> shared;
  std::thread writer([&] {
    for (std::int64_t i = 1; i <= kWrites; ++i) shared.write(patterned(i));
  });
  int faults = 0;
  std::int64_t last = 0;
  SensorState state;
  while (last < kWrites) {
    if (!shared.read(state)) continue;
    faults += !is_whole(state) || state.stamp_ns < last;
    last = state.stamp_ns;
  }
  writer.join();
  return faults;
}

int stress_record_ring() {
  RecordRing ring(16);
  std::atomic<bool> ended{false};
  std::thread writer([&] {
    TickRecord record;
    for (std::int64_t i = 1; i <= kWrites; ++i) {
      record.now_ns = i;
      record.sensors = patterned(i);
      ring.push(record);
    }
    ended.store(true);
  });
  int faults = 0;
  std::int64_t last = 0;
  std::int64_t popped = 0;
  TickRecord record;
  for (;;) {
    const bool over = ended.load();
    while (ring.pop(record)) {
      faults += !is_whole(record.sensors) || record.now_ns <= last;
      last = record.now_ns;
      ++popped;
    }
    if (over) break;
  }
  writer.join();
  faults += popped + ring.dropped() != kWrites;
  return faults;
}

}  // namespace
}  // namespace exoactor

int main() {
  const int faults = exoactor::stress_latest_value() + exoactor::stress_record_ring();
  std::printf("%d faults\n", faults);
  return faults == 0 ? 0 : 1;
}
