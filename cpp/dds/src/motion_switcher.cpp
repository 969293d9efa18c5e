#include <dds/dds.h>

#include <exoactor/dds/message_types.hpp>
#include <exoactor/dds/motion_switcher.hpp>
#include <utility>

#include "unitree_api.h"

namespace exoactor {
namespace {

using Request = unitree_api_msg_dds__Request_;
using Response = unitree_api_msg_dds__Response_;

constexpr std::int64_t kApiVersion = 1, kCheckMode = 1001, kReleaseMode = 1003;
constexpr std::int32_t kNotImplemented = 3203;
constexpr Delivery kService{true, 8};

}  // namespace

MotionSwitcher::MotionSwitcher(const DdsParticipant& participant, std::string mode)
    : mode_(std::move(mode)),
      reader_(make_reader(participant, RobotTopic::kModeRequest, kService)),
      writer_(make_writer(participant, RobotTopic::kModeResponse, kService)) {}

MotionSwitcher::~MotionSwitcher() {
  dds_delete(reader_);
  dds_delete(writer_);
}

void MotionSwitcher::serve() {
  void* slot = nullptr;
  dds_sample_info_t info;
  while (dds_take(reader_, &slot, &info, 1, 1) > 0) {
    if (info.valid_data) {
      const auto& request = *static_cast<const Request*>(slot);
      std::string data;
      Response response{};
      response.header.identity = request.header.identity;
      switch (request.header.identity.api_id) {
        case kApiVersion:
          data = "1.0.0.1";
          break;
        case kCheckMode:
          data = R"({"form":"0","name":")" + mode_ + "\"}";
          break;
        case kReleaseMode:
          mode_.clear();
          break;
        default:
          response.header.status.code = kNotImplemented;
      }
      response.data = data.data();
      if (!request.header.policy.noreply) dds_write(writer_, &response);
    }
    dds_return_loan(reader_, &slot, 1);
  }
}

}  // namespace exoactor
