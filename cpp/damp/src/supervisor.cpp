#include <unistd.h>

#include <cstdio>
#include <exoactor/damp/child_process.hpp>
#include <exoactor/damp/heir.hpp>
#include <exoactor/damp/last_damping.hpp>
#include <exoactor/damp/supervisor.hpp>

namespace exoactor {
namespace {

constexpr int kLookEvery = 20;                        // ms
constexpr std::int64_t kLookWhileDriven = 5'000'000;  // ns
constexpr int kSilentLooks = 2;

/// Whether a driver that drives has sent nothing for too long, seen twice in a row.
class SilenceWatch {
 public:
  bool look(const DrivenContent& content) {
    const std::int64_t sent_ns = content.last_sent_ns.load();
    const bool silent = content.driven.load() == 1 && monotonic_ns() - sent_ns > kSilentWithin;
    looks_ = silent ? looks_ + 1 : 0;
    return looks_ >= kSilentLooks;
  }

 private:
  int looks_ = 0;
};

/// The record, once it is there, with the right to damp.
bool take_charge(DrivenView& record, const std::string& path) {
  if (!record.open(path) || !record.claim_right(0)) return false;
  record.tell_supervised();
  return true;
}

/// Runs the driver until it has ended, or has to be taken for dead.
void follow(ChildProcess& child, DrivenView& record, const std::string& path) {
  SilenceWatch silence;
  const auto end_it = [&child](const char* why) {
    std::fprintf(stderr, "exoactor-damp: %s; the driver is killed\n", why);
    child.kill_now();
  };
  for (;;) {
    const bool driven = take_charge(record, path) && record.content().driven.load() == 1;
    switch (child.wait(driven ? 0 : kLookEvery)) {
      case Wake::kChildEnded:
        return;
      case Wake::kEndAsked:
        child.pass_on();
        break;
      case Wake::kAbortAsked:
        return end_it("told to abort");
      case Wake::kTimeout:
        break;
    }
    if (!driven) continue;
    if (record.has_died(kLookWhileDriven)) return;
    if (silence.look(record.content())) return end_it("no command for 0.1 s");
  }
}

}  // namespace

int supervise(const DampOptions& options) {
  unlink(options.record.c_str());  // of an earlier process
  ChildProcess child(options.command);
  LastDamping damping(options.dds);
  claim_rights();
  DrivenView record;
  follow(child, record, options.record);
  const std::int64_t ended_ns = monotonic_ns();
  if (take_charge(record, options.record) && record.content().driven.load() == 1) {
    report(damping.run(record, options.duration_s, ended_ns));
    std::fprintf(stderr, "exoactor-damp: the driver had ended while it drove the robot\n");
  }
  return child.await_end();
}

}  // namespace exoactor
