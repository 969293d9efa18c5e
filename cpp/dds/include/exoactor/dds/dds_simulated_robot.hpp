#pragma once

#include <array>
#include <cstdint>
#include <exoactor/dds/dds_domain.hpp>
#include <exoactor/dds/motion_switcher.hpp>
#include <exoactor/dds/side_messages.hpp>
#include <exoactor/types/robot_health.hpp>
#include <exoactor/wire/command_gate.hpp>
#include <exoactor/wire/lossy_channel.hpp>
#include <exoactor/wire/low_state.hpp>
#include <memory>
#include <string>

namespace exoactor {

/// How the robot's end of the link behaves.
struct SimulatedLinkOptions {
  std::uint8_t mode_machine = 5;  ///< its true hardware revision
  std::int64_t command_timeout_ns = 100'000'000;
  double timeout_damping = 2.0;  ///< Nm s/rad, after the timeout
  std::uint64_t seed = 0;        ///< of the faults on the link
  std::string motion_mode;       ///< the factory's program that runs at start
};

/// The robot's end of the link for a simulation, which calls it once a control period: takes
/// commands through a CommandGate, publishes states and battery, answers the MotionSwitcher, and
/// does to both directions what it is told to. While a motion program runs commands are not obeyed.
/// One thread.
class DdsSimulatedRobot {
 public:
  /// Throws std::runtime_error where the library refuses.
  DdsSimulatedRobot(const DdsOptions& options, const SimulatedLinkOptions& link);
  ~DdsSimulatedRobot();

  /// Takes what has arrived; then what the motors do at `now_ns`, false as long as nothing moves
  /// them.
  [[nodiscard]] bool act(std::int64_t now_ns, JointCommand& command);

  /// Publishes what the sensors say.
  void publish(const SensorState& sensors, const RobotHealth& health, std::int64_t now_ns) noexcept;
  void publish_battery(int charge_percent) noexcept;
  void publish_torso_imu(const WireImu& imu) noexcept;
  /// A Dex3-1's motors, rad; makes that hand's publisher on first use. Throws std::runtime_error
  /// where the library refuses.
  void publish_hand(Side side, const std::array<double, kHandMotors>& position);

  void set_state_faults(const ChannelFaults& faults) noexcept { states_.set_faults(faults); }
  void set_command_faults(const ChannelFaults& faults) noexcept { commands_.set_faults(faults); }

  /// Another program that could command the motors appears or goes.
  void set_second_publisher(bool present);

  const CommandGate& gate() const noexcept { return gate_; }
  const std::string& motion_mode() const noexcept { return switcher_.mode(); }
  std::int64_t published() const noexcept { return published_; }
  /// Commands that came while a motion program ran.
  std::int64_t ignored() const noexcept { return ignored_; }

 private:
  void take_commands(std::int64_t now_ns) noexcept;

  DdsOptions options_;
  DdsParticipant participant_;
  MotionSwitcher switcher_;
  CommandGate gate_;
  LossyChannel<LowState> states_;
  LossyChannel<LowCmd> commands_;
  std::unique_ptr<DdsParticipant> second_publisher_;
  DdsHandle reader_ = 0, state_writer_ = 0, battery_writer_ = 0, torso_imu_writer_ = 0;
  std::array<DdsHandle, 2> hand_writers_{};
  std::int64_t published_ = 0;
  std::int64_t ignored_ = 0;
};

}  // namespace exoactor
