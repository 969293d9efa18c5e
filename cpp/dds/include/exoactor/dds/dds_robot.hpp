#pragma once

#include <atomic>
#include <cstdint>
#include <exoactor/dds/command_sender.hpp>
#include <exoactor/dds/dds_domain.hpp>
#include <exoactor/dds/driven_record.hpp>
#include <exoactor/dds/robot_listener.hpp>
#include <exoactor/dds/side_listener.hpp>
#include <exoactor/hal/robot_interface.hpp>
#include <optional>
#include <string>

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

/// A G1 on DDS, real or simulated.
///
/// Opening it sends nothing; the first message goes out with the first write(), which the loop
/// makes only when the guard lets it. Nothing is sent either before a robot of the configured
/// revision has been heard, or, as long as nothing was ever sent, while another program publishes
/// commands. Once commands have been sent write() never falls silent by itself.
///
/// What the robot and the link tell goes to the guard, which acts upon it. A robot that is not
/// usable (see RobotListener) gives no new measurements either, so that the guard would see their
/// age.
///
/// read(), read_health(), write() and let_go() are the loop's and RT-safe: they touch memory and a
/// semaphore, the library is called by threads of the link. The rest is for one supervising thread.
class DdsRobot final : public RobotInterface {
 public:
  /// `fifo_priority` is that of sending, 0 for none. `driven_record` names the file in which is
  /// kept that the robot is driven, for whoever damps it after this process; empty: nowhere. `cpu`
  /// is the loop's, on which sending then runs too; -1: on any. Throws std::invalid_argument for a
  /// revision without limits, std::runtime_error where the library refuses or the file cannot be
  /// had.
  DdsRobot(const DdsOptions& options, const IntakeLimits& limits, int fifo_priority,
           const std::string& driven_record, int cpu = -1);

  [[nodiscard]] bool read(SensorState& state) noexcept override { return listener_.read(state); }
  void read_health(RobotHealth& health) noexcept override { listener_.read_health(health); }
  void write(const JointCommand& command) noexcept override;
  void let_go() noexcept override;

  RobotListener& listener() noexcept { return listener_; }
  SideListener& side_listener() noexcept { return side_listener_; }
  RawRing<LowCmd>& raw_commands() noexcept { return sender_.raw_commands(); }
  DdsLinkCounts counts() noexcept;

 private:
  std::uint8_t mode_machine_;
  DdsParticipant participant_;
  RobotListener listener_;
  SideListener side_listener_;
  DdsHandle writer_;
  std::optional<DrivenRecord> record_;
  CommandSender sender_;
  LowCmd command_;
  bool speaking_ = false;  ///< a command has been handed to the sender
  std::atomic<std::int64_t> refused_{0};
};

}  // namespace exoactor
