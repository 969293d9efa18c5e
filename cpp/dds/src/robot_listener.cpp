#include <dds/dds.h>

#include <algorithm>
#include <chrono>
#include <exoactor/dds/message_types.hpp>
#include <exoactor/dds/robot_listener.hpp>
#include <memory>

#include "unitree_hg.h"

namespace exoactor {
namespace {

using Listener = std::unique_ptr<dds_listener_t, decltype(&dds_delete_listener)>;

std::int64_t steady_now_ns() noexcept {
  return std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count();
}

BatteryState kept(const unitree_hg_msg_dds__BmsState_& message) noexcept {
  BatteryState battery;
  battery.charge_percent = message.soc;
  battery.health_percent = message.soh;
  battery.current_a = 1e-3 * message.current;
  std::copy(std::begin(message.bmsvoltage), std::end(message.bmsvoltage), battery.voltage.begin());
  std::copy(std::begin(message.cell_vol), std::end(message.cell_vol), battery.cell_voltage.begin());
  std::copy(std::begin(message.temperature), std::end(message.temperature),
            battery.temperature_c.begin());
  battery.cycles = message.cycle;
  return battery;
}

}  // namespace

RobotListener::RobotListener(const DdsParticipant& participant, const IntakeLimits& limits)
    : limits_(limits), watch_(participant), intake_(limits) {
  const Listener states(dds_create_listener(this), &dds_delete_listener);
  dds_lset_data_available(states.get(), &RobotListener::on_state);
  state_reader_ = make_reader(participant, RobotTopic::kLowState, kStateReader, states.get());
  const Listener batteries(dds_create_listener(this), &dds_delete_listener);
  dds_lset_data_available(batteries.get(), &RobotListener::on_battery);
  battery_reader_ = make_reader(participant, RobotTopic::kBattery, kStateReader, batteries.get());
}

RobotListener::~RobotListener() {
  dds_delete(battery_reader_);
  dds_delete(state_reader_);
}

void RobotListener::on_state(DdsHandle reader, void* self) {
  static_cast<RobotListener*>(self)->take_states(reader);
}

void RobotListener::on_battery(DdsHandle reader, void* self) {
  static_cast<RobotListener*>(self)->take_battery(reader);
}

void RobotListener::take_states(DdsHandle reader) noexcept {
  void* slot = &message_.message;
  dds_sample_info_t info;
  while (dds_take(reader, &slot, &info, 1, 1) > 0) {
    if (!info.valid_data) continue;
    message_.stamp_ns = steady_now_ns();
    raw_.push(message_);
    const bool accepted =
        intake_.accept(message_.message, message_.stamp_ns, fresh_, fresh_health_);
    const RobotFinding finding = judge();
    if (accepted && finding.problem == RobotProblem::kNone) measured_.write(fresh_);
    if (intake_.is_identified()) identified_.store(true, std::memory_order_release);
    finding_.write(finding);
    if (finding.problem != RobotProblem::kNone && !kept_ &&
        keeping_.load(std::memory_order_acquire)) {
      kept_ = true;
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

RobotFinding RobotListener::judge() const noexcept {
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

void RobotListener::take_battery(DdsHandle reader) noexcept {
  unitree_hg_msg_dds__BmsState_ message;
  void* slot = &message;
  dds_sample_info_t info;
  while (dds_take(reader, &slot, &info, 1, 1) > 0) {
    if (!info.valid_data) continue;
    charge_percent_.store(message.soc, std::memory_order_release);
    const std::int64_t now_ns = steady_now_ns();
    battery_.write({now_ns, message.soc, 1e-3 * message.current});
    batteries_.push({now_ns, kept(message)});
  }
}

RobotFinding RobotListener::finding() noexcept {
  RobotFinding finding;
  static_cast<void>(finding_.read(finding));
  return finding;
}

RobotFinding RobotListener::first_finding() noexcept {
  RobotFinding finding{RobotProblem::kNone, -1, 0.0, 0.0};
  static_cast<void>(first_finding_.read(finding));
  return finding;
}

BatteryReading RobotListener::battery() noexcept {
  BatteryReading reading;
  static_cast<void>(battery_.read(reading));
  return reading;
}

IntakeCounts RobotListener::counts() noexcept {
  IntakeCounts counts;
  static_cast<void>(intake_counts_.read(counts));
  return counts;
}

int RobotListener::state_writers() const noexcept {
  dds_subscription_matched_status_t writers{};
  if (dds_get_subscription_matched_status(state_reader_, &writers) != DDS_RETCODE_OK) return 0;
  return static_cast<int>(writers.current_count);
}

}  // namespace exoactor
