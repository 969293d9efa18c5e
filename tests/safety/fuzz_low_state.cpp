// libFuzzer: bytes become LowState messages, of which some get a right CRC; what the intake accepts
// goes through the guard.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exoactor/wire/crc32.hpp>
#include <exoactor/wire/low_codec.hpp>
#include <exoactor/wire/state_intake.hpp>

#include "invariants.hpp"
#include "rig.hpp"

namespace exoactor {
namespace {

void fail(const char* what) {
  std::printf("violated: %s\n", what);
  std::abort();
}

/// A good message, overwritten in places by the input.
LowState message_of(const std::uint8_t* data, std::size_t size, std::uint32_t tick_ms) {
  RobotHealth health = health_at(1);
  health.tick_ms = tick_ms;
  LowState message;
  encode_state(state_at(1), health, message);
  auto* bytes = reinterpret_cast<unsigned char*>(&message);
  for (std::size_t i = 0; i + 3 < size; i += 3) {
    const std::size_t at = (data[i] | static_cast<std::size_t>(data[i + 1]) << 8U) % sizeof message;
    bytes[at] = data[i + 2];
  }
  return message;
}

void play(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kChunk = 25;
  Guard guard(default_guard_limits());
  Invariants invariants;
  StateIntake intake{IntakeLimits{}};
  SensorState sensors;
  GuardContext context;
  JointCommand allowed;
  std::int64_t now_ns = kTick;
  std::uint32_t tick_ms = 0;
  for (std::size_t at = 0; at < size; at += kChunk, now_ns += kTick) {
    const bool whole = (data[at] & 1U) != 0;
    const bool asks = (data[at] & 2U) != 0;
    LowState message = message_of(data + at, std::min(kChunk, size - at), tick_ms += 2);
    if (whole) message.crc = message_crc(message);
    const bool accepted = intake.accept(message, now_ns, sensors, context.health);
    if (accepted && sensors.stamp_ns != now_ns) fail("stamp of an accepted message");
    if (accepted && message.mode_machine != kSupportedRevision) fail("revision");
    context.health.bad_crc = intake.counts().bad_crc;
    const bool armed = asks && guard.arm(now_ns);
    const GuardStatus status = guard.enforce(command_at(now_ns), sensors, context, now_ns, allowed);
    const char* fault = invariants.find_fault(guard, status, sensors, allowed, armed, false);
    if (fault != nullptr) fail(fault);
  }
  const IntakeCounts& counts = intake.counts();
  if (counts.received != counts.accepted + counts.bad_crc + counts.not_newer + counts.withheld) {
    fail("a message that was not counted");
  }
}

}  // namespace
}  // namespace exoactor

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  exoactor::play(data, size);
  return 0;
}
