#pragma once

#include <atomic>
#include <cstdint>
#include <exoactor/dds/command_sender.hpp>
#include <exoactor/dds/dds_domain.hpp>
#include <exoactor/dds/publisher_watch.hpp>
#include <exoactor/hal/latest_value.hpp>
#include <exoactor/hal/robot_interface.hpp>
#include <exoactor/wire/state_intake.hpp>

namespace exoactor {

/// What went over the link since it was opened, and who is on it.
struct DdsLinkCounts {
  IntakeCounts states;
  std::int64_t sent = 0;          ///< commands
  std::int64_t replaced = 0;      ///< commands that a newer one overtook before they were sent
  std::int64_t refused = 0;       ///< commands not sent because the robot was not usable
  std::int64_t failed = 0;        ///< commands the library did not take
  int state_writers = 0;          ///< alive now, of rt/lowstate
  int command_readers = 0;        ///< alive now, of rt/lowcmd
  int other_command_writers = 0;  ///< alive now, of rt/lowcmd
};

/// The battery, as the robot last told it.
struct BatteryReading {
  std::int64_t stamp_ns = 0;  ///< 0: nothing heard
  int charge_percent = 0;
  double current_a = 0.0;
};

/// A G1 on DDS, real or simulated.
///
/// Opening it sends nothing; the first message goes out with the first write(), which the loop
/// makes only when the guard lets it. Nothing is sent either before a robot of the configured
/// revision has been heard, or, as long as nothing was ever sent, while another program publishes
/// commands. Once commands have been sent write() never falls silent by itself.
///
/// What the robot and the link tell goes to the guard, which acts upon it. A robot that is not
/// usable (see RobotProblem) gives no new measurements either, so that the guard would see their
/// age.
///
/// read(), read_health() and write() are the loop's and RT-safe: they touch memory and a semaphore,
/// the library is called by threads of the link. The rest is for one supervising thread.
class DdsRobot final : public RobotInterface {
 public:
  /// `fifo_priority` is that of sending, 0 for none. Throws std::invalid_argument for a revision
  /// without limits, std::runtime_error where the library refuses.
  DdsRobot(const DdsOptions& options, const IntakeLimits& limits, int fifo_priority);
  ~DdsRobot() override;

  [[nodiscard]] bool read(SensorState& state) noexcept override { return measured_.read(state); }
  void read_health(RobotHealth& health) noexcept override { static_cast<void>(told_.read(health)); }
  void write(const JointCommand& command) noexcept override;

  /// What keeps the robot from being usable now; kNone when nothing does. RT-safe.
  RobotFinding finding() noexcept;
  /// The first finding after commands were sent; kNone as long as there was none.
  RobotFinding first_finding() noexcept;
  /// The last health heard; false as long as there was none.
  [[nodiscard]] bool health(RobotHealth& health) noexcept { return health_.read(health); }
  BatteryReading battery() noexcept;
  DdsLinkCounts counts() noexcept;

 private:
  static void on_state(DdsHandle reader, void* self);
  static void on_battery(DdsHandle reader, void* self);
  void take_states(DdsHandle reader) noexcept;
  void take_battery(DdsHandle reader) noexcept;
  RobotFinding judge() const noexcept;

  IntakeLimits limits_;
  DdsParticipant participant_;
  PublisherWatch watch_;
  DdsHandle writer_;
  CommandSender sender_;
  LowCmd command_;
  bool speaking_ = false;  ///< a command has been handed to the sender
  std::atomic<bool> identified_{false};
  std::atomic<std::int64_t> refused_{0};

  // Of the library's receiving threads.
  StateIntake intake_;
  LowState message_;
  SensorState fresh_;
  RobotHealth fresh_health_;
  bool found_after_sending_ = false;
  std::atomic<int> charge_percent_{-1};
  DdsHandle state_reader_ = 0, battery_reader_ = 0;

  LatestValue<SensorState> measured_;
  LatestValue<RobotHealth> health_;
  LatestValue<RobotHealth> told_;  ///< the same, for the loop
  LatestValue<RobotFinding> finding_, first_finding_;
  LatestValue<IntakeCounts> intake_counts_;
  LatestValue<BatteryReading> battery_;
};

}  // namespace exoactor
