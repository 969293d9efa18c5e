#include <dds/dds.h>

#include <algorithm>
#include <chrono>
#include <exoactor/dds/dds_robot.hpp>
#include <exoactor/dds/message_types.hpp>
#include <exoactor/wire/low_codec.hpp>
#include <stdexcept>

namespace exoactor {
namespace {

std::int64_t steady_now_ns() noexcept {
  return std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count();
}

IntakeLimits supported(const IntakeLimits& limits) {
  if (is_supported_revision(limits.mode_machine)) return limits;
  throw std::invalid_argument("robot: hardware revision (mode_machine) " +
                              std::to_string(limits.mode_machine) +
                              " has no joint limits here, supported: 5; not connected");
}

std::optional<DrivenRecord> make_record(const std::string& path, const DdsParticipant& participant,
                                        std::uint8_t mode_machine) {
  if (path.empty()) return std::nullopt;
  return std::optional<DrivenRecord>(std::in_place, path, participant_id(participant.handle()),
                                     mode_machine);
}

}  // namespace

DdsRobot::DdsRobot(const DdsOptions& options, const IntakeLimits& limits, int fifo_priority,
                   const std::string& driven_record, int cpu)
    : mode_machine_(supported(limits).mode_machine),
      participant_(options),
      listener_(participant_, limits),
      side_listener_(participant_),
      writer_(make_writer(participant_, RobotTopic::kLowCmd, kCommandWriter)),
      record_(make_record(driven_record, participant_, mode_machine_)),
      sender_(writer_, fifo_priority, cpu, record_ ? &*record_ : nullptr) {}

void DdsRobot::write(const JointCommand& command) noexcept {
  if (!listener_.is_identified() || (!speaking_ && listener_.other_command_writers() > 0)) {
    refused_.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  if (!speaking_) listener_.keep_first_finding();
  speaking_ = true;
  if (record_) record_->touch(steady_now_ns());
  encode_command(command, mode_machine_, command_);
  sender_.hand(command_);
}

void DdsRobot::let_go() noexcept {
  if (record_) record_->let_go();
}

DdsLinkCounts DdsRobot::counts() noexcept {
  DdsLinkCounts counts;
  counts.states = listener_.counts();
  const std::int64_t handed = sender_.handed();
  counts.sent = sender_.sent();
  counts.failed = sender_.failed();
  counts.replaced = std::max<std::int64_t>(0, handed - counts.sent - counts.failed);
  counts.refused = refused_.load();
  counts.other_command_writers = listener_.other_command_writers();
  counts.state_writers = listener_.state_writers();
  dds_publication_matched_status_t readers{};
  if (dds_get_publication_matched_status(writer_, &readers) == DDS_RETCODE_OK) {
    counts.command_readers = static_cast<int>(readers.current_count);
  }
  return counts;
}

}  // namespace exoactor
