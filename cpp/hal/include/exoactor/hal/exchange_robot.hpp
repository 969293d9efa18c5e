#pragma once

#include <atomic>
#include <cstdint>
#include <exoactor/hal/latest_value.hpp>
#include <exoactor/hal/robot_interface.hpp>

namespace exoactor {

/// A robot whose other end is another thread of this process, a simulation or a test: it feeds
/// sensors and takes commands through two latest-value buffers. One thread on either end.
class ExchangeRobot final : public RobotInterface {
 public:
  [[nodiscard]] bool read(SensorState& state) noexcept override { return sensors_.read(state); }
  void read_health(RobotHealth& health) noexcept override {
    static_cast<void>(health_.read(health));
  }
  void write(const JointCommand& command) noexcept override {
    commands_.write(command);
    written_.fetch_add(1, std::memory_order_release);
  }

  /// The other end: publishes a measurement.
  void feed(const SensorState& state) noexcept { sensors_.write(state); }

  /// The other end: publishes what the robot tells of itself.
  void feed_health(const RobotHealth& health) noexcept { health_.write(health); }

  /// The other end: the latest command; false as long as there has been none.
  [[nodiscard]] bool take(JointCommand& command) noexcept { return commands_.read(command); }

  /// Commands written so far.
  std::int64_t commands_written() const noexcept {
    return written_.load(std::memory_order_acquire);
  }

 private:
  LatestValue<SensorState> sensors_;
  LatestValue<RobotHealth> health_;
  LatestValue<JointCommand> commands_;
  std::atomic<std::int64_t> written_{0};
};

}  // namespace exoactor
