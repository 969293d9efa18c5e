#include <dds/dds.h>

#include <cstddef>
#include <exoactor/dds/message_types.hpp>
#include <memory>

#include "unitree_api.h"
#include "unitree_hg.h"

namespace exoactor {
namespace {

// The library writes and fills the messages of the wire room in place: same memory, byte by byte.
using GeneratedCmd = unitree_hg_msg_dds__LowCmd_;
using GeneratedState = unitree_hg_msg_dds__LowState_;
static_assert(sizeof(GeneratedCmd) == sizeof(LowCmd));
static_assert(offsetof(GeneratedCmd, motor_cmd) == offsetof(LowCmd, motors));
static_assert(offsetof(unitree_hg_msg_dds__MotorCmd_, q) == offsetof(WireMotorCommand, q));
static_assert(offsetof(unitree_hg_msg_dds__MotorCmd_, kd) == offsetof(WireMotorCommand, kd));
static_assert(offsetof(GeneratedCmd, crc) == offsetof(LowCmd, crc));
static_assert(sizeof(unitree_hg_msg_dds__IMUState_) == sizeof(WireImu));
static_assert(sizeof(unitree_hg_msg_dds__MotorState_) == sizeof(WireMotorState));
static_assert(sizeof(GeneratedState) == sizeof(LowState));
static_assert(offsetof(GeneratedState, tick) == offsetof(LowState, tick));
static_assert(offsetof(GeneratedState, imu_state) == offsetof(LowState, imu));
static_assert(offsetof(unitree_hg_msg_dds__IMUState_, temperature) ==
              offsetof(WireImu, temperature));
static_assert(offsetof(GeneratedState, motor_state) == offsetof(LowState, motors));
static_assert(offsetof(unitree_hg_msg_dds__MotorState_, temperature) ==
              offsetof(WireMotorState, temperature));
static_assert(offsetof(unitree_hg_msg_dds__MotorState_, motorstate) ==
              offsetof(WireMotorState, fault));
static_assert(offsetof(GeneratedState, wireless_remote) == offsetof(LowState, wireless_remote));
static_assert(offsetof(GeneratedState, crc) == offsetof(LowState, crc));

using Qos = std::unique_ptr<dds_qos_t, decltype(&dds_delete_qos)>;

Qos make_qos(const Delivery& delivery) {
  Qos qos(dds_create_qos(), &dds_delete_qos);
  dds_qset_history(qos.get(), DDS_HISTORY_KEEP_LAST, delivery.depth);
  dds_qset_reliability(
      qos.get(), delivery.reliable ? DDS_RELIABILITY_RELIABLE : DDS_RELIABILITY_BEST_EFFORT, 0);
  dds_qset_durability(qos.get(), DDS_DURABILITY_VOLATILE);
  return qos;
}

DdsHandle make_topic(const DdsParticipant& participant, RobotTopic topic) {
  struct Named {
    const dds_topic_descriptor_t* type;
    const char* name;
  };
  const auto named = [topic]() -> Named {
    switch (topic) {
      case RobotTopic::kLowCmd:
        return {&unitree_hg_msg_dds__LowCmd__desc, kLowCmdTopic};
      case RobotTopic::kLowState:
        return {&unitree_hg_msg_dds__LowState__desc, "rt/lowstate"};
      case RobotTopic::kBattery:
        return {&unitree_hg_msg_dds__BmsState__desc, "rt/lf/bmsstate"};
      case RobotTopic::kTorsoImu:
        return {&unitree_hg_msg_dds__IMUState__desc, "rt/secondary_imu"};
      case RobotTopic::kLeftHandState:
        return {&unitree_hg_msg_dds__HandState__desc, "rt/dex3/left/state"};
      case RobotTopic::kRightHandState:
        return {&unitree_hg_msg_dds__HandState__desc, "rt/dex3/right/state"};
      case RobotTopic::kModeRequest:
        return {&unitree_api_msg_dds__Request__desc, "rt/api/motion_switcher/request"};
      case RobotTopic::kModeResponse:
        return {&unitree_api_msg_dds__Response__desc, "rt/api/motion_switcher/response"};
    }
    return {nullptr, nullptr};
  }();
  return checked(dds_create_topic(participant.handle(), named.type, named.name, nullptr, nullptr),
                 named.name);
}

}  // namespace

DdsHandle make_reader(const DdsParticipant& participant, RobotTopic topic, const Delivery& delivery,
                      const void* listener) {
  return checked(
      dds_create_reader(participant.handle(), make_topic(participant, topic),
                        make_qos(delivery).get(), static_cast<const dds_listener_t*>(listener)),
      "reader");
}

DdsHandle make_writer(const DdsParticipant& participant, RobotTopic topic,
                      const Delivery& delivery) {
  return checked(dds_create_writer(participant.handle(), make_topic(participant, topic),
                                   make_qos(delivery).get(), nullptr),
                 "writer");
}

}  // namespace exoactor
