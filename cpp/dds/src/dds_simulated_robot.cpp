#include <dds/dds.h>

#include <algorithm>
#include <exoactor/dds/dds_simulated_robot.hpp>
#include <exoactor/dds/message_types.hpp>
#include <exoactor/wire/low_codec.hpp>

#include "unitree_hg.h"

namespace exoactor {
namespace {

/// Every command is looked at: none may be overwritten between two periods of the simulation.
constexpr Delivery kCommandReader{false, 64};
constexpr Delivery kStateWriter{true, 1};

}  // namespace

DdsSimulatedRobot::DdsSimulatedRobot(const DdsOptions& options, const SimulatedLinkOptions& link)
    : options_(options),
      participant_(options),
      switcher_(participant_, link.motion_mode),
      gate_(link.mode_machine, link.command_timeout_ns, link.timeout_damping),
      states_(link.seed),
      commands_(link.seed + 1),
      reader_(make_reader(participant_, RobotTopic::kLowCmd, kCommandReader)),
      state_writer_(make_writer(participant_, RobotTopic::kLowState, kStateWriter)),
      battery_writer_(make_writer(participant_, RobotTopic::kBattery, kStateWriter)),
      torso_imu_writer_(make_writer(participant_, RobotTopic::kTorsoImu, kStateWriter)) {}

DdsSimulatedRobot::~DdsSimulatedRobot() = default;

void DdsSimulatedRobot::take_commands(std::int64_t now_ns) noexcept {
  LowCmd message;
  void* slot = &message;
  dds_sample_info_t info;
  while (dds_take(reader_, &slot, &info, 1, 1) > 0) {
    if (info.valid_data) commands_.send(message, now_ns);
  }
  while (commands_.receive(message, now_ns)) {
    if (!switcher_.mode().empty()) {
      ++ignored_;
    } else {
      gate_.take(message, now_ns);
    }
  }
}

bool DdsSimulatedRobot::act(std::int64_t now_ns, JointCommand& command) {
  switcher_.serve();
  take_commands(now_ns);
  return gate_.act(now_ns, command);
}

void DdsSimulatedRobot::publish(const SensorState& sensors, const RobotHealth& health,
                                std::int64_t now_ns) noexcept {
  LowState message;
  encode_state(sensors, health, message);
  states_.send(message, now_ns);
  while (states_.receive(message, now_ns)) {
    if (dds_write(state_writer_, &message) == DDS_RETCODE_OK) ++published_;
  }
}

void DdsSimulatedRobot::publish_battery(int charge_percent) noexcept {
  unitree_hg_msg_dds__BmsState_ message{};
  message.soc = static_cast<std::uint8_t>(std::clamp(charge_percent, 0, 100));
  message.soh = 100;
  dds_write(battery_writer_, &message);
}

void DdsSimulatedRobot::publish_torso_imu(const WireImu& imu) noexcept {
  dds_write(torso_imu_writer_, &imu);
}

void DdsSimulatedRobot::publish_hand(Side side, const std::array<double, kHandMotors>& position) {
  DdsHandle& writer = hand_writers_[side];
  if (writer == 0) {
    const auto topic = side == kLeft ? RobotTopic::kLeftHandState : RobotTopic::kRightHandState;
    writer = make_writer(participant_, topic, kStateWriter);
  }
  std::array<unitree_hg_msg_dds__MotorState_, kHandMotors> motors{};
  for (std::size_t i = 0; i < kHandMotors; ++i) motors[i].q = static_cast<float>(position[i]);
  unitree_hg_msg_dds__HandState_ message{};
  message.motor_state._buffer = motors.data();
  message.motor_state._length = message.motor_state._maximum = kHandMotors;
  dds_write(writer, &message);
}

void DdsSimulatedRobot::set_second_publisher(bool present) {
  if (!present) {
    second_publisher_.reset();
  } else if (!second_publisher_) {
    auto participant = std::make_unique<DdsParticipant>(options_);
    make_writer(*participant, RobotTopic::kLowCmd, kCommandWriter);
    second_publisher_ = std::move(participant);
  }
}

}  // namespace exoactor
