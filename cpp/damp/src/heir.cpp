#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>

#include <chrono>
#include <cstdio>
#include <exoactor/damp/heir.hpp>
#include <exoactor/damp/last_damping.hpp>
#include <thread>

namespace exoactor {
namespace {

constexpr int kFail = 1;
constexpr std::int64_t kDiedWithin = 10'000'000'000;    // ns
constexpr std::int64_t kOthersDamping = 3'000'000'000;  // ns, beyond its duration
constexpr std::int64_t kEndsWithin = 3'000'000'000;     // ns, a driver without a supervisor
constexpr std::int64_t kLookEvery = 100'000'000;        // ns
constexpr std::int64_t kLookAgain = 2'000'000;          // ns, of a driver that lives alone
constexpr int kPriority = 85;  // above the driver's threads, which may take long to die

void rest(std::int64_t time_ns) { std::this_thread::sleep_for(std::chrono::nanoseconds(time_ns)); }

/// Whether the driver is dead; waits for its death at most `timeout_ns`.
bool is_dead(DrivenView& record, std::int64_t timeout_ns) {
  return !record.is_held() || record.has_died(timeout_ns);
}

bool is_driven(const DrivenView& record) { return record.content().driven.load() == 1; }

/// Whether a dead driver left the robot driven. One that nobody saw alive must have sent a short
/// while ago: who knows what has become of the robot since.
bool left_driven(const DrivenView& record, bool seen_alive) {
  const std::int64_t age_ns = monotonic_ns() - record.content().last_sent_ns.load();
  return is_driven(record) && (seen_alive || (age_ns >= 0 && age_ns <= kDiedWithin));
}

/// Whether a driver that lives ends, or lets go of the robot, within a while.
bool comes_to_its_end(DrivenView& record) {
  const std::int64_t begin_ns = monotonic_ns();
  while (is_driven(record) && !is_dead(record, kLookEvery)) {
    if (monotonic_ns() - begin_ns > kEndsWithin) return false;
    rest(kLookAgain);
  }
  return true;
}

/// Whether the right to this record's robot has come to this process. It is left to a supervisor
/// that has not had it yet.
bool inherit(DrivenView& record) {
  if (record.content().supervised.load() == 0 && record.is_held()) {
    rest(kLookEvery);
    return false;
  }
  return record.claim_right(kLookEvery);
}

/// Follows one driver to its end; damps if need be.
void stand_by(LastDamping& damping, DrivenView& record, const DampOptions& options) {
  while (!inherit(record)) {
    if (!record.is_current(options.record)) return;
  }
  bool seen_alive = false;
  while (!is_dead(record, kLookEvery)) {  // it lives without a supervisor
    seen_alive = true;
    rest(kLookAgain);
  }
  if (left_driven(record, seen_alive)) {
    report(damping.run(record, options.duration_s, monotonic_ns()));
  }
  record.give_right_back();
  while (record.is_current(options.record)) rest(kLookEvery);
}

}  // namespace

void claim_rights() {
  sched_param parameter{};
  parameter.sched_priority = kPriority;
  pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameter);
  mlockall(MCL_CURRENT | MCL_FUTURE);
}

int report(const std::string& refusal) {
  if (refusal.empty()) return 0;
  std::fprintf(stderr, "exoactor-damp: %s\n", refusal.c_str());
  return kFail;
}

int damp_after_stop(const DampOptions& options) {
  const std::int64_t begin_ns = monotonic_ns();
  DrivenView record;
  if (!record.open(options.record) || !is_driven(record)) return 0;
  const auto others_ns = kOthersDamping + static_cast<std::int64_t>(1e9 * options.duration_s);
  if (!record.claim_right(others_ns)) return report("another exoactor-damp watches; not damped");
  const bool seen_alive = !is_dead(record, kLookEvery);
  if (!comes_to_its_end(record)) return report("the driver lives; not damped");
  if (!left_driven(record, seen_alive)) return 0;
  claim_rights();
  LastDamping damping(options.dds);
  return report(damping.run(record, options.duration_s, begin_ns));
}

void stand_by(const DampOptions& options) {
  LastDamping damping(options.dds);
  claim_rights();
  std::fprintf(stderr, "exoactor-damp: standing by\n");
  for (;;) {
    DrivenView record;
    if (record.open(options.record)) {
      stand_by(damping, record, options);
    } else {
      rest(kLookEvery);
    }
  }
}

}  // namespace exoactor
