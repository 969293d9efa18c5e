#include <dds/dds.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <exoactor/dds/message_types.hpp>
#include <exoactor/dds/side_listener.hpp>
#include <memory>

#include "unitree_hg.h"

namespace exoactor {
namespace {

using Listener = std::unique_ptr<dds_listener_t, decltype(&dds_delete_listener)>;

std::int64_t steady_now_ns() noexcept {
  return std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count();
}

HandState kept(const unitree_hg_msg_dds__HandState_& message) noexcept {
  HandState hand;
  hand.motor_count = message.motor_state._length;
  const std::size_t count = std::min<std::size_t>(hand.motor_count, kHandMotors);
  std::memcpy(static_cast<void*>(hand.motors.data()), message.motor_state._buffer,
              count * sizeof(WireMotorState));
  return hand;
}

}  // namespace

SideListener::SideListener(const DdsParticipant& participant) {
  const Listener imu(dds_create_listener(this), &dds_delete_listener);
  dds_lset_data_available(imu.get(), &SideListener::on_torso_imu);
  torso_imu_reader_ = make_reader(participant, RobotTopic::kTorsoImu, kStateReader, imu.get());
  const Listener hands(dds_create_listener(this), &dds_delete_listener);
  dds_lset_data_available(hands.get(), &SideListener::on_hand);
  hand_readers_[kLeft] =
      make_reader(participant, RobotTopic::kLeftHandState, kStateReader, hands.get());
  hand_readers_[kRight] =
      make_reader(participant, RobotTopic::kRightHandState, kStateReader, hands.get());
}

SideListener::~SideListener() {
  for (const DdsHandle reader : hand_readers_) dds_delete(reader);
  dds_delete(torso_imu_reader_);
}

void SideListener::on_torso_imu(DdsHandle reader, void* self) {
  static_cast<SideListener*>(self)->take_torso_imu(reader);
}

void SideListener::on_hand(DdsHandle reader, void* self) {
  auto* listener = static_cast<SideListener*>(self);
  listener->take_hand(reader, reader == listener->hand_readers_[kRight] ? kRight : kLeft);
}

void SideListener::take_torso_imu(DdsHandle reader) noexcept {
  RawMessage<WireImu> next;
  void* slot = &next.message;
  dds_sample_info_t info;
  while (dds_take(reader, &slot, &info, 1, 1) > 0) {
    if (!info.valid_data) continue;
    next.stamp_ns = steady_now_ns();
    torso_imu_.push(next);
  }
}

void SideListener::take_hand(DdsHandle reader, Side side) noexcept {
  dds_sample_info_t info;
  for (void* sample = nullptr; dds_take(reader, &sample, &info, 1, 1) > 0; sample = nullptr) {
    if (info.valid_data) {
      const auto& message = *static_cast<const unitree_hg_msg_dds__HandState_*>(sample);
      hands_[side].push({steady_now_ns(), kept(message)});
    }
    dds_return_loan(reader, &sample, 1);
  }
}

}  // namespace exoactor
