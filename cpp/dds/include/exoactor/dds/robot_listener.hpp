#pragma once

#include <atomic>
#include <cstdint>
#include <exoactor/dds/dds_domain.hpp>
#include <exoactor/dds/publisher_watch.hpp>
#include <exoactor/dds/raw_message.hpp>
#include <exoactor/dds/side_messages.hpp>
#include <exoactor/hal/latest_value.hpp>
#include <exoactor/wire/state_intake.hpp>

namespace exoactor {

/// The battery, as the robot last told it.
struct BatteryReading {
  std::int64_t stamp_ns = 0;  ///< 0: nothing heard
  int charge_percent = 0;
  double current_a = 0.0;
};

/// Hears a G1 on DDS and says whether it is usable. Makes no publisher and sends nothing.
///
/// A robot that is not usable (see RobotProblem) gives no new measurements. read() is RT-safe and
/// for one thread; the rest is for one supervising thread, which may be another.
class RobotListener {
 public:
  /// Throws std::runtime_error where the library refuses. The participant must outlive it.
  RobotListener(const DdsParticipant& participant, const IntakeLimits& limits);
  ~RobotListener();
  RobotListener(const RobotListener&) = delete;
  RobotListener& operator=(const RobotListener&) = delete;

  /// The last measurement of a usable robot; false as long as there was none.
  [[nodiscard]] bool read(SensorState& state) noexcept { return measured_.read(state); }
  /// What that robot, usable or not, and the link last told; untouched as long as nothing was. For
  /// the thread that calls read(). RT-safe.
  void read_health(RobotHealth& health) noexcept { static_cast<void>(told_.read(health)); }
  /// Whether a robot of the configured revision has been heard. RT-safe.
  bool is_identified() const noexcept { return identified_.load(std::memory_order_acquire); }
  /// Publishers of motor commands alive now, other than this participant. RT-safe.
  int other_command_writers() const noexcept { return watch_.others(); }

  /// From now on the first finding is kept. RT-safe, any thread.
  void keep_first_finding() noexcept { keeping_.store(true, std::memory_order_release); }

  /// What keeps the robot from being usable now; kNone when nothing does. RT-safe.
  RobotFinding finding() noexcept;
  /// The first finding since it is kept; kNone as long as there was none.
  RobotFinding first_finding() noexcept;
  /// The last health heard; false as long as there was none.
  [[nodiscard]] bool health(RobotHealth& health) noexcept { return health_.read(health); }
  BatteryReading battery() noexcept;
  IntakeCounts counts() noexcept;
  /// Every state that came, whatever was thought of it; one reader.
  RawRing<LowState>& raw_states() noexcept { return raw_; }
  /// Every message of the battery; one reader.
  RawRing<BatteryState>& batteries() noexcept { return batteries_; }
  /// Publishers of states alive now.
  int state_writers() const noexcept;

 private:
  static void on_state(DdsHandle reader, void* self);
  static void on_battery(DdsHandle reader, void* self);
  void take_states(DdsHandle reader) noexcept;
  void take_battery(DdsHandle reader) noexcept;
  RobotFinding judge() const noexcept;

  IntakeLimits limits_;
  PublisherWatch watch_;
  std::atomic<bool> identified_{false}, keeping_{false};

  // Of the library's receiving threads.
  StateIntake intake_;
  RawMessage<LowState> message_;
  SensorState fresh_;
  RobotHealth fresh_health_;
  bool kept_ = false;
  std::atomic<int> charge_percent_{-1};
  DdsHandle state_reader_ = 0, battery_reader_ = 0;

  LatestValue<SensorState> measured_;
  LatestValue<RobotHealth> health_, told_;  ///< the same, one for each reader
  LatestValue<RobotFinding> finding_, first_finding_;
  LatestValue<IntakeCounts> intake_counts_;
  LatestValue<BatteryReading> battery_;
  RawRing<LowState> raw_{kRawMessages};
  RawRing<BatteryState> batteries_{kRawMessages};
};

}  // namespace exoactor
