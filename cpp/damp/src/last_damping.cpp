#include <dds/dds.h>
#include <time.h>

#include <cstdio>
#include <exoactor/damp/last_damping.hpp>
#include <exoactor/dds/message_types.hpp>
#include <exoactor/dds/participant_id.hpp>
#include <exoactor/safety/guard_limits.hpp>
#include <exoactor/wire/low_codec.hpp>

namespace exoactor {
namespace {

constexpr std::int64_t kPeriod = 2'000'000;             // ns
constexpr std::int64_t kRivalSeenWithin = 100'000'000;  // ns
constexpr std::int64_t kSecond = 1'000'000'000;

LowCmd damping_message(std::uint8_t mode_machine) {
  JointCommand damping;
  damping.damping = default_guard_limits().damping_command;
  LowCmd message;
  encode_command(damping, mode_machine, message);
  return message;
}

bool has_reader(DdsHandle writer) noexcept {
  dds_publication_matched_status_t readers{};
  return dds_get_publication_matched_status(writer, &readers) == DDS_RETCODE_OK &&
         readers.current_count > 0;
}

}  // namespace

std::int64_t monotonic_ns() noexcept {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * kSecond + now.tv_nsec;
}

LastDamping::LastDamping(const DdsOptions& options) : participant_(options), watch_(participant_) {}

std::string LastDamping::run(DrivenView& record, double duration_s, std::int64_t ended_ns) {
  const LowCmd message = damping_message(record.content().mode_machine);
  const auto rivals = [this, known = record.publishers()] { return watch_.others_than(known); };
  const std::string refusal = "another program publishes motor commands; not damped";
  if (rivals() > 0) return refusal;
  record.add_publisher(participant_id(participant_.handle()));
  const DdsHandle writer = make_writer(participant_, RobotTopic::kLowCmd, kCommandWriter);
  const std::int64_t begin_ns = monotonic_ns();
  const auto duration_ns = static_cast<std::int64_t>(1e9 * duration_s);
  std::int64_t first_ns = 0;
  for (std::int64_t due_ns = begin_ns; due_ns < begin_ns + duration_ns; due_ns += kPeriod) {
    const std::int64_t now_ns = monotonic_ns();
    if (now_ns - (first_ns == 0 ? begin_ns : first_ns) < kRivalSeenWithin && rivals() > 0) {
      dds_delete(writer);
      return refusal;
    }
    const bool heard = has_reader(writer);
    if (dds_write(writer, &message) == DDS_RETCODE_OK && heard && first_ns == 0) {
      first_ns = now_ns;
      std::fprintf(stderr, "exoactor-damp: damping from %.1f ms after the end was noticed\n",
                   1e-6 * static_cast<double>(now_ns - ended_ns));
    }
    const timespec until{(due_ns + kPeriod) / kSecond, (due_ns + kPeriod) % kSecond};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr);
  }
  dds_delete(writer);
  record.let_go();
  return first_ns == 0 ? "no robot listens; not damped" : "";
}

}  // namespace exoactor
