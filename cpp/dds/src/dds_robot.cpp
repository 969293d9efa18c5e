#include <dds/dds.h>

#include <algorithm>
#include <chrono>
#include <exoactor/dds/dds_robot.hpp>
#include <exoactor/dds/message_types.hpp>
#include <exoactor/wire/low_codec.hpp>
#include <memory>
#include <stdexcept>
#include <string>

#include "unitree_hg.h"

namespace exoactor {
namespace {

using Listener = std::unique_ptr<dds_listener_t, decltype(&dds_delete_listener)>;

std::int64_t steady_now_ns() noexcept {
  return std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count();
}

IntakeLimits supported(const IntakeLimits& limits) {
  if (is_supported_revision(limits.mode_machine)) return limits;
  throw std::invalid_argument("robot: hardware revision (mode_machine) " +
                              std::to_string(limits.mode_machine) +
                              " has no joint limits here, supported: 5; not connected");
}

}  // namespace

DdsRobot::DdsRobot(const DdsOptions& options, const IntakeLimits& limits, int fifo_priority)
    : limits_(supported(limits)),
      participant_(options),
      watch_(participant_),
      writer_(make_writer(participant_, RobotTopic::kLowCmd, kCommandWriter)),
      sender_(writer_, fifo_priority),
      intake_(limits) {
  const Listener states(dds_create_listener(this), &dds_delete_listener);
  dds_lset_data_available(states.get(), &DdsRobot::on_state);
  state_reader_ = make_reader(participant_, RobotTopic::kLowState, kStateReader, states.get());
  const Listener batteries(dds_create_listener(this), &dds_delete_listener);
  dds_lset_data_available(batteries.get(), &DdsRobot::on_battery);
  battery_reader_ = make_reader(participant_, RobotTopic::kBattery, kStateReader, batteries.get());
}

DdsRobot::~DdsRobot() {
  dds_delete(battery_reader_);
  dds_delete(state_reader_);
}

void DdsRobot::write(const JointCommand& command) noexcept {
  if (!identified_.load(std::memory_order_acquire) || (!speaking_ && watch_.others() > 0)) {
    refused_.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  speaking_ = true;
  encode_command(command, limits_.mode_machine, command_);
  sender_.hand(command_);
}

void DdsRobot::on_state(DdsHandle reader, void* self) {
  static_cast<DdsRobot*>(self)->take_states(reader);
}

void DdsRobot::on_battery(DdsHandle reader, void* self) {
  static_cast<DdsRobot*>(self)->take_battery(reader);
}

void DdsRobot::take_states(DdsHandle reader) noexcept {
  void* slot = &message_;
  dds_sample_info_t info;
  while (dds_take(reader, &slot, &info, 1, 1) > 0) {
    if (!info.valid_data) continue;
    const bool accepted = intake_.accept(message_, steady_now_ns(), fresh_, fresh_health_);
    const RobotFinding finding = judge();
    if (accepted && finding.problem == RobotProblem::kNone) measured_.write(fresh_);
    if (intake_.is_identified()) identified_.store(true, std::memory_order_release);
    finding_.write(finding);
    if (finding.problem != RobotProblem::kNone && !found_after_sending_ && sender_.handed() > 0) {
      found_after_sending_ = true;
      first_finding_.write(finding);
    }
    fresh_health_.bad_crc = intake_.counts().bad_crc;
    fresh_health_.other_publishers = watch_.others();
    fresh_health_.charge_percent = charge_percent_.load(std::memory_order_acquire);
    health_.write(fresh_health_);
    told_.write(fresh_health_);
    intake_counts_.write(intake_.counts());
  }
}

RobotFinding DdsRobot::judge() const noexcept {
  if (intake_.finding().problem != RobotProblem::kNone) return intake_.finding();
  const int others = watch_.others();
  if (others > 0) return {RobotProblem::kSecondPublisher, -1, static_cast<double>(others), 0.0};
  const int charge = charge_percent_.load(std::memory_order_acquire);
  if (charge >= 0 && charge < limits_.battery_percent) {
    return {RobotProblem::kLowBattery, -1, static_cast<double>(charge),
            static_cast<double>(limits_.battery_percent)};
  }
  return {RobotProblem::kNone, -1, 0.0, 0.0};
}

void DdsRobot::take_battery(DdsHandle reader) noexcept {
  unitree_hg_msg_dds__BmsState_ message;
  void* slot = &message;
  dds_sample_info_t info;
  while (dds_take(reader, &slot, &info, 1, 1) > 0) {
    if (!info.valid_data) continue;
    charge_percent_.store(message.soc, std::memory_order_release);
    battery_.write({steady_now_ns(), message.soc, 1e-3 * message.current});
  }
}

RobotFinding DdsRobot::finding() noexcept {
  RobotFinding finding;
  static_cast<void>(finding_.read(finding));
  return finding;
}

RobotFinding DdsRobot::first_finding() noexcept {
  RobotFinding finding{RobotProblem::kNone, -1, 0.0, 0.0};
  static_cast<void>(first_finding_.read(finding));
  return finding;
}

BatteryReading DdsRobot::battery() noexcept {
  BatteryReading reading;
  static_cast<void>(battery_.read(reading));
  return reading;
}

DdsLinkCounts DdsRobot::counts() noexcept {
  DdsLinkCounts counts;
  static_cast<void>(intake_counts_.read(counts.states));
  const std::int64_t handed = sender_.handed();
  counts.sent = sender_.sent();
  counts.failed = sender_.failed();
  counts.replaced = std::max<std::int64_t>(0, handed - counts.sent - counts.failed);
  counts.refused = refused_.load();
  counts.other_command_writers = watch_.others();
  dds_subscription_matched_status_t writers{};
  if (dds_get_subscription_matched_status(state_reader_, &writers) == DDS_RETCODE_OK) {
    counts.state_writers = static_cast<int>(writers.current_count);
  }
  dds_publication_matched_status_t readers{};
  if (dds_get_publication_matched_status(writer_, &readers) == DDS_RETCODE_OK) {
    counts.command_readers = static_cast<int>(readers.current_count);
  }
  return counts;
}

}  // namespace exoactor
